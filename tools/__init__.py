"""What the nox sessions use: repository checks and small drivers, none of it shipped."""
