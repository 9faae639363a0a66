keruen assign --toll-factor 2
