keruen find "great cty" -p tests/support/mini
