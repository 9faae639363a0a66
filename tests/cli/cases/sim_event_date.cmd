keruen simulate -p tests/support/mini --event "2027-02-30..2027-04-15 close b-gate"
