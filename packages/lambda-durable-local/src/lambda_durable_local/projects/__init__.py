"""What `durable new` and `durable template` write: projects, and SAM templates for handlers."""
