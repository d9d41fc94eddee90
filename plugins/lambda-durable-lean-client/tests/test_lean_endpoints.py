"""Endpoints: the same as botocore's, for every partition and every variable."""

import json
from pathlib import Path
from typing import Any

import botocore
import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_durable.errors import InvalidInputError
from lambda_durable_lean_client.endpoints import endpoint_of, parsed, region_of
from lambda_durable_lean_client.errors import NoRegionError

DATA = Path(botocore.__file__).parent / "data"
PARTITIONS = json.loads((DATA / "partitions.json").read_text())["partitions"]
REGIONS = [
    region
    for partition in PARTITIONS
    for region in partition["regions"]
    if not region.endswith("-global")
]


@pytest.fixture(scope="module")
def session() -> Any:
    return botocore.session.Session()


@pytest.mark.parametrize("fips", [False, True])
@pytest.mark.parametrize("dual_stack", [False, True])
def test_every_region_has_botocores_endpoint(session: Any, fips: bool, dual_stack: bool) -> None:
    from botocore.endpoint_provider import EndpointProvider
    from botocore.loaders import Loader

    loader = Loader()
    provider = EndpointProvider(
        loader.load_service_model("lambda", "endpoint-rule-set-1"),
        loader.load_data("partitions"),
    )
    environ = {
        "AWS_USE_FIPS_ENDPOINT": str(fips),
        "AWS_USE_DUALSTACK_ENDPOINT": str(dual_stack).upper(),
    }
    for region in [*REGIONS, "mars-north-1"]:
        expected = provider.resolve_endpoint(
            Region=region, UseFIPS=fips, UseDualStack=dual_stack
        ).url
        assert endpoint_of(None, region, environ).url == expected


@pytest.mark.parametrize(
    ("explicit", "environ", "url"),
    [
        ("http://a", {"AWS_ENDPOINT_URL_LAMBDA": "http://b"}, "http://a"),
        (None, {"AWS_ENDPOINT_URL_LAMBDA": "http://b", "AWS_ENDPOINT_URL": "http://c"}, "http://b"),
        (None, {"AWS_ENDPOINT_URL": "http://c"}, "http://c"),
        (
            None,
            {"AWS_ENDPOINT_URL": "http://c", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
            "https://lambda.eu-west-1.amazonaws.com",
        ),
        (
            "http://a",
            {"AWS_ENDPOINT_URL": "http://c", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
            "http://a",
        ),
    ],
)
def test_what_is_nearest_wins(explicit: str | None, environ: dict[str, str], url: str) -> None:
    assert endpoint_of(explicit, "eu-west-1", environ).url == url


@pytest.mark.parametrize("name", ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"])
def test_a_given_endpoint_is_no_variant_of_awss(name: str) -> None:
    with pytest.raises(InvalidInputError, match=f"{name} chooses .* http://a is a given one"):
        endpoint_of("http://a", "eu-west-1", {name: "true"})


@pytest.mark.parametrize(
    ("url", "host", "port", "prefix"),
    [
        ("http://127.0.0.1:8080", "127.0.0.1:8080", 8080, ""),
        ("http://h:80/", "h", 80, ""),
        ("https://H.example:443/a/b/", "h.example", 443, "/a/b"),
        ("https://h:80", "h:80", 80, ""),
        ("http://[::1]:9", "[::1]:9", 9, ""),
        ("https://[::1]", "[::1]", 443, ""),
        ("http://user:secret@h:9/x", "h:9", 9, "/x"),
    ],
)
def test_parts_of_an_endpoint(url: str, host: str, port: int, prefix: str) -> None:
    endpoint = parsed(url)
    assert (endpoint.host, endpoint.port, endpoint.prefix) == (host, port, prefix)


@pytest.mark.parametrize(
    "url",
    ["", "no url", "ftp://h", "http://", "//h", "http://h:x", "http://h/é", "http://h/a b", "h:80"],
)
def test_what_is_no_endpoint(url: str) -> None:
    with pytest.raises(InvalidInputError, match="is no endpoint: .*; give one like 'https://"):
        parsed(url)


@given(st.text(max_size=30))
def test_any_text_is_an_endpoint_or_is_refused(text: str) -> None:
    """Nothing else happens, and no line of a request is broken."""
    try:
        endpoint = parsed(text)
    except InvalidInputError:
        return
    assert endpoint.host.isprintable()
    assert endpoint.prefix.isprintable()


def test_region() -> None:
    both = {"AWS_DEFAULT_REGION": "eu-west-1", "AWS_REGION": "eu-west-2"}
    assert region_of("eu-west-3", both) == "eu-west-3"
    assert region_of(None, both) == "eu-west-1"  # the one that boto3 looks at
    assert region_of(None, {"AWS_REGION": "eu-west-2"}) == "eu-west-2"
    with pytest.raises(NoRegionError):
        region_of(None, {})


@pytest.mark.parametrize("region", ["a b", "-a", "a-", "a.b", "a/b", "é", "a\n", "a" * 64])
def test_what_is_no_region(region: str) -> None:
    with pytest.raises(InvalidInputError, match="is no region"):
        region_of(region, {})
