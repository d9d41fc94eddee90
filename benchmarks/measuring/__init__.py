"""What runs in a process of its own: the standard library, one SDK, and the service in memory.

`python -m benchmarks.measuring SPECIFICATION` measures once and prints the figures as JSON.
"""
