keruen simulate -p tests/support/mini --event "2027-03-01..2027-04-15 open b-gate"
