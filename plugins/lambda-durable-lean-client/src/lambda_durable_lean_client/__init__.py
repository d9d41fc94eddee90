"""A lean client for Lambda Durable: the service reached without boto3, by being installed.

It answers the hook `durable_service` for whatever the environment of a Lambda function says; what
only boto3 can do (profiles, proxies) it leaves to boto3.
"""

from .plugin import durable_service as durable_service  # core looks for hooks here
from .service import LeanService

__all__ = ["LeanService"]
