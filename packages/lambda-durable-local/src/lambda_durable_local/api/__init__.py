"""Lambda's HTTP API, for what concerns durable functions: any AWS SDK can talk to it."""
