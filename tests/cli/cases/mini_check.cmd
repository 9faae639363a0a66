keruen check tests/support/mini
