keruen convert nodus tests/golden/nodus-mini/mini.nodus never-made -f csv
