keruen assign --tntp tests/golden/tntp/SiouxFalls_net.tntp tests/golden/tntp/SiouxFalls_trips.tntp --gap 1e-13 --format json --quiet
