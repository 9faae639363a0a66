keruen show b-gat9 -p tests/support/mini
