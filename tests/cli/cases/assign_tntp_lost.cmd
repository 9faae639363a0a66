keruen assign --tntp tests/cli/tntp/lost_net.tntp tests/cli/tntp/lost_trips.tntp
