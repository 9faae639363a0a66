keruen assign -q --package tests/golden/nodus-mini/mini.nodus --costs road --od od_first,od_more,od_first
