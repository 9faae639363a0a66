keruen assign --help
