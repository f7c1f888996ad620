"""What one pass did, counted."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawlers.tally import Tally
from pipelines.store import PollRecord, PollStored

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("outcome", "status", "failed", "unreachable"),
    [
        pytest.param("ok", 200, 0, 0, id="it answered"),
        pytest.param("failed", 500, 1, 0, id="its server answered"),
        pytest.param("failed", None, 1, 1, id="nobody answered"),
        pytest.param("blocked", None, 1, 0, id="we refused, nobody was asked"),
    ],
)
def test_who_gave_no_answer(
    outcome: str, status: int | None, failed: int, unreachable: int
) -> None:
    tally = Tally()
    record = PollRecord(1, NOW, status, outcome, NOW)
    tally.polled(record, PollStored(0, 0, 0, ()))
    assert (tally.failed_sources, tally.unreachable) == (failed, unreachable)
