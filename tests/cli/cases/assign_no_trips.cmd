keruen assign --tntp tests/golden/tntp/Braess_net.tntp
