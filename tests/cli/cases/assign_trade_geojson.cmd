keruen assign -p tests/support/mini -q -f geojson
