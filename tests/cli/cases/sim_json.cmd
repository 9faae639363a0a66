keruen simulate -p tests/support/mini -q -n 2 --days 60 -f json
