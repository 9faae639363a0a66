keruen compile $TMP_CASE/m.krn -p tests/support/mini --date 2024-03-04 2>/dev/null && keruen plan a-farm b-city -c barley -t 500 --ready 2024-03-04 -p $TMP_CASE/m.krn -f csv
