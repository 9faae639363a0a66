keruen demand -p tests/support/mini --pairs --from XB --year 2024
