keruen assign -p tests/support/mini -q --year 2030 --demand-scale 3 --emission-price 50 --gap 1e-8 | head -12
