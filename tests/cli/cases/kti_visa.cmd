keruen visa IR -n KZ --purpose driver --via TM --date 2026-12-01
