keruen plan a-farm b-city -c barley -t 5 --ready 2024-03-04 --avoid "South Gate" -p tests/support/mini -f csv
