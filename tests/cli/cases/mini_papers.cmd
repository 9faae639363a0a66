keruen papers a-farm b-city -c barley --mode rail --date 2024-03-04 -p tests/support/mini
