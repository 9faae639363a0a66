cp -r tests/support/mini $TMP_CASE/p; sed -i "2s/published/publisht/" $TMP_CASE/p/link.csv; cd $TMP_CASE; keruen check p -f json
