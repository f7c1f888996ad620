"""Several cleaned pages as one text, and the feed's text for a page's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.article import FROM_FEED, Cleaned, Paragraph, Reading, Reason, Removed
from pipelines.bundle import Part, pack
from pipelines.candidate import Candidate
from pipelines.cleaning import CleanRules
from pipelines.joining import join, stand_in
from pipelines.outcome import Outcome
from pipelines.reading import Look, PageInput, read, read_page

STORY = "https://news.example/2026/11/old-harbour"
STANDFIRST = "After eleven years of talks the town has a plan for its harbour."
TEXTS = tuple(
    tuple(
        f"On page {page} the council hears witness number {n}, who remembers the flood "
        f"of that winter and has brought {page * n + 3} photographs of the quay."
        for n in range(1, 5)
    )
    for page in range(1, 4)
)
PAGER = "".join(f"<a href='{STORY}?page={n}'>{n}</a> " for n in (1, 2, 3))


def markup(texts: tuple[str, ...], head: str = "", title: str = "Old harbour") -> bytes:
    body = "".join(f"<p>{text}</p>" for text in texts)
    return (
        f"<html lang=en><head><title>{title}</title>{head}</head><body><main><article>"
        f"<h1>{title}</h1><p class=standfirst>{STANDFIRST}</p>{body}"
        f"<div class=pagination>{PAGER}</div></article></main>"
        "<footer><p>All rights reserved by the paper of the town.</p></footer></body>"
    ).encode()


def part(number: int, **said: object) -> Part:
    url = STORY if number == 1 else f"{STORY}?page={number}"
    found = Part(url, "text/html; charset=utf-8", markup(TEXTS[number - 1]))
    return replace(found, **said)


def bundled(*parts: Part, rules: CleanRules | None = None) -> Reading:
    body, content_type = pack(parts)
    return read_page(PageInput(body, content_type, STORY, rules=rules))


def whole_ledger(cleaned: Cleaned) -> list[int]:
    return sorted(
        [*(p.at for p in cleaned.paragraphs), *(r.at for r in cleaned.removed)]
    )


def test_pages_are_one_text_with_one_ledger() -> None:
    reading = bundled(part(1), part(2), part(3))
    cleaned = reading.cleaned
    assert cleaned.outcome is None
    assert cleaned.text.split("\n") == [STANDFIRST, *TEXTS[0], *TEXTS[1], *TEXTS[2]]
    assert whole_ledger(cleaned) == list(range(len(whole_ledger(cleaned))))
    again = [r for r in cleaned.removed if r.reason is Reason.REPEATED]
    assert [r.text for r in again] == [STANDFIRST] * 2
    assert reading.metadata.sources["text"] == "3 pages"
    alone = read_page(PageInput(markup(TEXTS[0]), "text/html", STORY)).cleaned
    assert len(whole_ledger(cleaned)) == 3 * len(whole_ledger(alone))


def test_a_missing_page_makes_a_part_of_the_article() -> None:
    gap = part(3, body=b"", missing="failed, HTTP 503")
    reading = bundled(part(1), part(2), gap)
    assert reading.cleaned.outcome is Outcome.PARTIAL
    assert "?page=3: failed, HTTP 503" in (reading.cleaned.detail or "")
    accepted = bundled(part(1), part(2), gap, rules=CleanRules(partial=True))
    assert accepted.cleaned.outcome is None
    assert accepted.cleaned.partial == reading.cleaned.detail
    assert TEXTS[1][3] in accepted.cleaned.text


def test_a_walled_further_page_is_a_missing_one() -> None:
    wall = b"<body><h1>Log in</h1><p>Subscribe to continue reading this article.</p>"
    reading = bundled(part(1), part(2, body=wall))
    assert reading.cleaned.outcome is Outcome.PARTIAL
    assert "page 2 is none" in (reading.cleaned.detail or "")


def test_the_page_that_shows_everything_is_the_text() -> None:
    every = part(2, body=markup(sum(TEXTS, ())), url=f"{STORY}?page=all", whole=True)
    reading = bundled(part(1), every)
    assert reading.cleaned.text.split("\n") == [STANDFIRST, *sum(TEXTS, ())]
    assert reading.metadata.sources["text"] == f"all on one page: {STORY}?page=all"


def test_a_page_that_is_no_article_is_not_joined() -> None:
    wall = Cleaned(None, (), (), Outcome.WALL, "a login")
    assert join([wall, Cleaned("T", (Paragraph("Text.", 0),), ())]) is wall


def test_a_look_at_a_page() -> None:
    body = markup(TEXTS[0])
    seen = read(Look(body, "text/html", STORY, STORY))
    assert seen.onward.following.url == f"{STORY}?page=2"
    assert TEXTS[0][0] in seen.text
    cards = "".join(f"<div><a href='/{n}'><h2>Story {n} of ours</h2></a></div>" * 2
                    for n in range(9))  # fmt: skip
    section = f"<body><h1>Harbour</h1>{cards}<a rel=next href='{STORY}?page=2'>2</a>"
    assert (
        read(Look(section.encode(), "text/html", STORY, STORY)).onward.following is None
    )


# The feed's text

WALL = (
    b"<html><head><title>Log in</title></head><body><h1>Log in to go on reading</h1>"
    b"<p>Subscribe to continue reading this article.</p></body></html>"
)
FED = "".join(f"<p>{text}</p>" for text in TEXTS[0] + TEXTS[1])
HINTS = Candidate(STORY, title="Old harbour", authors=("Ann Bell",), text=FED)


def walled(hints: Candidate | None, body: bytes = WALL) -> Reading:
    return read_page(PageInput(body, "text/html; charset=utf-8", STORY, hints=hints))


def test_the_feeds_text_stands_in_for_a_walled_page() -> None:
    reading = walled(HINTS)
    assert reading.cleaned.outcome is None
    assert reading.cleaned.text.split("\n") == [*TEXTS[0], *TEXTS[1]]
    assert (reading.title, reading.metadata.authors) == ("Old harbour", ("Ann Bell",))
    assert reading.metadata.sources["text"] == FROM_FEED
    assert reading.from_feed
    removed = reading.cleaned.removed
    assert any("Subscribe to continue" in gone.text for gone in removed)
    assert whole_ledger(reading.cleaned) == list(range(len(removed) + 8))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(None, id="no full text"),
        pytest.param("<p>The town has a plan.</p>", id="a summary"),
        pytest.param(f"{FED}<p>The mayor went on to say [...]</p>", id="cut off"),
        pytest.param(f"{FED}<p>The mayor went on to say …</p>", id="cut off, in short"),
    ],
)
def test_what_does_not_stand_in(text: str | None) -> None:
    reading = walled(replace(HINTS, text=text))
    assert reading.cleaned.outcome is Outcome.WALL
    assert not reading.from_feed


def test_a_page_that_shows_its_article_needs_no_feed() -> None:
    reading = walled(HINTS, markup(TEXTS[2]))
    assert not reading.from_feed
    assert TEXTS[2][0] in reading.cleaned.text


def test_an_article_that_is_gone_does_not_come_back() -> None:
    missing = b"<body><h1>Page not found</h1><p>Try the search.</p></body>"
    assert walled(HINTS, missing).cleaned.outcome is Outcome.NOT_ARTICLE


def test_a_feed_that_says_no_more_than_the_page_stays_out() -> None:
    line = Paragraph("The council met on Tuesday and talked about the harbour.", 0)
    page = Cleaned("T", (line,), (Removed("Log in", Reason.PAYWALL, 1, "a wall"),),
                   Outcome.PARTIAL, "a wall", withheld=True)  # fmt: skip
    assert stand_in(page, Cleaned(None, (line,), ())) is None
