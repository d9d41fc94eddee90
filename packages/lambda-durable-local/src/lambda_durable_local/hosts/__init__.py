"""Hosts run a function: one module for each way to do it, all with the same three methods."""
