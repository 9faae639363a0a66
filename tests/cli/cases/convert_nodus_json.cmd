P=$PWD; cd $TMP_CASE; keruen convert -q -f json nodus $P/tests/golden/nodus-small/small.nodus a
