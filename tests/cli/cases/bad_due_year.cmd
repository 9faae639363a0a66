keruen plan a-farm c-city -p tests/support/mini -c barley -t 100 --ready 2026-12-01 --due 2200-01-01
