"""Stored pages come with the texts they gave; a new one is a cosmetic revision."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from newsdesk import NOW, Newsdesk, reading, words

from pipelines.decide import Submission
from pipelines.outcome import Outcome
from pipelines.store import Store, Stored
from pipelines.store import replays as module

URL = "https://ferry.example/a"
MADE = "cleaner/2-0badcafe rules/none config/none"


@pytest.fixture
def desk(store: Store) -> Newsdesk:
    return Newsdesk(store)


def amended(desk: Newsdesk, text: str, *, tell: bool = False) -> Stored | None:
    """The page of the latest text at URL gives another text today."""
    (replay,) = desk.store.replays.each(outlet="ferry")
    article = replay.article
    submission = Submission(
        url_id=replay.url_id,
        page_id=replay.page_id,
        outlet=article.outlet,
        url=article.url,
        alias=False,
        reading=reading(text),
        fetched_at=article.fetched_at,
        made_by=MADE,
    )
    return desk.store.articles.amend(submission, article.revision, desk.now, tell=tell)


def test_a_page_comes_with_its_text(desk: Newsdesk) -> None:
    desk.publish(URL, words("ferry"))
    (replay,) = desk.store.replays.each()
    assert replay.article.text == words("ferry")
    assert (replay.body, replay.content_type) == (b"<p>page</p>", "text/html")
    assert (replay.final_url, replay.candidate.url) == (URL, URL)


def test_a_page_that_is_pruned_is_missing(desk: Newsdesk) -> None:
    desk.publish(URL, words("ferry"))
    desk.store.prune_pages(NOW + timedelta(days=60))
    (replay,) = desk.store.replays.each()
    assert (replay.body, replay.article.text) == (None, words("ferry"))


def test_a_text_that_is_expired_is_left_out(desk: Newsdesk) -> None:
    desk.publish(URL, words("ferry"))
    (leased,) = desk.lease()
    desk.store.queue.ack(leased.id, leased.token, desk.now)
    assert desk.store.prune_texts(NOW + timedelta(days=1), desk.now) == 1
    assert list(desk.store.replays.each()) == []
    assert desk.store.replays.count(outlet=None, since=None) == 0


def test_the_latest_come_first_and_bit_by_bit(
    desk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 2)
    for number in range(5):
        desk.publish(f"{URL}/{number}", words(f"topic {number}"))
        desk.later(minutes=1)
    found = [replay.article.url[-1] for replay in desk.store.replays.each()]
    assert found == ["4", "3", "2", "1", "0"]
    since = NOW + timedelta(minutes=3)
    late = [r.article.url[-1] for r in desk.store.replays.each(since=since)]
    assert late == ["4", "3"]
    assert desk.store.replays.count(outlet=None, since=since) == 2
    assert list(desk.store.replays.each(outlet="hills")) == []


def test_a_new_text_is_a_cosmetic_revision_of_the_same_page(desk: Newsdesk) -> None:
    desk.publish(URL, words("ferry"))
    (before,) = desk.store.replays.each()
    desk.later(hours=1)
    stored = amended(desk, words("ferry", 30))
    assert stored is not None
    assert (stored.outcome, stored.revision) == (Outcome.REVISION, 2)
    assert (stored.queued, stored.msg_id) == (False, None)
    (after,) = desk.store.replays.each()
    assert after.article.text == words("ferry", 30)
    assert (after.article.cosmetic, after.article.made_by) == (True, MADE)
    assert (after.page_id, after.url_id) == (before.page_id, before.url_id)
    assert after.article.fetched_at == before.article.fetched_at
    assert [r.cosmetic for r in desk.store.articles.revisions(after.article.id)] == [
        False,
        True,
    ]


def test_consumers_are_told_if_asked(desk: Newsdesk) -> None:
    first = desk.publish(URL, words("ferry"))
    stored = amended(desk, words("ferry", 30), tell=True)
    assert stored is not None
    assert stored.queued
    new, revision = desk.lease()
    assert (new.kind, new.supersedes) == ("new", None)
    assert (revision.kind, revision.supersedes) == ("revision", first.msg_id)
    assert revision.article["changes"]["class"] == "material"
    assert len(revision.article["changes"]["edited"]) == 1


def test_it_says_what_changed_in_the_text_that_consumers_have(desk: Newsdesk) -> None:
    """Not in the one before, of which nobody was told."""
    text = "\n".join(words(f"part {n}") for n in range(4))
    stored = desk.publish(URL, text)
    amended(desk, "\n".join(text.split("\n")[:3]))
    *_, last = desk.store.articles.history(stored.article_id or 0)
    assert last.change == "material"
    amended(desk, "\n".join(text.split("\n")[:2]), tell=True)
    *_, revision = desk.lease()
    assert revision.article["changes"]["removed"] == text.split("\n")[2:]


def test_a_copy_that_nobody_heard_of_is_not_announced(desk: Newsdesk) -> None:
    desk.publish("https://hills.example/b", words("ferry"), outlet="hills")
    copy = desk.publish(URL, words("ferry"))
    assert (copy.outcome, copy.queued) == (Outcome.DUPLICATE, False)
    story = desk.store.articles.get(copy.article_id or 0)
    stored = amended(desk, words("ferry", 30), tell=True)
    assert stored is not None
    assert not stored.queued
    after = desk.store.articles.get(copy.article_id or 0)
    assert story is not None
    assert after is not None
    assert after.story == story.story != after.id


def test_the_page_seen_again_is_unchanged_then(desk: Newsdesk) -> None:
    desk.publish(URL, words("ferry"))
    amended(desk, words("ferry", 30))
    again = desk.publish(URL, words("ferry", 30))
    assert (again.outcome, again.queued) == (Outcome.UNCHANGED, False)


def test_a_later_revision_is_not_overwritten(desk: Newsdesk) -> None:
    desk.publish(URL, words("ferry"))
    (replay,) = desk.store.replays.each()
    desk.publish(URL, words("ferry and more"))
    submission = Submission(
        url_id=replay.url_id,
        page_id=replay.page_id,
        outlet="ferry",
        url=URL,
        alias=False,
        reading=reading(words("ferry", 30)),
        fetched_at=NOW,
    )
    amend = desk.store.articles.amend
    assert amend(submission, replay.article.revision, NOW, tell=True) is None
    unknown = replace(submission, url="https://ferry.example/none")
    assert amend(unknown, 1, NOW, tell=True) is None
    (latest,) = desk.store.replays.each()
    assert (latest.article.revision, latest.article.cosmetic) == (2, False)
