"""What functions in containers need: an engine, a base image, and images made from it."""
