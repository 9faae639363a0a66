keruen assign
