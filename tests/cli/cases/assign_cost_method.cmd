keruen assign -p tests/golden/nodus-mini/mini.nodus --costs all --od od_first --method so
