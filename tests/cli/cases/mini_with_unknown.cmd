keruen plan a-farm b-city -c barley -t 500 --ready 2024-03-04 --with m-spru -p tests/support/mini
