"""What can be typed after `durable`: one module for each command."""
