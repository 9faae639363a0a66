keruen assign SiouxFalls_trips.tntp
