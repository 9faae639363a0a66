keruen invest -p no.krn --budget 1
