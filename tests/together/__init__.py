"""Core, kernel and plugins together, as they are installed with `lambda-durable[standard]`."""
