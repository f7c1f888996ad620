"""Whether a source's 304 can be believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawlers import audit
from crawlers.validators import Validators
from pipelines.store.habits import Habits

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def habits(hours_ago: float | None = None, distrust: int = 0) -> Habits:
    at = None if hours_ago is None else NOW - hours_ago * HOUR
    return Habits(NOW, b"", 10, 0.0, {}, audited_at=at, distrust=distrust)


@pytest.mark.parametrize(
    ("known", "due"),
    [
        pytest.param(None, True, id="never polled"),
        pytest.param(habits(), True, id="never audited"),
        pytest.param(habits(23), False, id="today"),
        pytest.param(habits(25), True, id="yesterday"),
    ],
)
def test_once_a_day(known: Habits | None, due: bool) -> None:
    assert audit.is_due(known, NOW) == due


@pytest.mark.parametrize(
    ("before", "after", "stuck"),
    [
        pytest.param(Validators('"a"'), Validators('"b"'), False, id="another ETag"),
        pytest.param(Validators('"a"'), Validators('"a"'), True, id="the same ETag"),
        pytest.param(
            Validators('"a"', "Mon"), Validators('"b"', "Mon"), False, id="ETag counts"
        ),
        pytest.param(
            Validators(None, "Mon"), Validators(None, "Mon"), True, id="same date"
        ),
        pytest.param(
            Validators(None, "Mon"), Validators(None, "Tue"), False, id="later date"
        ),
        pytest.param(Validators(), Validators(), False, id="none at all"),
    ],
)
def test_validators_that_stay(
    before: Validators, after: Validators, stuck: bool
) -> None:
    assert audit.stuck(before, after) == stuck


def test_trust_is_lost_at_once_and_comes_back_by_proof() -> None:
    distrust = audit.distrust_after(habits(), lied=True, proven=True)
    assert not audit.trusted(habits(distrust=distrust))
    seen = []
    while distrust:
        unproven = audit.distrust_after(
            habits(distrust=distrust), lied=False, proven=False
        )
        assert unproven == distrust
        distrust = audit.distrust_after(
            habits(distrust=distrust), lied=False, proven=True
        )
        seen.append(distrust)
    assert len(seen) == audit.PENANCE
    assert audit.trusted(habits(distrust=distrust))
