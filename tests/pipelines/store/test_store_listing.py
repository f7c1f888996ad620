"""What it means for a known URL that it is listed again. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from newsdesk import NOW, entry

from pipelines.outcome import Outcome, State
from pipelines.store.columns import micros
from pipelines.store.listing import Judgement, KnownUrl, Listed, Poll, chunks, judge

HOUR = timedelta(hours=1)
POLL = Poll(1, "ferry", NOW, revisit_after=timedelta(minutes=30))
URL = "https://ferry.example/a"
FETCHED = KnownUrl(
    id=1,
    state=State.DONE,
    outcome=Outcome.NEW,
    standing=False,
    attempts=1,
    unchanged=0,
    fetched_at=micros(NOW - HOUR),
    listed_updated=None,
)
DENIED = replace(FETCHED, outcome=Outcome.DENIED, attempts=0, fetched_at=None)
DUE = replace(FETCHED, state=State.DUE, outcome=None, attempts=0, fetched_at=None)
UPDATED = entry(URL, updated=NOW - timedelta(minutes=1))
SILENT = entry(URL)
BY_RULE = replace(SILENT, outcome=Outcome.DENIED, detail="articles.deny")
NOTHING = Judgement()
NOW_DUE = Judgement(due_at=micros(NOW))


@pytest.mark.parametrize(
    ("known", "listed", "expected"),
    [
        pytest.param(FETCHED, SILENT, NOTHING, id="listed still"),
        pytest.param(FETCHED, UPDATED, NOW_DUE, id="updated after the fetch"),
        pytest.param(
            FETCHED, entry(URL, updated=NOW - 2 * HOUR), NOTHING, id="updated before it"
        ),
        pytest.param(
            replace(FETCHED, listed_updated=micros(NOW - 5 * HOUR)),
            entry(URL, updated=NOW - 3 * HOUR),
            NOW_DUE,
            id="a later update than last time, on a clock that is behind",
        ),
        pytest.param(
            replace(FETCHED, listed_updated=micros(NOW - timedelta(minutes=1))),
            UPDATED,
            NOTHING,
            id="the same update as last time",
        ),
        pytest.param(DUE, UPDATED, NOTHING, id="due anyway"),
        pytest.param(
            replace(FETCHED, state=State.WAITING), UPDATED, NOW_DUE, id="while waiting"
        ),
        pytest.param(DENIED, SILENT, NOW_DUE, id="the rule that denied it is gone"),
        pytest.param(
            replace(DENIED, standing=True), SILENT, NOTHING, id="left out for good"
        ),
        pytest.param(
            replace(DENIED, attempts=1), SILENT, NOTHING, id="denied by the server"
        ),
        pytest.param(DUE, BY_RULE, Judgement(denied=True), id="a new rule denies it"),
        pytest.param(FETCHED, BY_RULE, NOTHING, id="denied after it was fetched"),
    ],
)
def test_judge(known: KnownUrl, listed: Listed, expected: Judgement) -> None:
    assert judge(known, listed, POLL) == expected


@pytest.mark.parametrize(
    ("fetched_ago", "unchanged", "wait"),
    [
        pytest.param(timedelta(minutes=40), 0, timedelta(0), id="old enough"),
        pytest.param(
            timedelta(minutes=20), 0, timedelta(minutes=10), id="not old enough"
        ),
        pytest.param(
            timedelta(minutes=40), 1, timedelta(minutes=20), id="cried wolf once"
        ),
        pytest.param(
            timedelta(minutes=40), 99, 32 * HOUR - timedelta(minutes=40), id="always"
        ),
    ],
)
def test_a_page_is_not_looked_at_again_too_soon(
    fetched_ago: timedelta, unchanged: int, wait: timedelta
) -> None:
    known = replace(FETCHED, fetched_at=micros(NOW - fetched_ago), unchanged=unchanged)
    judged = judge(known, entry(URL, updated=NOW), POLL)
    assert judged.due_at == micros(NOW + wait)


def test_outlets_may_forbid_second_looks() -> None:
    assert judge(FETCHED, UPDATED, replace(POLL, revisit_after=None)) == NOTHING


def test_chunks_keep_the_order() -> None:
    entries = [entry(f"https://ferry.example/{n}") for n in range(7)]
    parts = list(chunks(entries, 3))
    assert [len(part) for part in parts] == [3, 3, 1]
    assert [one for part in parts for one in part] == entries
    assert list(chunks([])) == []
