keruen demand -p tests/support/mini --commodity barly
