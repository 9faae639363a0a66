keruen assign -p tests/support/mini -q --year 2000
