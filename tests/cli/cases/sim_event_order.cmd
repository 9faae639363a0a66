keruen simulate -p tests/support/mini --event "2027-03-01..2027-02-15 close b-gate"
