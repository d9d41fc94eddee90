"""What the target `aws` makes in an account, in which order, and how all of it goes again."""
