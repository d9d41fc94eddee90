"""Why a request was not made, or has no good answer.

Core decides by the name of an exception whether another invocation can help. The names are those
of botocore, so that a `ServiceError` says the same whichever client was used.
"""

from lambda_durable.clients.translation import Failure


class RequestError(Exception):
    """The root of these errors; whoever calls a `LeanService` sees them as a `__cause__`."""


class NoRegionError(RequestError):
    """No region was given, and the environment has none."""


class NoCredentialsError(RequestError):
    """The environment has no credentials, nor says where to fetch them."""


class PartialCredentialsError(RequestError):
    """The environment has an access key and no secret."""


class CredentialRetrievalError(RequestError):
    """The credentials could not be fetched."""


class ParamValidationError(RequestError):
    """What is to be sent is nothing that the service could take."""


class ResponseParserError(RequestError):
    """The answer is none of the service's."""


class HTTPClientError(RequestError):
    """There is no answer; the next attempt may have one."""


class EndpointConnectionError(HTTPClientError):
    """The endpoint cannot be reached."""


class ConnectTimeoutError(HTTPClientError):
    """The endpoint did not take the connection in time."""


class SSLError(HTTPClientError):
    """The endpoint could not show who it is."""


class ReadTimeoutError(HTTPClientError):
    """The answer did not come in time."""


class ConnectionClosedError(HTTPClientError):
    """The connection broke before the answer was complete."""


class Refusal(RequestError):
    """The service answered that it would not, or could not."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure
