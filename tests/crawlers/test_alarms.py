"""The alerts that one poll opens and closes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawlers import alarms
from crawlers.alarms import Found
from pipelines.candidate import Candidate
from pipelines.outcome import Outcome
from pipelines.store import Listed, PollRecord, SourceWork
from pipelines.store.habits import Habits, Learnt
from pipelines.store.sources import Move

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEED = "https://news.example/rss"
WORK = SourceWork(
    id=1, outlet="news", kind="feed", url=FEED, host="news.example", etag=None,
    last_modified=None, body_hash=None, failures=0, first=False, next_at=NOW,
    last_ok=NOW - HOUR,
)  # fmt: skip
LEARNT = Learnt(since=NOW - 700 * HOUR, entries=b"", shown=10, fresh=0.1)


def entries(count: int, detail: str | None = None) -> tuple[Listed, ...]:
    outcome = None if detail is None else Outcome.DENIED
    return tuple(
        Listed(Candidate(f"https://news.example/{n}"), "news.example", outcome, detail)
        for n in range(count)
    )


def poll(
    *,
    error: str | None = None,
    failures: float = 0,
    learnt: Learnt | None = LEARNT,
    listed: Sequence[Listed] = (),
    new: int = 0,
    gap: bool = False,
    lie: str | None = None,
    daily: int = 24,
    move: Move | None = None,
) -> Found:
    hours = {int(NOW.timestamp() // 3600) - n: daily / 24 for n in range(1, 600)}
    record = PollRecord(
        source_id=1,
        at=NOW,
        status=None if error else 200,
        outcome="failed" if error else "ok",
        next_at=NOW + HOUR,
        error=error,
        failures=failures,
        entries=tuple(listed),
        learnt=learnt,
        why="sooner",
    )
    known = Habits(NOW - 700 * HOUR, b"", 10, 0.0, hours)
    return Found(WORK, record, new, known, 2, gap, lie, move=move)


def opened(found: Found) -> dict[str, str]:
    """What is opened: kind to evidence."""
    return {
        finding.key.partition(":")[0]: finding.notice.evidence
        for finding in alarms.findings(found)
        if finding.notice is not None
    }


def closed(found: Found) -> set[str]:
    return {
        finding.key.partition(":")[0]
        for finding in alarms.findings(found)
        if finding.notice is None
    }


def test_a_good_poll_closes_everything() -> None:
    assert opened(poll()) == {}
    assert closed(poll()) == {
        *("source", "gap", "lying-304", "moved", "burst", "empty", "relocated")
    }


def test_a_failing_source_is_told_once_it_has_failed_some_times() -> None:
    assert opened(poll(error="HTTP 500", failures=1.0)) == {}
    assert opened(poll(error="HTTP 500", failures=1.5)) == {"source": "HTTP 500"}
    assert closed(poll(error="HTTP 500", failures=1.5)) == set()


def test_a_gap_names_what_is_done_about_it() -> None:
    evidence = opened(poll(gap=True, listed=entries(25)))["gap"]
    assert "none of its 10 entries" in evidence
    assert "15 more found" in evidence
    assert "2 other sources asked at once" in evidence


def test_an_unchanged_document_says_nothing_of_its_entries() -> None:
    assert closed(poll(learnt=None)) == {"source", "gap", "relocated"}


def test_a_lie_stays_open_until_trust_is_back() -> None:
    assert opened(poll(lie="it answers 304")) == {"lying-304": "it answers 304"}
    distrusted = Learnt(NOW, b"", 10, 0.1, distrust=2)
    assert "lying-304" not in closed(poll(learnt=distrusted)) | set(
        opened(poll(learnt=distrusted))
    )


def test_a_source_that_redirects_for_good_is_told_with_the_line_to_write() -> None:
    moved = Move("https://new.example/rss", 3, NOW - 24 * HOUR)
    told = opened(poll(move=moved))["relocated"]
    assert "`- feed: https://new.example/rss` in its place" in told
    assert "relocated" in closed(poll(move=replace(moved, since=NOW)))


def test_a_move_to_another_site() -> None:
    off = "off the outlet's site: elsewhere.example (articles.sites)"
    told = opened(poll(listed=[*entries(6, off), *entries(4)]))
    assert told["moved"] == f"6 of 10 entries are not fetched: {off}"
    assert "moved" in closed(poll(listed=[*entries(4, off), *entries(6)]))
    assert "moved" in closed(poll(listed=entries(10, "articles.deny '/video/'")))


@pytest.mark.parametrize(
    ("new", "daily", "burst"),
    [
        pytest.param(51, 24, True, id="many for a small outlet"),
        pytest.param(50, 24, False, id="not quite"),
        pytest.param(100, 24 * 30, False, id="usual for a large one"),
        pytest.param(200, 24 * 30, True, id="many even for that"),
    ],
)
def test_a_burst(new: int, daily: int, burst: bool) -> None:
    assert ("burst" in opened(poll(new=new, daily=daily))) == burst


def test_a_listing_that_is_empty_all_at_once() -> None:
    empty = Learnt(NOW, b"", 0, 0.0)
    assert "empty" in opened(poll(learnt=empty))
