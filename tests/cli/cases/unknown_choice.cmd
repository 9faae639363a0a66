keruen plan a b --modes rial
