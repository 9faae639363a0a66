keruen convert visum tests/golden/nodus-small/small.nodus $TMP_CASE/a
