keruen invest -p tests/support/mini --date 2026-01-05 -q --budget 150e6 -x 3 --cost m-fast-border=10e6,m-no-ice=20e6 -f json
