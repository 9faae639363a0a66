keruen demand -p tests/support/mini
