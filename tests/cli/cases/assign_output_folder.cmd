keruen assign -q --year 2024 --output tests
