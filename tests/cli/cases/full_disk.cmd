keruen find XBCTY -p tests/support/mini > /dev/full
