for n in 1 2; do keruen simulate -p tests/support/mini -q -n 3 --threads $n -f json -o $TMP_CASE/$n; done; cmp $TMP_CASE/1 $TMP_CASE/2 && echo same
