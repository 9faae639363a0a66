keruen simulate -p tests/support/mini -q -n 2
