keruen assign -q -p tests/support/mini --costs all
