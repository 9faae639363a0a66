sed s/m-spur/m-own/ tests/support/mini/measure/m-spur.yaml > $TMP_CASE/m-own.yaml; keruen show r-junction-spur -p tests/support/mini --with $TMP_CASE/m-own.yaml
