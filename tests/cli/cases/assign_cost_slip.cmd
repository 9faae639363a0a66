keruen assign -p tests/golden/nodus-mini/mini.nodus --costs rode --od od_first
