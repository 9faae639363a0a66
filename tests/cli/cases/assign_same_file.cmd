keruen assign -q --year 2024 --gpkg same --output same
