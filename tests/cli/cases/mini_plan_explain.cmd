keruen plan a-farm b-city -c barley -t 500 --ready 2024-03-04 -p tests/support/mini --max 1 --explain
