keruen invest -p tests/support/mini --date 2026-01-05 --budget 1e6 --cost m-fast-border=1e6,m-fast-border=2e6
