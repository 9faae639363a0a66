keruen plan a-spur b-city -c barley -t 60 -r 2024-03-04 -p tests/support/mini
