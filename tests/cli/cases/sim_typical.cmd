keruen simulate -p tests/support/mini -q --typical --unlimited --days 30 -f json
