"""Tests of the clean-up, on the night of 20 November."""

from datetime import UTC, datetime, timedelta

import bucket
import pytest
from nightly_cleanup import handler

from lambda_durable_testing import LocalRunner, crash_everywhere

TONIGHT = datetime(2025, 11, 20, 3, tzinfo=UTC)


@pytest.mark.parametrize(("days", "deleted", "pages"), [(7, 25, 3), (12, 15, 2), (30, 0, 1)])
def test_a_night(days: int, deleted: int, pages: int) -> None:
    uploads = bucket.fill()
    result = LocalRunner(handler, start_at=TONIGHT).run({"older_than_days": days})
    assert result.result == {"deleted": deleted, "pages": pages}
    assert all(made >= TONIGHT - timedelta(days=days) for made in uploads.values())
    assert result.duration == timedelta(seconds=30) * (pages - 1)


def test_it_survives_every_crash() -> None:
    runner = LocalRunner(handler, start_at=TONIGHT)
    crash_everywhere(runner, {"older_than_days": 12}, world=bucket.fill)
