keruen find
