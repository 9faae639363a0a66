keruen simulate -p tests/support/mini -q -n 1 --days 20 -f csv
