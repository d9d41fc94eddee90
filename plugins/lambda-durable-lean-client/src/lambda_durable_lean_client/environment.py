"""What the environment says, and what it says that only boto3 understands."""

import os
from collections.abc import Mapping
from typing import Final

from lambda_durable.errors import InvalidInputError

from .endpoints import Endpoint, endpoint_of, region_of

RELATIVE_URI: Final = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
FULL_URI: Final = "AWS_CONTAINER_CREDENTIALS_FULL_URI"

# All that is looked at. When one changes in a running process, as it does in tests, the client
# that was made before is not meant.
VARIABLES: Final = (
    "AWS_ENDPOINT_URL_LAMBDA",
    "AWS_ENDPOINT_URL",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    RELATIVE_URI,
    FULL_URI,
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_CA_BUNDLE",
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "NO_PROXY",
    "no_proxy",
)

_FILES: Final = (
    ("AWS_CONFIG_FILE", "~/.aws/config"),
    ("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"),
)


def why_boto3(environ: Mapping[str, str]) -> str | None:
    """Return what asks for boto3, None if the variables say all there is to know.

    Configuration files may name an endpoint, a role or a proxy, and a profile chooses among what
    they hold; to read half of that would be to reach another service than boto3 does.
    """
    if environ.get("AWS_PROFILE"):
        return "AWS_PROFILE chooses a profile"
    for variable, usual in _FILES:
        path = os.path.expanduser(environ.get(variable) or usual)  # noqa: PTH111 - pathlib is slow to import
        if os.path.isfile(path):  # noqa: PTH113 - pathlib is slow to import
            return f"{path} may say more than the environment"
    if not environ.get("AWS_ACCESS_KEY_ID"):
        if environ.get("AWS_WEB_IDENTITY_TOKEN_FILE"):
            return "AWS_WEB_IDENTITY_TOKEN_FILE has to be exchanged for credentials"
        if not (environ.get(RELATIVE_URI) or environ.get(FULL_URI)):
            return "the environment has no credentials"
    if not (environ.get("AWS_DEFAULT_REGION") or environ.get("AWS_REGION")):
        return "the environment has no region"
    return _proxied(environ)


def proxy_for(endpoint: Endpoint, environ: Mapping[str, str]) -> str | None:
    """Return the variable that puts a proxy before the endpoint, if there is one."""
    variable = _proxy_variable(endpoint.scheme, environ)
    if variable is None:
        return None
    listed = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    return None if _is_direct(endpoint, listed) else variable


def _proxied(environ: Mapping[str, str]) -> str | None:
    if not any(_proxy_variable(scheme, environ) for scheme in ("http", "https")):
        return None
    try:
        endpoint = endpoint_of(None, region_of(None, environ), environ)
    except InvalidInputError:  # the first call says so
        return None
    variable = proxy_for(endpoint, environ)
    return f"{variable} puts a proxy before {endpoint.url}" if variable else None


def _proxy_variable(scheme: str, environ: Mapping[str, str]) -> str | None:
    names = (f"{scheme}_proxy", f"{scheme}_proxy".upper())
    return next((name for name in names if environ.get(name)), None)


def _is_direct(endpoint: Endpoint, listed: str) -> bool:
    """Tell whether NO_PROXY covers a host: by its name, its domain, or all."""
    if listed.strip() == "*":
        return True
    hosts = (endpoint.name, f"{endpoint.name}:{endpoint.port}")
    names = [name.strip().lstrip(".").lower() for name in listed.split(",")]
    return any(
        host == name or host.endswith(f".{name}") for name in names if name for host in hosts
    )
