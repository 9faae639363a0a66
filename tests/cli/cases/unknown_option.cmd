keruen plan a b --tones 3
