keruen assign -q -p tests/golden/nodus-mini/mini.nodus --costs all --od od_first,od_more --method logit --spread 1.5
