keruen demand -q --omx nosuch/a.omx
