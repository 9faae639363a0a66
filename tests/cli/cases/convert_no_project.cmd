cd $TMP_CASE; keruen convert nodus none.nodus a; echo $?; keruen convert nodus none.shp a; echo $?; test -e a || echo nothing
