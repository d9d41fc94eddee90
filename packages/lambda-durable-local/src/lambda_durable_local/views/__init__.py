"""What executions look like on a terminal, and in a file."""
