keruen invest -p tests/support/mini --date 2026-01-05 --budget 1e6 --measures m-fast-border --with m-fast-border
