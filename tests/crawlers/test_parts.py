"""The walk over an article's further pages: what it asks for, and where it ends."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from config.models import outlet
from crawlers import parts
from crawlers.fetch import Answer, Order, Purpose
from crawlers.parts import Collector
from crawlers.refusal import Miss
from pipelines.bundle import Part, is_bundle, unpack
from pipelines.outcome import Outcome
from pipelines.reading import Look, Seen, look
from pipelines.workers import Failure

STORY = "https://news.example/2026/11/old-harbour"
SENTENCE = (
    "On page {page} the council hears witness number {n}, who remembers the flood of "
    "that winter and has brought {n} photographs of the quay."
)


def page(number: int, links: str) -> str:
    text = "".join(f"<p>{SENTENCE.format(page=number, n=n)}</p>" for n in range(4))
    return f"<body><article><h1>Old harbour</h1>{text}{links}</article></body>"


def url(number: int) -> str:
    return STORY if number == 1 else f"{STORY}?page={number}"


def link(number: int) -> str:
    return f"<a href='{url(number)}'>{number}</a>"


@dataclass
class Web:
    """Pages by URL where the network would be, and a worker without a process.

    It stands for the session: what the walk sees of it is here.
    """

    pages: dict[str, str | Miss]
    asked: list[str] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.fetcher = self.pool = self

    def now(self) -> datetime:
        return datetime(2026, 11, 25, tzinfo=UTC)

    async def fetch(self, order: Order) -> Answer | Miss:
        self.asked.append(order.url)
        found = self.pages[order.url]
        if isinstance(found, Miss):
            return found
        final = self.moved.get(order.url, order.url)
        return Answer(final, 200, {"content-type": "text/html"}, found.encode())

    async def look_async(self, question: Look) -> Seen | Failure:
        return look(question)

    def complete(self, **said: Any) -> list[Part]:
        """The parts that the first page's answer comes to."""
        sources = [{"feed": "https://news.example/rss"}]
        order = Order(STORY, Purpose.PAGE, outlet("news", {"sources": sources, **said}))
        collector: Any = Collector(self)  # type: ignore[arg-type]
        first = asyncio.run(self.fetch(order))
        answer = asyncio.run(collector.complete(first, order))
        assert answer.url == STORY
        if not is_bundle(answer.content_type):
            return []
        return list(unpack(answer.body, answer.content_type))


def test_pages_are_fetched_in_order() -> None:
    pager = "".join(link(n) for n in (1, 2, 3))
    web = Web({url(n): page(n, pager) for n in (1, 2, 3)})
    found = web.complete()
    assert [part.url for part in found] == [url(1), url(2), url(3)]
    assert web.asked == [url(1), url(2), url(3)]


def test_a_page_without_more_stays_as_it_is() -> None:
    web = Web({STORY: page(1, "<a href='/2026/11/new-bridge'>Next</a>")})
    assert web.complete() == []
    assert web.asked == [STORY]


@pytest.mark.parametrize(
    ("second", "missing"),
    [
        pytest.param(Miss(Outcome.FAILED, "HTTP 503", 503), "HTTP 503", id="an error"),
        pytest.param(Miss(Outcome.GONE, "HTTP 404", 404), "HTTP 404", id="gone"),
        pytest.param(Miss(Outcome.ROBOTS, "robots.txt"), "robots.txt", id="robots"),
    ],
)
def test_a_missing_page_is_noted_and_ends_the_walk(second: Miss, missing: str) -> None:
    pager = "".join(link(n) for n in (1, 2, 3))
    found = Web({url(1): page(1, pager), url(2): second}).complete()
    assert (found[1].url, found[1].body) == (url(2), b"")
    assert missing in (found[1].missing or "")


def test_the_outlets_rules_hold_for_further_pages() -> None:
    web = Web({STORY: page(1, f"<a href='{STORY}/2'>2</a>")})
    found = web.complete(articles={"deny": ["/2$"]})
    assert "articles.deny" in (found[1].missing or "")
    assert web.asked == [STORY]


def test_a_walk_that_leads_back_ends() -> None:
    web = Web({url(1): page(1, link(2)), url(2): page(2, link(3)), url(3): "<p>x"})
    web.moved[url(3)] = STORY  # as sites do behind the last page
    assert [part.url for part in web.complete()] == [url(1), url(2)]
    same = Web({url(n): page(1, link(n + 1)) for n in (1, 2, 3)})
    same.pages[url(3)] = same.pages[url(2)]
    assert len(same.complete()) == 2


def test_a_walk_without_end_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MOST_PAGES", 3)
    web = Web({url(n): page(n, link(n + 1)) for n in range(1, 9)})
    found = web.complete()
    assert web.asked == [url(1), url(2), url(3)]
    assert found[-1].missing == "the article has more than 3 pages"
    monkeypatch.setattr(parts, "MOST_BYTES", 10)
    assert "MB" in (Web(dict(web.pages)).complete()[-1].missing or "")


EVERYTHING = f"{STORY}?page=all"


def test_the_page_that_shows_everything_is_enough() -> None:
    first = page(1, link(2) + f"<a href='{EVERYTHING}'>View as one page</a>")
    web = Web({STORY: first, EVERYTHING: page(1, "") + page(2, "") + page(3, "")})
    found = web.complete()
    assert [(part.url, part.whole) for part in found] == [
        (STORY, False),
        (EVERYTHING, True),
    ]


@pytest.mark.parametrize(
    "everything",
    [
        pytest.param(page(7, ""), id="shows something else"),
        pytest.param("<p>Log in.</p>", id="shows nothing"),
        pytest.param(Miss(Outcome.GONE, "HTTP 404", 404), id="is not there"),
    ],
)
def test_else_the_pages_are_walked(everything: str | Miss) -> None:
    first = page(1, link(2) + f"<a href='{EVERYTHING}'>View as one page</a>")
    web = Web({STORY: first, EVERYTHING: everything, url(2): page(2, "")})
    assert [part.url for part in web.complete()] == [url(1), url(2)]


def test_a_page_too_complex_to_look_at_is_kept_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    web = Web({STORY: page(1, link(2))})

    async def fails(question: Look) -> Failure:
        return Failure(Outcome.TOO_COMPLEX, "not read within 20 s")

    monkeypatch.setattr(web, "look_async", fails)
    assert web.complete() == []
