keruen demand -p tests/support/mini -f json
