"""What a page is when it is no article; and articles that look a little like it."""

from __future__ import annotations

import pytest
from markup import HEADLINE, PARAGRAPHS, article, clean, kept, page, paragraphs

from pipelines.cleaning import CleanRules
from pipelines.outcome import Outcome

CARDS = "".join(
    f"<div><a href='/{i}'><h2>Story number {i} of the day</h2></a>"
    "<p>Read what happened.</p></div>"
    for i in range(12)
)
PAID = (
    '<script type="application/ld+json">'
    '{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
)
OFFER = "<div class='paywall'><p>Subscribe to continue reading this article.</p></div>"
#: Longer than a stub, shorter than an article.
BEGINNING = paragraphs(
    *PARAGRAPHS, "The council has not said yet what the work will cost."
)


@pytest.mark.parametrize(
    ("html", "outcome"),
    [
        pytest.param(
            page(f"<h1>Local news</h1>{CARDS}"), Outcome.NOT_ARTICLE, id="section"
        ),
        pytest.param(
            page("<h1>404 - Page not found</h1><p>Try the search.</p>"),
            Outcome.NOT_ARTICLE,
            id="soft 404",
        ),
        pytest.param(
            page("<h1>Página no encontrada</h1><p>Vuelva a la portada.</p>"),
            Outcome.NOT_ARTICLE,
            id="soft 404 in Spanish",
        ),
        pytest.param(
            "<body><div id='app'>Please enable JavaScript to read this.</div></body>",
            Outcome.NOT_ARTICLE,
            id="script shell",
        ),
        pytest.param(
            "<body><div id='root'></div></body>", Outcome.NOT_ARTICLE, id="empty"
        ),
        pytest.param(
            "<body><h1>Your privacy</h1><p>We value your privacy and use cookies.</p>"
            "<p>Accept all cookies or manage preferences to go on reading.</p></body>",
            Outcome.WALL,
            id="consent",
        ),
        pytest.param(
            page(f"<article><h1>{HEADLINE}</h1>{OFFER}</article>"),
            Outcome.WALL,
            id="paywall",
        ),
        pytest.param(
            page(f"<article><h1>{HEADLINE}</h1>{BEGINNING}{OFFER}</article>", PAID),
            Outcome.PARTIAL,
            id="the free part",
        ),
    ],
)
def test_kinds(html: str, outcome: Outcome) -> None:
    cleaned = clean(html)
    assert cleaned.outcome is outcome
    assert cleaned.detail
    assert bool(kept(cleaned)) is (outcome is Outcome.PARTIAL)


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(article(""), id="short article"),
        pytest.param(
            article("").replace("</article>", f"{CARDS}</article>"), id="with cards"
        ),
        pytest.param(
            article(OFFER * 2 + paragraphs(*PARAGRAPHS * 3)), id="offer in it"
        ),
        pytest.param(
            article("<p>The page was not found, and JavaScript was disabled.</p>"),
            id="about error pages",
        ),
        pytest.param(
            page(f"<article><h1>{HEADLINE}</h1>{BEGINNING}</article>", PAID),
            id="paid, but all is there",
        ),
    ],
)
def test_articles_stand(html: str) -> None:
    cleaned = clean(html)
    assert cleaned.outcome is None
    assert PARAGRAPHS[0] in kept(cleaned)


def test_an_outlet_may_accept_the_free_part() -> None:
    html = page(f"<article><h1>{HEADLINE}</h1>{BEGINNING}{OFFER}</article>", PAID)
    assert clean(html, CleanRules(partial=True)).outcome is None


def test_the_text_of_a_wall_is_in_the_ledger() -> None:
    cleaned = clean(
        "<body><h1>Privacy</h1><p>We use cookies and value your privacy.</p></body>"
    )
    assert any("We use cookies" in entry.text for entry in cleaned.removed)
