"""An article that was found gone is looked for once more, some hours later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from crawlers import polling
from crawlers.session import Session
from crawlers.tally import Tally
from crawlers.visit import Visitor
from pipelines.candidate import Candidate
from pipelines.outcome import Outcome
from pipelines.store import UrlWork
from pipelines.store.withdrawals import APART

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
URL = "https://news.example/1"


class Rules:
    """The part of a session that says when to come back."""

    def jitter(self) -> float:
        return -1.0

    def retry_at(
        self, outcome: Outcome, failures: int, now: datetime
    ) -> datetime | None:
        return polling.retry_at(outcome, failures, now, 0)


def work(failures: int, article: int | None) -> UrlWork:
    return UrlWork(
        id=1, outlet="news", url=URL, host="news.example", attempts=1,
        failures=failures, source_id=1, article_id=article, candidate=Candidate(URL),
        discovered_at=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "failures", "article", "hours"),
    [
        pytest.param(Outcome.GONE, 0, 7, 5.4, id="an article, gone for the first time"),
        pytest.param(Outcome.GONE, 1, 7, 2, id="an article, gone for the second time"),
        pytest.param(Outcome.GONE, 0, None, 1, id="never an article"),
        pytest.param(Outcome.DENIED, 0, 7, 1, id="denied"),
    ],
)
def test_when_it_is_looked_for_again(
    outcome: Outcome, failures: int, article: int | None, hours: float
) -> None:
    visitor = Visitor(cast("Session", cast("Any", Rules())), Tally())
    at = visitor._next_at(work(failures, article), outcome, NOW)
    assert at == NOW + timedelta(hours=hours)


def test_the_second_look_is_late_enough_to_withdraw_it() -> None:
    assert polling.second_look_at(NOW, -1) - NOW >= APART
