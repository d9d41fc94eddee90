"""Where commands find executions: in a store's file, or at an endpoint of the Lambda API."""
