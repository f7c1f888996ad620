"""What goes out of the middle of an article, and what must not."""

from __future__ import annotations

import pytest
from markup import HEADLINE, PARAGRAPHS, article, clean, kept, reason

from pipelines.article import Reason
from pipelines.cleaning import CleanRules
from pipelines.cleaning.rules import SelectorProblem

OTHER = "Storm tears roof off the town's only cinema"
GONE = [
    pytest.param(
        f"<p><a href='/x'>{OTHER}</a></p>", OTHER, "related", id="only a link"
    ),
    pytest.param(
        f"<p>Read also: <a href='/x'>{OTHER}</a></p>", OTHER, "related", id="leader"
    ),
    pytest.param(
        f"<div class='card'><a href='/x'><img><h3>{OTHER}</h3></a>"
        "<p>What a night.</p></div>",
        "What a night.",
        "teaser",
        id="card",
    ),
    pytest.param(
        f"<div class='q1'><h3><a href='/x'>{OTHER}</a></h3><p>What a night.</p></div>",
        "What a night.",
        "teaser",
        id="card without a name",
    ),
    pytest.param(
        f"<div><h4>Read also</h4><ul><li><a href='/x'>{OTHER}</a></li></ul></div>",
        OTHER,
        "teaser",
        id="list under a label",
    ),
    pytest.param(
        "<figure><img><figcaption>The pier at dawn.</figcaption></figure>",
        "The pier at dawn.",
        "caption",
        id="figure",
    ),
    pytest.param(
        "<div><img alt='x'><p>The pier at dawn</p></div>",
        "The pier at dawn",
        "caption",
        id="words beside a picture",
    ),
    pytest.param(
        "<div><img alt='Two boats lie under the old pier at dawn'></div>"
        "<p>Two boats lie under the old pier at dawn</p>",
        "Two boats",
        "caption",
        id="alternative text",
    ),
    pytest.param("<p>Photo: Ann Lee / AFP</p>", "Ann Lee", "credit", id="credit"),
    pytest.param("<div class='ad'><p>Buy boats.</p></div>", "Buy", "promo", id="ad"),
    pytest.param("<div>Advertisement</div>", "Advert", "promo", id="label of an ad"),
    pytest.param(
        "<aside><p>The pier was built in 1901 by the Harris brothers.</p></aside>",
        "Harris",
        "other",
        id="fact box",
    ),
    pytest.param(
        "<details><summary>More</summary><p>It is 300 feet long.</p></details>",
        "300 feet",
        "other",
        id="fold-out",
    ),
    pytest.param(
        "<p class='sr-only'>Gallery of four pictures follows here.</p>",
        "Gallery",
        "chrome",
        id="for screen readers",
    ),
    pytest.param("<form><p>Your e-mail address</p></form>", "e-mail", None, id="form"),
    pytest.param(
        "<p>Sign up for our newsletter and get the news every morning.</p>",
        "Sign up",
        "newsletter",
        id="newsletter line",
    ),
    pytest.param(
        f"<blockquote>{PARAGRAPHS[1]}</blockquote>",
        PARAGRAPHS[1],
        "repeated",
        id="pull quote",
    ),
    pytest.param("<div>Old pier</div>", "Old pier", "chrome", id="stray words"),
    pytest.param('<p>&lt;img src="x.gif"&gt;</p>', "x.gif", "chrome", id="code"),
]


@pytest.mark.parametrize(("body", "text", "why"), GONE)
def test_furniture_goes(body: str, text: str, why: str | None) -> None:
    cleaned = clean(article(body))
    assert [t for t in kept(cleaned) if t not in PARAGRAPHS] == []
    assert set(PARAGRAPHS) <= set(kept(cleaned))
    found = reason(cleaned, text)
    assert found == why if why else found


STAYS = [
    pytest.param("<h2>What it will cost</h2>", id="crosshead"),
    pytest.param(
        "<h2><a name='c'></a>What it will cost</h2>", id="crosshead with anchor"
    ),
    pytest.param("<p>It will cost two million.</p>", id="short sentence"),
    pytest.param("<p>Why now?</p>", id="question"),
    pytest.param("<ul><li>two ferries</li><li>one crane</li></ul>", id="list"),
    pytest.param("<table><tr><td>2019</td><td>44 boats</td></tr></table>", id="table"),
    pytest.param(
        "<p>The mayor, who <a href='/m'>opened the old one</a>, was pleased.</p>",
        id="link in a sentence",
    ),
    pytest.param(
        "<p><a href='/r'>The report was published by the harbour board in May.</a></p>",
        id="linked sentence",
    ),
    pytest.param("<blockquote>I will be the first on it.</blockquote>", id="quote"),
    pytest.param("<p><strong>Ann Lee:</strong> I can hardly wait.</p>", id="speaker"),
    pytest.param("<div>It opens in June, the builders say.</div>", id="text in a div"),
    pytest.param(
        "<p>The photo of the pier hangs in every kitchen, said Ann Lee.</p>",
        id="sentence about a photo",
    ),
    pytest.param(
        "<p>LONDON — The engineers are to arrive on Monday morning.</p>", id="dateline"
    ),
    pytest.param(
        "<p>Correction: The pier is 300 feet long, not 200.</p>", id="correction"
    ),
]


@pytest.mark.parametrize("body", STAYS)
def test_text_stays(body: str) -> None:
    cleaned = clean(article(body))
    assert len(kept(cleaned)) > len(PARAGRAPHS), [r.evidence for r in cleaned.removed]


def test_every_paragraph_named_paywall_is_text() -> None:
    html = article("").replace("<p>", "<p class='paywall'>")
    assert kept(clean(html)) == list(PARAGRAPHS)


def test_a_name_around_the_whole_text_is_not_believed() -> None:
    html = article("").replace("class='story'", "class='social-content related'")
    assert kept(clean(html)) == list(PARAGRAPHS)


def test_the_headline_again_is_no_text() -> None:
    html = article("").replace(
        "<div class='story'>", f"<div class='story'><h2>{HEADLINE}</h2>"
    )
    cleaned = clean(html)
    assert kept(cleaned) == list(PARAGRAPHS)
    assert [r.reason for r in cleaned.removed if r.text == HEADLINE] == [
        Reason.TITLE
    ] * 2


def test_a_short_line_below_a_standfirst_told_twice_is_a_crosshead() -> None:
    told = "The pier burned down nine years ago; now the town has found the money."
    crosshead = "<p>What it will cost</p>"
    html = article("").replace("<div class='story'>", f"<h2>{told}</h2><div>")
    twice = html.replace("<div><p>", f"<div><p>{told}</p>{crosshead}<p>")
    cleaned = clean(twice)
    assert kept(cleaned) == [told, "What it will cost", *PARAGRAPHS]
    alone = clean(html.replace("<div><p>", f"<div>{crosshead}<p>"))
    assert reason(alone, "What it will cost") == "chrome"


def test_a_name_in_the_byline_opens_no_paragraph_of_its_own() -> None:
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", '
        '"author": {"name": "Ann Lee"}}</script>'
    )
    html = article("", head).replace(
        "</div></article>", "<p>Ann Lee reports on harbours.</p></div></article>"
    )
    assert reason(clean(html), "reports on harbours") == "author"


# --- the operator's rules -------------------------------------------------------


def test_remove_takes_text_out() -> None:
    rules = CleanRules(remove=("p.second",))
    html = article("<p class='second'>It will cost two million.</p>")
    cleaned = clean(html, rules)
    assert kept(cleaned) == list(PARAGRAPHS)
    (gone,) = [r for r in cleaned.removed if r.reason is Reason.RULE]
    assert "p.second" in gone.evidence


def test_keep_wins_over_what_the_markup_says() -> None:
    rules = CleanRules(keep=("//aside",))
    html = article("<aside><p>The pier was built in 1901.</p></aside>")
    assert "The pier was built in 1901." in kept(clean(html, rules))


def test_remove_inside_keep_is_removed() -> None:
    rules = CleanRules(keep=("aside",), remove=("xpath://aside/p[2]",))
    html = article("<aside><p>Built in 1901.</p><p>Painted in 1950.</p></aside>")
    cleaned = clean(html, rules)
    assert "Built in 1901." in kept(cleaned)
    assert reason(cleaned, "Painted") == "rule"


def test_remove_may_take_everything() -> None:
    cleaned = clean(article(""), CleanRules(remove=("article",)))
    assert kept(cleaned) == []


def test_lines_are_removed_by_pattern() -> None:
    cleaned = clean(article(""), CleanRules(remove_lines=("four thousand",)))
    assert kept(cleaned) == list(PARAGRAPHS[:2])
    assert reason(cleaned, "four thousand") == "rule"


@pytest.mark.parametrize("text", ["p[", "//p[", "xpath:((", "p:nope(", "//p[nope()]"])
def test_broken_selectors_are_named(text: str) -> None:
    with pytest.raises(SelectorProblem, match="selector"):
        clean(article(""), CleanRules(remove=(text,)))


def test_broken_patterns_are_named() -> None:
    with pytest.raises(SelectorProblem, match=r"pattern '\('"):
        clean(article(""), CleanRules(remove_lines=("(",)))


def test_selectors_that_find_no_elements_do_nothing() -> None:
    rules = CleanRules(remove=("xpath:count(//p)", "//p/text()", "div.none"))
    assert kept(clean(article(""), rules)) == list(PARAGRAPHS)
