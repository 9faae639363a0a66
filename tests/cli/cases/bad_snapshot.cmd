head -c 100 /dev/zero > $TMP_CASE/x.krn; cd $TMP_CASE; keruen find x -p x.krn
