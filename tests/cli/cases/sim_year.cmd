keruen simulate -p tests/support/mini --year 1999
