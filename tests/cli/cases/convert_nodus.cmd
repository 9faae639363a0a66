P=$PWD; cd $TMP_CASE; keruen convert -q nodus $P/tests/golden/nodus-small/small.nodus a && ls a && cat a/od.csv a/node.csv
