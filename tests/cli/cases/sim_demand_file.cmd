printf 'origin,destination,commodity,tonnes\na-farm,b-city,barley,many\nnowhere,b-city,barley,3\n' > $TMP_CASE/d.csv; R=$PWD; cd $TMP_CASE; keruen simulate -p $R/tests/support/mini --demand d.csv
