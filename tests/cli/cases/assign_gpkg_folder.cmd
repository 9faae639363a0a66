keruen assign -q --year 2024 --gpkg nosuch/a.gpkg
