keruen assign --tntp tests/cli/tntp/bad_net.tntp tests/cli/tntp/bad_trips.tntp
