keruen find XBCTY -p tests/support/mini -f geojson
