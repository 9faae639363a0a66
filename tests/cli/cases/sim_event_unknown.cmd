keruen simulate -p tests/support/mini --event "2027-03-01..2027-04-15 close b-gaet" -o $TMP_CASE/a; code=$?; test ! -e $TMP_CASE/a && exit $code
