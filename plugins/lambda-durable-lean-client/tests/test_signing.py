"""Signatures: on generated requests the same as botocore's."""

from unittest import mock

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from hypothesis import given, settings
from hypothesis import strategies as st

from lambda_durable_lean_client import requests
from lambda_durable_lean_client.signing import Credentials, Request, authorization

AT = st.datetimes().filter(lambda at: at.year >= 1000)  # four digits, as a year is written
WORD = st.text("abcXYZ019-_.~", min_size=1, max_size=12)
REGION = st.sampled_from(["eu-west-1", "us-gov-west-1", "cn-north-1", "local"])
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
CREDENTIALS = st.builds(
    Credentials,
    WORD,
    ANY_TEXT.filter(bool),
    st.none() | st.text("abcXYZ019+/=", min_size=1, max_size=300),
)
SEGMENT = WORD | st.sampled_from(
    ["", ".", "..", "a%20b", "%25", "arn%3Aaws%3Alambda%3Aeu-west-1%3A1%3Afunction%3Af%3A%24LATEST"]
)
PATH = st.lists(SEGMENT, max_size=6).map(lambda segments: f"/{'/'.join(segments)}")
QUERY = st.lists(
    st.tuples(WORD, st.sampled_from(["", "%2B%2F%3D", "a", "b", "%20", "%C3%A9"])), max_size=6
).map(lambda pairs: "&".join(f"{name}={value}" for name, value in pairs))
HEADERS = st.dictionaries(
    st.sampled_from(["content-type", "accept", "x-amz-meta-a", "x-custom"]),
    st.text(" \tabc,;=/0", min_size=1, max_size=20),
)
HOST = st.sampled_from(["lambda.eu-west-1.amazonaws.com", "127.0.0.1:8080", "[::1]:9", "localhost"])


def botocores(
    request: Request, credentials: Credentials, region: str, service: str, host: str
) -> str:
    """Return the header that botocore makes, at the request's own time."""
    query = f"?{request.query}" if request.query else ""
    made = AWSRequest(
        method=request.method,
        url=f"http://{host}{request.path}{query}",
        headers={k: v for k, v in request.headers.items() if k not in OWN_HEADERS},
        data=request.body,
    )
    auth = SigV4Auth(BotocoreCredentials(*credentials), service, region)
    moment = mock.Mock(**{"strftime.return_value": request.headers["x-amz-date"]})
    with mock.patch("botocore.auth.get_current_datetime", return_value=moment):
        auth.add_auth(made)
    header: str = made.headers["Authorization"]
    return header


OWN_HEADERS = {"host", "x-amz-date", "x-amz-security-token"}


ANYTHING = st.tuples(
    st.sampled_from(["GET", "POST", "DELETE"]),
    *(PATH, QUERY, HEADERS, HOST, st.binary(max_size=100), AT, CREDENTIALS, REGION),
    st.sampled_from(["lambda", "sts"]),
)


@settings(max_examples=200, deadline=None)
@given(ANYTHING)
def test_the_signature_is_botocores(asked) -> None:
    compare(*asked)


@pytest.mark.exhaustive
@pytest.mark.timeout(600)
@settings(max_examples=3000, deadline=None)
@given(ANYTHING)
def test_thousands_of_signatures_are_botocores(asked) -> None:
    compare(*asked)


def compare(method, path, query, headers, host, body, at, credentials, region, service) -> None:
    headers = {**headers, "host": host, "x-amz-date": at.strftime("%Y%m%dT%H%M%SZ")}
    if credentials.token:
        headers["x-amz-security-token"] = credentials.token
    request = Request(method, path, query, headers, body)
    ours = authorization(request, credentials, region, service)
    assert ours == botocores(request, credentials, region, service, host)


@pytest.mark.timeout(600)
@settings(max_examples=1000, deadline=None)
@given(
    st.text("abcXYZ019:/$-_.~+= %é", min_size=1, max_size=120),
    st.text("abcXYZ019+/=", min_size=1, max_size=80),
    ANY_TEXT,
    AT,
    CREDENTIALS,
    st.booleans(),
)
def test_what_is_really_sent(arn, token, text, at, credentials, paging) -> None:
    """The requests of a handler, for any execution, token and marker."""
    if paging:
        call = requests.state(arn, token, text)
    else:
        call = requests.checkpoint(arn, token, [{"Id": "1", "Type": text, "Action": "START"}])
    host = "lambda.eu-west-1.amazonaws.com"
    headers = {"host": host, "x-amz-date": at.strftime("%Y%m%dT%H%M%SZ")}
    if credentials.token:
        headers["x-amz-security-token"] = credentials.token
    request = Request(call.method, call.path, call.query, headers, call.body)
    ours = authorization(request, credentials, "eu-west-1")
    assert ours == botocores(request, credentials, "eu-west-1", "lambda", host)


def test_the_example_of_the_documentation() -> None:
    """AWS's own test suite for signatures: get-vanilla-query-order-key-case."""
    request = Request(
        "GET",
        "/",
        "Param2=value2&Param1=value1",
        {"host": "example.amazonaws.com", "x-amz-date": "20150830T123600Z"},
        b"",
    )
    credentials = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
    header = authorization(request, credentials, "us-east-1", "service")
    assert header.endswith(
        "Signature=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
    )


@pytest.mark.parametrize("change", ["secret_key", "region", "day"])
def test_a_key_that_is_kept_is_not_used_for_another(change: str) -> None:
    headers = {"host": "h", "x-amz-date": "20150830T123600Z"}
    request = Request("GET", "/", "", headers, b"")
    credentials, region = Credentials("A", "S"), "eu-west-1"
    first = authorization(request, credentials, region)
    if change == "secret_key":
        credentials = Credentials("A", "T")
    elif change == "region":
        region = "eu-west-2"
    else:
        request = request._replace(headers={**headers, "x-amz-date": "20150831T123600Z"})
    second = authorization(request, credentials, region)
    assert first.rpartition("=")[2] != second.rpartition("=")[2]
    assert second == botocores(request, credentials, region, "lambda", "h")
