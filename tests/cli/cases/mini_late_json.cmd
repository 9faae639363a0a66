keruen plan a-farm b-city -c barley -t 500 --ready 2024-03-04 --due 2024-03-05 -p tests/support/mini -f json
