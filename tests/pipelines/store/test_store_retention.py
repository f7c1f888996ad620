"""Texts go when their time is over; what they were stays known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from audit import audit
from newsdesk import MINUTE, Newsdesk, reading, words

from pipelines.article import Dated
from pipelines.decide import Submission
from pipelines.outcome import Outcome
from pipelines.store import retention

A, B, C = (f"https://ferry.example/{name}" for name in "abc")
FERRY = words("ferry")


def settle(desk: Newsdesk) -> None:
    for leased in desk.lease():
        desk.store.queue.ack(leased.id, leased.token, desk.now)


def prune(desk: Newsdesk) -> int:
    return desk.store.prune_texts(desk.now, desk.now)


def test_settled_texts_go(desk: Newsdesk) -> None:
    stored = desk.publish(A, FERRY)
    settle(desk)
    desk.later(days=1)
    assert prune(desk) == 1
    (article,) = desk.store.articles.list()
    assert (article.text, article.title) == ("", "Ferry runs again")
    assert desk.store.articles.removed(article.id, 1) == ()
    (message,) = desk.store.queue.export()
    assert (message.id, message.article["text"]) == (stored.msg_id, "")
    assert prune(desk) == 0


def test_what_they_were_stays_known(desk: Newsdesk) -> None:
    desk.publish(A, FERRY)
    settle(desk)
    desk.later(days=1)
    prune(desk)
    assert desk.publish(A, FERRY).outcome is Outcome.UNCHANGED
    assert desk.publish(B, FERRY).outcome is Outcome.DUPLICATE
    assert desk.publish(A, FERRY + " More.").outcome is Outcome.REVISION


@pytest.mark.parametrize("state", ["ready", "leased", "delayed", "dead"])
def test_texts_that_somebody_may_still_want_stay(desk: Newsdesk, state: str) -> None:
    desk.publish(A, FERRY)
    if state != "ready":
        (leased,) = desk.lease()
        held = (leased.id, leased.token, "x")
    if state in ("delayed", "dead"):
        desk.store.queue.fail(*held, now=desk.now, permanent=state == "dead")
    desk.later(days=1)
    assert prune(desk) == 0
    assert desk.store.articles.list()[0].text == FERRY


def test_younger_texts_stay_and_copies_go_too(desk: Newsdesk) -> None:
    desk.publish(A, FERRY)
    desk.publish(B, FERRY)  # a copy, never queued
    settle(desk)
    desk.later(days=1)
    desk.publish(C, words("harbour"))
    assert desk.store.prune_texts(desk.now - MINUTE, desk.now) == 2
    assert [bool(row.text) for row in desk.store.articles.list()] == [
        True,
        False,
        False,
    ]


def test_it_goes_in_small_steps(
    desk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "CHUNK", 2)
    for n in range(5):
        desk.publish(f"{A}{n}", words(f"story {n}"))
    settle(desk)
    desk.now += timedelta(days=1)
    assert [prune(desk) for _ in range(4)] == [2, 2, 1, 0]


@pytest.mark.fault("C4")
def test_order_and_retention_go_by_our_clock(desk: Newsdesk) -> None:
    """An outlet may date its articles as it likes."""
    dates = {
        A: datetime(1970, 1, 1, tzinfo=UTC),
        B: datetime(2099, 1, 1, tzinfo=UTC),
        C: None,
    }
    for n, (url, said) in enumerate(dates.items()):
        fetched = desk.fetch(url)
        read = reading(words(f"story{n}"))
        dated = None if said is None else Dated(said, "json-ld")
        submission = Submission(
            url_id=fetched.url_id,
            page_id=desk.waiting(fetched.url_id).page_id,
            outlet="ferry",
            url=url,
            alias=False,
            reading=replace(read, metadata=replace(read.metadata, published=dated)),
            fetched_at=desk.now,
        )
        assert desk.store.articles.submit(submission, desk.now).queued
        desk.later(minutes=1)
    told = [
        (m.article["url"], m.article["published"]) for m in desk.store.queue.export()
    ]
    assert told == [
        (A, "1970-01-01T00:00:00+00:00"),
        (B, "2099-01-01T00:00:00+00:00"),
        (C, None),
    ]
    assert [leased.article["url"] for leased in desk.lease()] == [A, B, C]
    assert [row.url for row in desk.store.articles.list()] == [C, B, A]
    desk.later(hours=1)
    for leased in desk.lease():
        desk.store.queue.ack(leased.id, leased.token, desk.now)
    assert desk.store.prune_texts(desk.now - timedelta(days=1), desk.now) == 0
    assert prune(desk) == 3
    audit(desk.store.path)
