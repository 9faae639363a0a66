keruen find x -p /no/such/folder
