keruen demand -p tests/support/cost_tables
