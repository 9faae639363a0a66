keruen plan a-farm c-city -p tests/support/mini -c barley -t 100 --ready 9999-12-31
