"""Reading over many articles and outlets, and who holds the lock."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from newsdesk import FEED, Newsdesk, entry, words

from pipelines.outcome import Outcome
from pipelines.store import DatabaseLock, Store, lock, overview

FERRY = "https://ferry.example"


def counts(desk: Newsdesk) -> dict[str, overview.OutletCounts]:
    since = desk.now - timedelta(hours=24)
    return {one.outlet: one for one in desk.store.overview.outlets(desk.now, since)}


def test_urls_are_counted_where_they_stand(desk: Newsdesk) -> None:
    desk.poll(entry(f"{FERRY}/{n}") for n in range(4))
    desk.fetch(f"{FERRY}/0")
    desk.fail(2, Outcome.FAILED, desk.now + timedelta(hours=1))
    desk.fail(3, Outcome.GONE)
    one = counts(desk)["ferry"]
    assert (one.due, one.later, one.waiting, one.done) == (1, 1, 1, 1)
    assert (one.articles, one.recent, one.last_article) == (0, 0, None)


def test_articles_are_counted_once_however_often_revised(desk: Newsdesk) -> None:
    desk.publish(f"{FERRY}/old", words("old"))
    desk.later(hours=30)
    desk.publish(f"{FERRY}/old", words("old, revised"))
    desk.publish(f"{FERRY}/new", words("new"))
    desk.publish("https://hills.example/a", words("hills"), outlet="hills")
    found = counts(desk)
    assert list(found) == ["ferry", "hills"]
    assert (found["ferry"].articles, found["ferry"].recent) == (2, 1)
    assert found["ferry"].last_article == desk.now
    assert found["hills"].recent == 1


def test_an_empty_database_has_no_outlets(desk: Newsdesk) -> None:
    assert counts(desk) == {}


def test_all_articles_are_read_bit_by_bit(
    desk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview, "CHUNK", 2)
    for n in range(7):  # stored at the same time, so that only their ids differ
        desk.publish(f"{FERRY}/{n}", words(f"story {n}"))
    found = [row.url for row in desk.store.overview.each()]
    assert found == [f"{FERRY}/{n}" for n in reversed(range(7))]


def test_articles_are_read_by_outlet_and_time(desk: Newsdesk) -> None:
    desk.publish(f"{FERRY}/early", words("early"))
    desk.later(hours=1)
    at: datetime = desk.now
    desk.publish(f"{FERRY}/late", words("late"))
    desk.publish("https://hills.example/a", words("hills"), outlet="hills")
    each = desk.store.overview.each
    assert [row.url for row in each(outlet="ferry")] == [
        f"{FERRY}/late",
        f"{FERRY}/early",
    ]
    assert [row.outlet for row in each(since=at)] == ["hills", "ferry"]


def test_each_revision_is_read_in_full(desk: Newsdesk) -> None:
    desk.publish(f"{FERRY}/a", words("first"))
    stored = desk.publish(f"{FERRY}/a", words("second"), title="Other")
    assert stored.article_id is not None
    first, second = desk.store.articles.revisions(stored.article_id)
    assert (first.revision, second.revision) == (1, 2)
    assert (first.text, second.text) == (words("first"), words("second"))
    assert second.title == "Other"


def test_what_a_source_lists_comes_with_what_was_decided(desk: Newsdesk) -> None:
    denied = entry(f"{FERRY}/video")
    denied = type(denied)(denied.candidate, denied.host, Outcome.DENIED, "no videos")
    desk.poll([entry(f"{FERRY}/a", title="A"), denied])
    first, second = desk.store.overview.listed_by(desk.source.id)
    assert (first.candidate.title, first.outcome) == ("A", None)
    assert (second.outcome, second.detail) == (Outcome.DENIED, "no videos")
    assert desk.store.overview.listed_by(desk.source.id + 1) == []


def test_urls_are_known_to_the_outlet_that_listed_them(desk: Newsdesk) -> None:
    desk.poll([entry(f"{FERRY}/a")])
    asked = [f"{FERRY}/a", f"{FERRY}/b"]
    assert desk.store.overview.known("ferry", asked) == {f"{FERRY}/a"}
    assert desk.store.overview.known("hills", asked) == frozenset()
    assert FEED not in desk.store.overview.known("ferry", [FEED])


def test_the_holder_of_the_lock_is_named(path: Path, store: Store) -> None:
    assert lock.holder(path) is None
    with DatabaseLock(path) as held:
        holder = lock.holder(path)
        assert holder is not None
        assert holder.pid == os.getpid()
        left_behind = held.path.read_text()
    assert lock.holder(path) is None
    held.path.write_text(left_behind)
    assert lock.holder(path) is None


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"pid": 1}', b"null", b"\xff"])
def test_a_lock_file_that_names_nobody_is_nobodys(
    path: Path, store: Store, text: bytes
) -> None:
    path.with_name(f"{path.name}.lock").write_bytes(text)
    assert lock.holder(path) is None
