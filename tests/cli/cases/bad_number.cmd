keruen plan a b --tonnes 3,000
