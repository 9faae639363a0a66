keruen simulate --days 0 -p tests/support/mini
