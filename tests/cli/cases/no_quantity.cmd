keruen plan a-farm c-city -p tests/support/mini -c barley --ready 2024-03-04
