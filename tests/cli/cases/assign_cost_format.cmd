keruen assign -q -p tests/golden/nodus-mini/mini.nodus --costs all --od od_first -f geojson
