keruen find "Bandar Abas" --max 3
