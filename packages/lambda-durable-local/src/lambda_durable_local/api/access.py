"""Who may ask: this machine's own programs, or whoever has the token.

AWS signatures are not checked. A token is given as the access key id that a client signs with, or
as `Authorization: Bearer TOKEN`.
"""

import hmac
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass

from .faults import AccessRefusedError

_CREDENTIAL = re.compile(r"AWS4-HMAC-SHA256 .*?\bCredential=([^/,\s]+)/")
_BEARER = re.compile(r"Bearer (\S+)")


@dataclass(frozen=True, slots=True)
class Access:
    """The rule for all requests; without a token they must be meant for this machine."""

    token: str | None = None

    def check(self, headers: Mapping[str, str]) -> None:
        """Refuse a request that may not be answered; raise AccessRefusedError."""
        if "origin" in headers:
            # A page in a browser can send requests here, whoever wrote it.
            msg = "Requests from web pages are not answered."
            raise AccessRefusedError(msg)
        if self.token is None:
            if not is_loopback(_hostname(headers.get("host", ""))):
                # A name that was made to point here lets a web page pretend to be on this machine.
                msg = (
                    f"The service is for this machine alone: Host {headers.get('host', '')!r} is "
                    "not 127.0.0.1 or localhost. Start it with --token to have others ask."
                )
                raise AccessRefusedError(msg)
            return
        given = _given(headers.get("authorization", ""))
        if given is None or not hmac.compare_digest(given.encode(), self.token.encode()):
            msg = (
                "The security token included in the request is invalid: give the service's token "
                "as the AWS access key id, or as Authorization: Bearer TOKEN."
            )
            raise AccessRefusedError(msg)


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine itself."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _hostname(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]


def _given(authorization: str) -> str | None:
    found = _CREDENTIAL.match(authorization) or _BEARER.fullmatch(authorization)
    return None if found is None else found[1]
