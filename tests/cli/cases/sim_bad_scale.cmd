keruen simulate --demand-scale -1 -p tests/support/mini -o $TMP_CASE/a; test -e $TMP_CASE/a && exit 99; keruen simulate --demand-scale -1 -p tests/support/mini
