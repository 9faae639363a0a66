keruen find بندرعباس
