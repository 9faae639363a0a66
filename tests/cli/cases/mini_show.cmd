keruen show b-gate -p tests/support/mini
