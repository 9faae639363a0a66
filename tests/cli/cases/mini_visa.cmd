keruen visa XB -n XA --purpose driver --via XC --date 2024-03-04 -p tests/support/mini
