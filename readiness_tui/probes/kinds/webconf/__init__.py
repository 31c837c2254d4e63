"""Kind `webconf`: the reverse proxy, its configuration as the server reads it, and requests through it."""
