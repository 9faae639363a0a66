printf 'resource,load_a_day,wait_h\ng,1,1\ng,0,0\nh,0,x\n,0,1\nh,2\n' > $TMP_CASE/w.csv; cd $TMP_CASE; keruen assign -p $OLDPWD/tests/support/mini --delay w.csv
