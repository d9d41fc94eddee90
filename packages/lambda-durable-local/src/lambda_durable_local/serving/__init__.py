"""`durable serve`: the service over HTTP, with its functions, until it is told to stop."""
