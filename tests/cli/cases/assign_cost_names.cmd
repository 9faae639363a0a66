keruen assign -p tests/golden/nodus-mini/mini.nodus
