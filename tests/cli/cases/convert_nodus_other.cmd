P=$PWD; cd $TMP_CASE; mkdir a; echo mine > a/note; keruen convert -q --force nodus $P/tests/golden/nodus-small/small.nodus a; echo $?; cat a/note
