keruen invest -p tests/support/mini --date 2026-01-05 -q --budget 5 --cost m-fast-border=10
