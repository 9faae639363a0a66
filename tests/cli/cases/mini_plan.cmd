keruen plan a-farm b-city -c barley -t 500 --ready 2024-03-04 --due 2024-04-01 -p tests/support/mini
