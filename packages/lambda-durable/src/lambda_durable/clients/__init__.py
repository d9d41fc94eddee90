"""Clients: how a running handler reaches the service. Importing this package loads no boto3."""
