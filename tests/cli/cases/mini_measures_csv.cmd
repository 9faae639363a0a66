keruen measures -p tests/support/mini --date 2024-03-04 -f csv
