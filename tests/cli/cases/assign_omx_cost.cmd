keruen assign -p tests/golden/nodus-mini/mini.nodus --costs all --od od_first --omx b.omx
