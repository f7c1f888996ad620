"""Revisions: what they changed, which of them are told, and pages that flap."""

from __future__ import annotations

from datetime import timedelta

import pytest
from newsdesk import Newsdesk, words

from pipelines.outcome import Outcome
from pipelines.revising import Change

A, B = "https://ferry.example/a", "https://ferry.example/b"
TEXT = "\n".join(words(f"part {n}", 8) for n in range(6))
MORE = f"{TEXT}\n{words('news', 8)}"
DEFAULT = frozenset(Change) - {Change.COSMETIC}


def told(desk: Newsdesk) -> list[tuple[str, str | None]]:
    """Kind and class of change of all messages."""
    return [
        (message.kind, (message.article.get("changes") or {}).get("class"))  # type: ignore[attr-defined]
        for message in desk.store.queue.export()
    ]


def test_a_revision_says_what_it_changed(desk: Newsdesk) -> None:
    desk.publish(A, TEXT)
    desk.publish(A, MORE, title="Ferry stops")
    new, revision = desk.store.queue.export()
    assert "changes" not in new.article
    assert revision.supersedes == new.id
    assert revision.article["changes"] == {
        "class": "material",
        "kept": 6,
        "moved": [],
        "added": [words("news", 8)],
        "removed": [],
        "edited": [],
        "title": {"before": "Ferry runs again", "after": "Ferry stops"},
        "notice": None,
    }
    (story,) = desk.store.articles.story(A)
    assert [row.change for row in story.revisions] == [None, "material"]
    assert story.revisions[1].changes == revision.article["changes"]


@pytest.mark.parametrize(
    ("text", "title", "change"),
    [
        (TEXT.upper(), "Ferry runs again", "cosmetic"),
        (TEXT, "Ferry stops", "headline-only"),
        (f"{TEXT}\nCorrection: part 2 was wrong.", "Ferry runs again", "correction"),
        (MORE, "Ferry runs again", "material"),
        (words("another"), "Ferry runs again", "rewritten"),
    ],
)
def test_the_config_says_which_are_queued(
    desk: Newsdesk, text: str, title: str, change: str
) -> None:
    for url, wanted in ((A, frozenset({change})), (B, frozenset(Change) - {change})):
        first = words(url, 4)
        desk.publish(url, f"{first}\n{TEXT}", outlet=url[-1], duplicates="all")
        queued = desk.publish(
            url, f"{first}\n{text}", outlet=url[-1], title=title, revisions=wanted
        )
        assert (queued.outcome, queued.queued) == (Outcome.REVISION, url == A)
        (row,) = desk.store.articles.by_url(url)
        assert (row.revision, row.title) == (2, title)
    assert told(desk)[1] == ("revision", change)


def test_changes_add_up_until_they_are_told(desk: Newsdesk) -> None:
    """Compared with what consumers have, not with what they never heard of."""
    desk.publish(A, TEXT)
    parts = TEXT.split("\n")
    for n in range(len(parts)):
        parts[n] = parts[n].replace("sentence 0", f"sentense{n} 0")
        desk.publish(A, "\n".join(parts), revisions=frozenset({Change.MATERIAL}))
    assert [kind for kind, _ in told(desk)] == ["new"]
    desk.publish(A, "\n".join(parts), title="Ferry stops", revisions=DEFAULT)
    (_, revision) = desk.store.queue.export()
    edited = revision.article["changes"]["edited"]  # type: ignore[index]
    assert len(edited) == len(parts)


def test_what_was_withdrawn_is_told_when_it_is_back(desk: Newsdesk) -> None:
    desk.publish(A, TEXT)
    for _ in range(2):
        (story,) = desk.store.articles.story(A)
        desk.fail(story.url.id, Outcome.GONE)
        desk.later(hours=3)
    desk.publish(A, TEXT, revisions=DEFAULT)
    assert [kind for kind, _ in told(desk)] == ["new", "withdrawal", "revision"]


def test_a_page_that_flaps_is_held_back(desk: Newsdesk) -> None:
    desk.publish(A, TEXT, most_revisions=3)
    outcomes = []
    for n in range(5):
        desk.later(hours=1)
        text = f"{TEXT}\n{words(f'box {n}', 8)}"
        outcomes.append(desk.publish(A, text, most_revisions=3).outcome)
    assert outcomes == [Outcome.REVISION] * 3 + [Outcome.UNCHANGED] * 2
    assert len(told(desk)) == 4
    (alert,) = desk.store.alerts.list()
    assert alert.key.startswith("flapping:ferry:")
    assert alert.evidence.startswith("3 revisions in 24 hours")
    (story,) = desk.store.articles.story(A)
    assert story.url.detail == "changes too often: held back until 2026-11-24 08:30"
    # It is looked at again then, so that its last state is not lost.
    desk.later(hours=20)
    assert desk.due() == [A]
    last = f"{TEXT}\n{words('last', 8)}"
    assert desk.publish(A, last, most_revisions=3).outcome is Outcome.REVISION
    (row,) = desk.store.articles.by_url(A)
    assert row.text == last
    day = timedelta(days=1)
    assert desk.store.alerts.close_unseen("flapping:", desk.now, desk.now + day) == 1


def test_retention_takes_the_changes_out(desk: Newsdesk) -> None:
    desk.publish(A, TEXT)
    desk.publish(A, MORE)
    for leased in desk.lease():
        desk.store.queue.ack(leased.id, leased.token, desk.now)
    desk.later(days=200)
    assert desk.store.prune_texts(desk.now - timedelta(days=180), desk.now) == 2
    assert told(desk) == [("new", None), ("revision", None)]
    desk.publish(A, f"{MORE} Later.", revisions=DEFAULT)
    assert told(desk)[-1] == ("revision", None)
