"""The same text for several articles of an outlet: a wall that gave itself away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from newsdesk import Newsdesk, entry, words

from pipelines.outcome import Outcome
from pipelines.strays import Bearer, is_stray

WALL = (
    "To keep our pages free of robots we have to know a little more about you. Wait a "
    "moment while your browser is looked at. You are led back by itself; should that "
    "take more than half a minute, load this page anew or call the number below."
)
TITLES = {
    "a": "Ferry runs again after eleven months",
    "b": "Mayor opens the rebuilt market hall",
    "c": "Storm tears roofs from village school",
    "d": "Goalkeeper signs for three more seasons",
}


def url(name: str) -> str:
    return f"https://ferry.example/{TITLES[name].lower().replace(' ', '-')}-{name}"


def publish(desk: Newsdesk, name: str, text: str = WALL, **terms: object) -> Outcome:
    """Visit an article's page, which calls itself the same each time."""
    desk.later(minutes=31)
    retry_at = desk.now + timedelta(hours=1)
    stored = desk.publish(
        url(name), text, title="One moment", retry_at=retry_at, **terms
    )
    return stored.outcome


def kinds(desk: Newsdesk) -> list[str]:
    return [message.kind for message in desk.store.queue.export()]


def test_the_third_article_gives_the_wall_away(desk: Newsdesk) -> None:
    assert publish(desk, "a") is Outcome.NEW
    assert publish(desk, "b") is Outcome.DUPLICATE
    assert publish(desk, "c") is Outcome.WALL
    assert publish(desk, "d") is Outcome.WALL
    assert kinds(desk) == ["new", "withdrawal"]
    for name in "abcd":
        (story,) = desk.store.articles.story(url(name))
        assert story.url.outcome is Outcome.WALL
        assert story.url.next_at is not None
        assert "the same text came for" in (story.url.detail or "")
        assert story.rejection is not None
        assert story.rejection.text == WALL
    assert [a.text for a in desk.store.articles.by_url(url("a"))] == [""]


def test_the_true_article_is_news(desk: Newsdesk) -> None:
    for name in "abc":
        publish(desk, name)
    desk.later(hours=2)
    assert url("a") in desk.due()
    assert publish(desk, "a", words("ferry")) is Outcome.REVISION
    *_, told = desk.store.queue.export()
    assert told.article["text"] == words("ferry")
    assert publish(desk, "b", words("market")) is Outcome.REVISION
    # Nothing shows the wall any more but one page: it is nobody's memory.
    assert publish(desk, "d") is Outcome.NEW


def test_an_article_that_was_walled_later_keeps_its_text(desk: Newsdesk) -> None:
    publish(desk, "a", words("ferry"))
    publish(desk, "a")
    publish(desk, "b")
    assert publish(desk, "c") is Outcome.WALL
    assert "withdrawal" not in kinds(desk)
    (article,) = desk.store.articles.by_url(url("a"))
    first, _ = desk.store.articles.revisions(article.id)
    assert first.text == words("ferry")


def test_another_outlet_and_all_duplicates_are_none(desk: Newsdesk) -> None:
    publish(desk, "a")
    publish(desk, "b", outlet="hills")
    assert publish(desk, "c") is Outcome.DUPLICATE
    assert publish(desk, "d", duplicates="all") is Outcome.DUPLICATE


def test_a_feed_says_what_the_pages_are(desk: Newsdesk) -> None:
    numbered = [f"https://ferry.example/{n}" for n in range(3)]
    titles = list(TITLES.values())
    desk.poll([entry(u, title=t) for u, t in zip(numbered, titles, strict=False)])
    outcomes = [
        desk.publish(each, WALL, title="One moment").outcome for each in numbered
    ]
    # The submission's own hints are given by the crawl; here its URL says nothing.
    assert outcomes[:2] == [Outcome.NEW, Outcome.DUPLICATE]


@pytest.mark.parametrize(
    ("bearers", "stray"),
    [
        pytest.param(
            [Bearer(url(n), title="Wait") for n in "abc"], True, id="by their URLs"
        ),
        pytest.param(
            [Bearer(f"https://x/{n}", TITLES[n], "Wait") for n in "abc"],
            True,
            id="by their feed",
        ),
        pytest.param(
            [Bearer(f"https://x/{n}", None, TITLES[n]) for n in "abc"],
            True,
            id="by their own titles",
        ),
        pytest.param(
            [Bearer(f"https://x/{n}", title="Wait") for n in "abc"], False, id="unnamed"
        ),
        pytest.param([Bearer(url(n)) for n in "ab"], False, id="two"),
        pytest.param(
            [Bearer(f"https://x/{part}/ferry-runs-again-{n}") for n, part in
             enumerate(["news", "local", "sport"])],
            False,
            id="one article in three sections",
        ),
        pytest.param(
            [Bearer(f"https://x/{n}", title) for n, title in enumerate(
                ["Browser robots looked away", "Minute moment number below",
                 "Pages anew, browser anew"])],
            False,
            id="the text speaks of them",
        ),
        pytest.param(
            [Bearer(f"https://x/{n}", title) for n, title in enumerate(
                ["渡し船が運航を再開", "市場の新館が開業", "嵐で小学校の屋根が飛ぶ"])],
            True,
            id="in Japanese",
        ),
    ],
)  # fmt: skip
def test_what_is_a_stray(bearers: list[Bearer], stray: bool) -> None:
    assert is_stray(WALL, bearers) is stray


def test_a_long_text_under_several_headlines_is_an_article() -> None:
    bearers = [Bearer(url(name)) for name in "abcd"]
    assert not is_stray(WALL * 12, bearers)
