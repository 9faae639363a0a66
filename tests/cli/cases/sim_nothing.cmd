keruen simulate -p tests/support/mini -q --demand-scale 0 -n 2 --days 30 -f json
