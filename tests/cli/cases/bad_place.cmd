keruen plan a-farn c-city -p tests/support/mini -c barley -t 100 --ready 2024-03-04
