keruen demand -p tests/support/mini --year 2025 --demand x.csv
