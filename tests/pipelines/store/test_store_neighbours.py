"""Copies that are no more than nearly the same, as the store meets them."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import twins
from newsdesk import Newsdesk, reading, words

from pipelines.outcome import Outcome
from pipelines.revising import compare
from pipelines.similarity.judging import Likeness
from pipelines.store import Store, Submission, neighbours

A, B, C, D = (f"https://ferry.example/{name}" for name in "abcd")
WIRE = [words(f"wire {n}", 12) for n in range(10)]


def lines(*parts: list[str]) -> str:
    return "\n".join(line for part in parts for line in part)


def own(name: str, count: int = 3) -> list[str]:
    return [words(f"{name} {n}", 12) for n in range(count)]


def kinds(desk: Newsdesk) -> list[tuple[str, str]]:
    return [
        (message.kind, str(message.article["url"])[-1])
        for message in desk.store.queue.export()
    ]


@pytest.mark.parametrize(
    ("text", "cut", "extended"),
    [
        pytest.param(lines(WIRE[:5]), True, False, id="cut"),
        pytest.param(lines(WIRE, own("local")), False, True, id="extended"),
        pytest.param(lines(own("lead", 1), WIRE[:8]), True, True, id="edited"),
        pytest.param(lines(WIRE).upper(), False, False, id="whole"),
    ],
)
def test_a_changed_copy_is_told_once(
    desk: Newsdesk, text: str, cut: bool, extended: bool
) -> None:
    first = desk.publish(A, lines(WIRE))
    desk.later(minutes=40)
    copy = desk.publish(C, text, outlet="pier", title="Another headline")
    assert (copy.outcome, copy.text_of) == (Outcome.DUPLICATE, first.article_id)
    assert (copy.queued, kinds(desk)) == (False, [("new", "a")])
    (leased,) = desk.lease()
    (also,) = leased.article["also_at"]
    assert (also["url"], also["of"], also["lag"]) == (C, A, 2400)
    assert (also["cut"], also["extended"]) == (cut, extended)


def test_what_is_no_copy_is_told_with_what_it_shares(desk: Newsdesk) -> None:
    desk.publish(A, lines(WIRE))
    follow_up = desk.publish(B, lines(own("news", 8), WIRE[:4]), outlet="pier")
    assert (follow_up.outcome, follow_up.queued) == (Outcome.NEW, True)
    (story,) = desk.store.articles.story(B)
    (revision,) = story.revisions
    assert (revision.relation, revision.relation_of) == ("overlap", A)
    assert revision.coverage == pytest.approx(1 / 3, abs=0.05)
    assert revision.coverage_of == pytest.approx(0.4, abs=0.05)
    assert story.article is not None
    shared = [story.article.text[start:end] for start, end in revision.passages]
    assert shared[0].startswith("wire 0: wire0 sentence 0.")
    assert shared[0].endswith("wire3 sentence 11.")
    assert story.article.story == story.article.id
    assert desk.lease()[0].article["also_at"] == []


def test_a_round_up_is_no_copy(desk: Newsdesk) -> None:
    desk.publish(A, lines(WIRE))
    round_up = lines(own("first", 10), WIRE, own("last", 10))
    assert desk.publish(B, round_up, outlet="pier").outcome is Outcome.NEW
    (story,) = desk.store.articles.story(B)
    assert story.revisions[0].relation == Likeness.CONTAINED


@pytest.mark.parametrize(
    ("duplicates", "told"),
    [
        pytest.param("once", [], id="once"),
        pytest.param("each outlet", [("copy", "c")], id="each outlet"),
        pytest.param("all", [("copy", "c"), ("copy", "d")], id="all"),
    ],
)
def test_copies_are_queued_as_configured(
    desk: Newsdesk, duplicates: str, told: list[tuple[str, str]]
) -> None:
    desk.publish(A, lines(WIRE))
    desk.publish(C, lines(WIRE[:6]), outlet="pier", duplicates=duplicates)
    desk.publish(D, lines(WIRE[:9]), outlet="pier", duplicates=duplicates)
    assert kinds(desk) == [("new", "a"), *told]


def test_a_copy_is_told_when_it_becomes_a_text_of_its_own(desk: Newsdesk) -> None:
    desk.publish(A, lines(WIRE))
    desk.publish(B, lines(WIRE[:6]), outlet="pier")
    assert desk.publish(B, lines(WIRE[:7]), outlet="pier").queued is False
    rewritten = desk.publish(B, lines(own("news", 8)), outlet="pier")
    assert (rewritten.outcome, rewritten.queued) == (Outcome.REVISION, True)
    assert kinds(desk) == [("new", "a"), ("new", "b")]
    # And what is a copy of it is in its story.
    desk.publish(C, lines(own("news", 6)), outlet="quay")
    assert [row.story for row in desk.store.articles.by_url(C)] == [2]


def test_revisions_are_no_copies_of_themselves(desk: Newsdesk) -> None:
    desk.publish(A, lines(WIRE))
    revised = desk.publish(A, lines(WIRE[:9]))
    assert (revised.outcome, revised.queued) == (Outcome.REVISION, True)
    (article,) = desk.store.articles.by_url(A)
    assert article.story == article.id


def test_the_first_of_a_story_stays_it(desk: Newsdesk) -> None:
    desk.publish(A, lines(WIRE))
    desk.publish(B, lines(WIRE[:8]), outlet="pier")
    desk.publish(A, lines(WIRE[:9]))
    desk.publish(C, lines(WIRE[:7]), outlet="quay")
    assert {row.story for row in desk.store.articles.list()} == {1}


def submission(desk: Newsdesk, url: str, outlet: str, text: str) -> Submission:
    """A text that is about to be stored."""
    fetched = desk.fetch(url, outlet)
    return Submission(
        url_id=fetched.url_id,
        page_id=desk.waiting(fetched.url_id).page_id,
        outlet=outlet,
        url=url,
        alias=False,
        reading=reading(text),
        fetched_at=desk.now,
    )


def test_nothing_is_compared_twice(
    desk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not within the transaction: others would wait for the end of a long text."""
    desk.publish(A, lines(WIRE))
    desk.publish(B, lines(own("quay")), outlet="pier")
    copied = submission(desk, B, "pier", lines(own("lead", 1), WIRE[:8]))
    foreseen = desk.store.articles.foresee(copied, desk.now)
    compared = compare.cache_info().misses
    for name in ("sketched", "nearest", "passages"):
        monkeypatch.setattr(neighbours, name, None)
    stored = desk.store.articles.submit(copied, desk.now, foreseen)
    monkeypatch.undo()
    assert compare.cache_info().misses == compared
    assert stored.outcome is Outcome.REVISION
    *_, last = desk.store.articles.history(stored.article_id or 0)
    assert last.change == "material"


def test_passages_are_found_before_the_transaction(
    desk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.publish(A, lines(WIRE))
    copied = submission(desk, B, "pier", lines(own("lead", 1), WIRE[:8]))
    foreseen = desk.store.articles.foresee(copied, desk.now)
    monkeypatch.setattr(neighbours, "passages", None)
    stored = desk.store.articles.submit(copied, desk.now, foreseen)
    (row,) = desk.store.articles.history(stored.article_id or 0)
    (passage,) = row.passages
    text = lines(own("lead", 1), WIRE[:8])
    assert text[slice(*passage)] == lines(WIRE[:8])


def test_copies_of_what_was_read_before_the_transaction(
    desk: Newsdesk, path: Path
) -> None:
    copied = submission(desk, B, "pier", lines(WIRE[:8]))
    foreseen = desk.store.articles.foresee(copied, desk.now)
    with Store.open(path) as other:
        Newsdesk(other).publish(A, lines(WIRE))
    stored = desk.store.articles.submit(copied, desk.now, foreseen)
    assert stored.outcome is Outcome.DUPLICATE


def test_two_processes_with_the_same_texts_make_one_story_of_each(
    desk: Newsdesk, path: Path
) -> None:
    script = Path(__file__).with_name("twins.py")
    both = [
        subprocess.Popen(
            [sys.executable, script, path, outlet],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={"PYTHONPATH": ":".join(sys.path)},
        )
        for outlet in ("ferry", "pier")
    ]
    for twin in both:
        assert twin.stdout is not None
        assert twin.stdout.readline() == "ready\n"
    for twin in both:
        twin.communicate("go\n", timeout=60)
        assert twin.returncode == 0
    carried = Counter(row.story for row in desk.store.articles.list(limit=1000))
    assert list(carried.values()) == [2] * twins.STORIES
    assert len(list(desk.store.queue.export())) == twins.STORIES
