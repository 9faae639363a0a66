keruen demand --year 2030
