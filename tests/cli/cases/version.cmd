keruen --version
