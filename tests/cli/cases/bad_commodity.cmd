keruen plan a-farm c-city -p tests/support/mini -c barlye -t 100 --ready 2024-03-04
