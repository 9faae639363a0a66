keruen plan a-farm b-city -c barley -t 500 --ready 2024-03-04 --avoid nowhere-at-all -p tests/support/mini
