"""Where the article is found: container, headline, standfirst."""

from __future__ import annotations

import pytest
from markup import HEADLINE, PARAGRAPHS, article, clean, kept, page, paragraphs

from pipelines.article import Metadata

STANDFIRST = "A century after it opened, the pier will get a second life on concrete."
BOX = "<div class='x'><p>Ten other things to do here on a rainy day.</p></div>"


def texts(html: str, metadata: Metadata | None = None) -> list[str]:
    return kept(clean(html, metadata=metadata))


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(f"<p class='lead'>{STANDFIRST}</p>", id="paragraph"),
        pytest.param(f"<h2 class='subtitle'>{STANDFIRST}</h2>", id="heading"),
        pytest.param(f"<div class='teaser'>{STANDFIRST}</div>", id="called teaser"),
        pytest.param(f"<div><div>{STANDFIRST}</div></div>", id="no name"),
        pytest.param(
            f"<div class='share'>Share</div><p>By Ann Lee</p><p>{STANDFIRST}</p>",
            id="after by-line and share bar",
        ),
    ],
)
def test_the_standfirst_comes_first(head: str) -> None:
    html = article("").replace("</h1>", f"</h1><header>{head}</header>")
    assert texts(html) == [STANDFIRST, *PARAGRAPHS]


@pytest.mark.parametrize(
    "head",
    [
        pytest.param("<p>By Ann Lee</p>", id="by-line"),
        pytest.param("<div>12 March 2025, 10:15</div>", id="date"),
        pytest.param(
            "<ul><li>Key point one of the story is here.</li></ul>", id="points"
        ),
        pytest.param(f"<p>{HEADLINE}</p>", id="headline again"),
        pytest.param(
            "<figure><img><p>The pier on a summer day.</p></figure>", id="caption"
        ),
        pytest.param(
            "<p><a href='/s'>Storm hits the coast, and the pier.</a></p>", id="link"
        ),
    ],
)
def test_other_things_under_the_headline_are_no_text(head: str) -> None:
    html = article("").replace("</h1>", f"</h1><header>{head}</header>")
    assert texts(html) == list(PARAGRAPHS)


def test_a_declared_summary_is_a_standfirst_whatever_it_stands_in() -> None:
    html = article("").replace("</h1>", f"</h1><div class='author'>{STANDFIRST}</div>")
    assert texts(html, Metadata(description=STANDFIRST)) == [STANDFIRST, *PARAGRAPHS]


def test_the_body_may_be_split_by_advertisements() -> None:
    parts = "<div class='ad'>Advertisement</div>".join(
        f"<div class='part'><p>{text}</p></div>" for text in PARAGRAPHS
    )
    assert texts(page(f"<h1>{HEADLINE}</h1><div>{parts}</div>")) == list(PARAGRAPHS)


def test_the_first_paragraph_may_stand_above_the_rest() -> None:
    first, *rest = PARAGRAPHS
    html = page(
        f"<article><h1>{HEADLINE}</h1><div id='free'><p>{first}</p></div>"
        f"<div id='metered'>{paragraphs(*rest * 3)}</div></article>"
    )
    assert texts(html)[0] == first


def test_text_without_paragraph_tags() -> None:
    html = page(f"<h1>{HEADLINE}</h1><div>{'<br><br>'.join(PARAGRAPHS)}</div>")
    assert texts(html) == list(PARAGRAPHS)


def test_layout_tables() -> None:
    html = page(
        "<table><tr><td><a href='/'>Home</a></td></tr><tr><td>"
        f"<h1>{HEADLINE}</h1>{paragraphs()}</td></tr></table>"
    )
    assert texts(html) == list(PARAGRAPHS)


def test_what_stands_above_the_headline_is_no_text() -> None:
    ticker = "<ul>" + "".join(
        f"<li>Flash {i}: ships wait off the coast.</li>" for i in range(9)
    )
    html = page(f"<div>{ticker}</ul><h2>{HEADLINE}</h2>{paragraphs()}</div>")
    assert texts(html) == list(PARAGRAPHS)


def test_long_comments_do_not_become_the_article() -> None:
    comments = paragraphs(
        *(f"I think so too, and number {i} does as well." for i in range(60))
    )
    html = article("").replace(
        "</article>", f"</article><div id='comments'>{comments}</div>"
    )
    assert texts(html) == list(PARAGRAPHS)


def test_other_articles_below_are_no_text() -> None:
    other = "<article><h1>Another story altogether</h1>" + paragraphs(
        *(f"The other story goes on and on for {i} more lines." for i in range(8))
    )
    html = article("").replace("</article>", f"</article>{other}</article>")
    assert texts(html) == list(PARAGRAPHS)


def test_a_box_at_the_end_of_the_container_is_trimmed() -> None:
    part = f"<div class='part'>{paragraphs(*PARAGRAPHS * 2)}</div>"
    body = part + "<p>Advertisement</p>" + part + BOX
    html = page(f"<h1>{HEADLINE}</h1><div>{body}</div>")
    assert not any("rainy day" in text for text in texts(html))


def test_the_title_is_the_headline_as_the_page_shows_it() -> None:
    html = article("").replace(f"<h1>{HEADLINE}", f"<h1>Harbour: {HEADLINE}")
    assert clean(html).title == f"Harbour: {HEADLINE}"


def test_without_a_heading_the_title_is_the_declared_one() -> None:
    html = article("").replace(f"<h1>{HEADLINE}</h1>", "")
    assert clean(html).title == f"{HEADLINE} - Pier Gazette"


def test_a_logo_is_no_headline() -> None:
    html = page(
        "<h1><a href='/'>Pier Gazette</a></h1>"
        f"<article><h2>{HEADLINE}</h2>{paragraphs()}</article>"
    )
    cleaned = clean(html)
    assert cleaned.title == HEADLINE
    assert kept(cleaned) == list(PARAGRAPHS)


@pytest.mark.parametrize("html", ["", "<p>", "<html></html>", "<!-- -->", "plain"])
def test_pages_without_an_article_give_no_text_and_no_error(html: str) -> None:
    cleaned = clean(html)
    assert kept(cleaned) == []
    assert cleaned.outcome
