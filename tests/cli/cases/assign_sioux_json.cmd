keruen assign --tntp tests/golden/tntp/SiouxFalls_net.tntp tests/golden/tntp/SiouxFalls_trips.tntp --gap 1e-8 -f json -q
