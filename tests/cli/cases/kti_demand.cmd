keruen demand --from KZ --to IR
