keruen demand -p tests/support/mini --from kazakhstan
