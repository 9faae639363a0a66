keruen plan a-farm c-city -p tests/support/mini -c barley -t 100 --ready 2026-02-30
