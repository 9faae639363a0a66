keruen demand -p tests/support/mini -f csv -o $TMP_CASE/a; keruen demand -p tests/support/mini --demand $TMP_CASE/a -f csv -o $TMP_CASE/b; cmp $TMP_CASE/a $TMP_CASE/b && cat $TMP_CASE/b
