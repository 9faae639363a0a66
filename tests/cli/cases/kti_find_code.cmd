keruen find 684001
