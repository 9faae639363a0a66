keruen invest -p tests/support/mini --date 2026-01-05 -q -m logit -x 0.1 --budget 10e6 --cost m-fast-border=1e3 -f csv
