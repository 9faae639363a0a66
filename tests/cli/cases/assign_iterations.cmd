keruen assign --tntp tests/golden/tntp/SiouxFalls_net.tntp tests/golden/tntp/SiouxFalls_trips.tntp --algorithm fw --iterations 3 --quiet
