keruen find --help
