"""`python -m lambda_durable_local`, the same as `durable`."""

from .command_line import main

main()
