keruen find Актау
