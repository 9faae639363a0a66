keruen simulate -p tests/support/mini --event "2029-03-01..2029-04-15 close b-gate"
