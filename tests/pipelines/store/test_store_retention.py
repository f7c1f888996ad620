"""Texts go when their time is over; what they were stays known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from newsdesk import MINUTE, Newsdesk, words

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
