keruen find kostanai
