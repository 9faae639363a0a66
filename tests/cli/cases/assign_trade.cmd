keruen assign -p tests/support/mini -q --select a-gate
