keruen invest -p tests/support/mini --date 2026-01-05 -q --budget 0 --demand-scale 2
