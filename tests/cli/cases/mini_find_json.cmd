keruen find Город -p tests/support/mini -f json
