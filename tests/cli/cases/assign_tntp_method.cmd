keruen assign --tntp tests/golden/tntp/Braess_net.tntp tests/golden/tntp/Braess_trips.tntp --method sue
