P=$PWD; cd $TMP_CASE; keruen convert -q nodus $P/tests/golden/nodus-small/small.nodus a > /dev/null; keruen check a
