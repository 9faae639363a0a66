keruen
