keruen assign -q -p tests/support/mini --priced 0 --with tests/cli/cut_farm.yaml
