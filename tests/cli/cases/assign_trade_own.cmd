keruen demand -p tests/support/mini -f csv -o $TMP_CASE/d.csv; cd $TMP_CASE; keruen assign -p $OLDPWD/tests/support/mini -q --demand d.csv | head -9
