keruen pln
