keruen find KZALA
