keruen plan Astara IRTHR -c barley -t 4 -r 2026-12-01
