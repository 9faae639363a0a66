P=$PWD; cd $TMP_CASE; keruen convert -q nodus $P/tests/golden/nodus-small/small.nodus a > /dev/null; sed -i 's/,1000$/,0/' a/od.csv; keruen check -f json a
