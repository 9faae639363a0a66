keruen assign -p tests/support/mini -q --delay fomula
