keruen help plan
