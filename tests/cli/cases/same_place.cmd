keruen plan a-farm old-farm -p tests/support/mini -c barley -t 1 --ready 2024-03-04
