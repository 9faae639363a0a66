keruen help
