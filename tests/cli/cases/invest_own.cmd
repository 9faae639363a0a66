keruen invest -p tests/support/mini --date 2026-01-05 -q -m logit -x 0.1 --budget 50e6 --measures tests/cli/own_gate.yaml,m-no-ice --cost m-no-ice=20e6 -f csv
