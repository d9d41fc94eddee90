"""Durable Lambda functions on your own machine: the `durable` command and what it is made of.

- `store` keeps executions in a SQLite file;
- `hosts` run functions, in this process or in one of their own;
- `driver` brings a service, its hosts and a clock together;
- `commands` are what can be typed, one module each.

A function's process imports this package too, so it imports nothing by itself.
"""
