"""What durable programs do, in both flavours, on the service's own state machine in memory."""
