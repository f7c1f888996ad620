"""Addresses of an outlet that are one, learnt from its pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from newsdesk import Newsdesk, words

from pipelines.outcome import Outcome
from pipelines.store import Store

FERRY = "https://ferry.example"


def article(name: object, outlet: str = "ferry") -> str:
    return f"https://{outlet}.example/{name}"


def teach(desk: Newsdesk, times: int = 3, **other: str) -> None:
    """Articles that come under two spellings: plain, and with something `behind`."""
    for n in range(times):
        for url in (article(n), article(n) + other.get("behind", "/")):
            desk.publish(url, words(f"story {n}"))


def learnt(desk: Newsdesk, outlet: str = "ferry") -> list[str]:
    return [one.name for one in desk.store.articles.shapes(outlet) if one.is_learnt]


@pytest.mark.parametrize(
    ("behind", "shape"), [("/", "slash"), ("?edition=int", "parameter edition")]
)
def test_spellings_that_give_one_text_are_learnt(
    desk: Newsdesk, path: Path, behind: str, shape: str
) -> None:
    teach(desk, 2, behind=behind)
    assert learnt(desk) == []
    teach(desk, 3, behind=behind)
    assert learnt(desk) == [shape]
    first = desk.publish(article("a"), words("a"))
    again = desk.publish(article("a") + behind, words("a"))
    assert (again.outcome, again.article_id) == (Outcome.DUPLICATE, first.article_id)
    assert desk.store.articles.by_url(article("a") + behind) == ()
    assert learnt(desk, "pier") == []
    with Store.open(path) as reopened:
        assert learnt(Newsdesk(reopened)) == [shape]


def test_spellings_that_give_another_text_are_not(desk: Newsdesk) -> None:
    teach(desk)
    other = desk.publish(f"{article(0)}/x", words("x"))
    assert other.outcome is Outcome.NEW
    desk.publish(article("b"), words("b"))
    section = desk.publish(article("b") + "/", words("something else"))
    assert section.outcome is Outcome.NEW
    (found,) = desk.store.articles.by_url(article("b") + "/")
    assert found.text == words("something else")
    assert learnt(desk) == []


def test_a_parameter_that_is_the_article_is_not_learnt(desk: Newsdesk) -> None:
    for n in range(6):
        desk.publish(f"{FERRY}/story?id={n}", words(f"story {n}"))
        desk.publish(f"{FERRY}/story?id={n}&view=full", words(f"story {n}"))
    assert learnt(desk) == ["parameter view"]


def test_a_revision_under_the_other_spelling_is_one(desk: Newsdesk) -> None:
    teach(desk)
    text = words("a")
    first = desk.publish(article("a"), text)
    again = desk.publish(article("a") + "/", f"{text} More of it.")
    assert (again.outcome, again.article_id) == (Outcome.REVISION, first.article_id)
