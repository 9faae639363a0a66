keruen simulate -p tests/support/mini --max-replications 20
