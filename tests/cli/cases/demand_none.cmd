keruen demand -p tests/support/mini --from XB --commodity barley
