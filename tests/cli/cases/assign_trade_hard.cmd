keruen assign -p tests/support/mini -q -x 8 --capacity | sed -n '/^Left/,$p'
