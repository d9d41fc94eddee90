"""Timestamps of every kind the service sends."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_durable.protocol import epoch_seconds

NOON = 1764590400.0  # 2025-12-01 12:00 UTC


@pytest.mark.parametrize(
    "value",
    [
        1764590400000,
        1764590400000.0,
        datetime(2025, 12, 1, 12, tzinfo=UTC),
        datetime(2025, 12, 1, 14, tzinfo=timezone(timedelta(hours=2))),
        datetime(2025, 12, 1, 12),  # noqa: DTZ001 - the case of a datetime without a zone
        "2025-12-01T12:00:00Z",
        "2025-12-01T12:00:00+00:00",
        "2025-12-01T14:00:00.000+02:00",
        "2025-12-01T12:00:00",
        "2025-12-01 12:00:00.000000",
    ],
)
def test_one_moment_in_every_form(value: object) -> None:
    assert epoch_seconds(value) == NOON


def test_none_stays_none_and_zero_is_a_time() -> None:
    assert epoch_seconds(None) is None
    assert epoch_seconds(0) == 0


def test_milliseconds_are_kept() -> None:
    assert epoch_seconds(1764590400250) == NOON + 0.25
    assert epoch_seconds("2025-12-01T12:00:00.250Z") == NOON + 0.25


@given(st.integers(0, 4_000_000_000_000))
def test_forms_agree_to_the_millisecond(milliseconds: int) -> None:
    moment = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds)
    expected = pytest.approx(milliseconds / 1000, abs=1e-6)
    assert epoch_seconds(milliseconds) == expected
    assert epoch_seconds(moment) == expected
    assert epoch_seconds(moment.isoformat()) == expected


@pytest.mark.parametrize("value", [b"2025", [], timedelta(1)])
def test_anything_else_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="a timestamp is milliseconds, an ISO 8601 string or"):
        epoch_seconds(value)


def test_text_that_is_no_time_is_refused() -> None:
    with pytest.raises(ValueError, match="soon"):
        epoch_seconds("soon")
