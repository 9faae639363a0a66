keruen plan KZALA IRTHR --commodity machinery --units 20x42G1 --ready 2026-12-01 --due 2027-01-10 --modes rail,road
