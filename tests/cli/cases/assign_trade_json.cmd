keruen assign -p tests/support/mini -q --select 'r-gate*' -f json
