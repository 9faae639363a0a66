keruen assign --tntp tests/golden/tntp/Braess_net.tntp tests/golden/tntp/Braess_trips.tntp --gpkg b.gpkg
