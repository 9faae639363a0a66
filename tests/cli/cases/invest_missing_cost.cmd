keruen invest -p tests/support/mini --date 2026-01-05 --budget 200e6 --measures m-fast-border,m-no-ice,m-spur
