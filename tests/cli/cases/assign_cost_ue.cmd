keruen assign -q -p tests/golden/nodus-mini/mini.nodus --costs jam --od od_first --method ue -f json
