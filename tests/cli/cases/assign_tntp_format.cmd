keruen assign -q --tntp tests/golden/tntp/Braess_net.tntp tests/golden/tntp/Braess_trips.tntp -f geojson
