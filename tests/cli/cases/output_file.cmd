keruen find XBCTY -p tests/support/mini -f csv -o $TMP_CASE/f.csv && cat $TMP_CASE/f.csv
