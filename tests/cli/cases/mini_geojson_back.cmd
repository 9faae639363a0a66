keruen plan b-city a-farm -c barley -t 60 -r 2024-03-04 -p tests/support/mini -f geojson --max 1
