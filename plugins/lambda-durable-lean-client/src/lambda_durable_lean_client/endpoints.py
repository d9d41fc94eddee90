"""Where the service is: an endpoint that was given, or the region's own."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from lambda_durable.errors import InvalidInputError

from .errors import NoRegionError

_REGION: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")

_SUFFIXES: Final = (
    # how the names of a partition's regions begin, its domain, and that with IPv6
    ("cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    ("eusc-", "amazonaws.eu", "api.amazonwebservices.eu"),
    ("us-iso-", "c2s.ic.gov", "api.aws.ic.gov"),
    ("us-isob-", "sc2s.sgov.gov", "api.aws.scloud"),
    ("eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
    ("us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"),
    ("", "amazonaws.com", "api.aws"),  # aws, aws-us-gov, and what comes new
)
_PORTS: Final = {"http": 80, "https": 443}


class Endpoint(NamedTuple):
    """A service's address; `prefix` stands before every path."""

    url: str
    scheme: str
    name: str
    port: int
    prefix: str

    @property
    def host(self) -> str:
        """Return what the Host header says: without the port where it is the usual one."""
        name = f"[{self.name}]" if ":" in self.name else self.name
        return name if self.port == _PORTS[self.scheme] else f"{name}:{self.port}"


def region_of(explicit: str | None, environ: Mapping[str, str]) -> str:
    """Return the region; raise NoRegionError or InvalidInputError."""
    region = explicit or environ.get("AWS_DEFAULT_REGION") or environ.get("AWS_REGION")
    if not region:
        raise NoRegionError("You must specify a region.")
    if not _REGION.fullmatch(region):
        raise InvalidInputError(
            f"{region!r} is no region: it becomes part of a host's name; give one like 'eu-west-1'"
        )
    return region


def endpoint_of(explicit: str | None, region: str, environ: Mapping[str, str]) -> Endpoint:
    """Return the endpoint that was given, that of the environment, or the region's."""
    url = explicit or _configured(environ)
    fips, dual_stack = (
        environ.get(name, "").lower() == "true"
        for name in ("AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT")
    )
    if not url:
        return parsed(_regional(region, fips=fips, dual_stack=dual_stack))
    if fips or dual_stack:
        which = "AWS_USE_FIPS_ENDPOINT" if fips else "AWS_USE_DUALSTACK_ENDPOINT"
        raise InvalidInputError(
            f"{which} chooses among AWS's own endpoints, and {url} is a given one; leave one out"
        )
    return parsed(url)


def parsed(url: str) -> Endpoint:
    """Return the parts of a URL; raise InvalidInputError where there are none."""
    from urllib.parse import urlsplit  # with http.client, only in a process that sends something

    try:
        parts = urlsplit(url)
        name, port = parts.hostname, parts.port
    except ValueError as error:
        raise _no_endpoint(url, str(error)) from error
    if parts.scheme not in _PORTS or not name:
        raise _no_endpoint(url, "no scheme or no host")
    if not (url.isascii() and url.isprintable()) or " " in url:
        raise _no_endpoint(url, "blanks or letters that no URL has")
    return Endpoint(url, parts.scheme, name, port or _PORTS[parts.scheme], parts.path.rstrip("/"))


def _configured(environ: Mapping[str, str]) -> str | None:
    if environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        return None
    return environ.get("AWS_ENDPOINT_URL_LAMBDA") or environ.get("AWS_ENDPOINT_URL")


def _regional(region: str, *, fips: bool, dual_stack: bool) -> str:
    domain, with_ipv6 = next(s[1:] for s in _SUFFIXES if region.startswith(s[0]))
    return f"https://lambda{'-fips' if fips else ''}.{region}.{with_ipv6 if dual_stack else domain}"


def _no_endpoint(url: str, why: str) -> InvalidInputError:
    return InvalidInputError(
        f"{url!r} is no endpoint: {why}; give one like 'https://lambda.eu-west-1.amazonaws.com'"
    )
