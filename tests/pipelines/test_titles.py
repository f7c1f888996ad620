"""The headline among a page's titles."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.titles import Said, choose, strip_site

SITE = ["Example Post", "www.post.example", "post"]


def said(**texts: str) -> list[Said]:
    return [Said(place.replace("_", "-"), text, place) for place, text in texts.items()]


@pytest.mark.parametrize(
    ("statements", "title", "source"),
    [
        pytest.param(
            said(title="Harbour to reopen | Example Post"),
            "Harbour to reopen",
            "title",
            id="the site's name goes",
        ),
        pytest.param(
            said(
                h1="Harbour to reopen", title="Harbour to reopen - Town - Example Post"
            ),
            "Harbour to reopen",
            "h1",
            id="with the section before it",
        ),
        pytest.param(
            said(title="Example Post: Harbour to reopen"),
            "Harbour to reopen",
            "title",
            id="the site's name in front",
        ),
        pytest.param(
            said(og="Harbour to reopen – post.example – 23.11.2026"),
            "Harbour to reopen",
            "og",
            id="domain and date",
        ),
        pytest.param(
            said(og="港の再開：Example Post"), "港の再開", "og", id="wide colon"
        ),
        pytest.param(
            said(title="Harbour: a plan - and its price"),
            "Harbour: a plan - and its price",
            "title",
            id="a dash of its own stays",
        ),
        pytest.param(
            said(
                json_ld="Harbour to reopen",
                h1="Harbour to reopen",
                og="You won't guess",
            ),
            "Harbour to reopen",
            "json_ld",
            id="what most agree on",
        ),
        pytest.param(
            said(json_ld="SEO title", og="Harbour", twitter="Harbour", title="Harbour"),
            "Harbour",
            "og",
            id="many small against one",
        ),
        pytest.param(
            said(h1="Example Post", og="Harbour to reopen"),
            "Harbour to reopen",
            "og",
            id="a heading that is the masthead",
        ),
        pytest.param(
            [
                Said("h1", "World: Example News", "h1"),
                Said("h1", "Harbour to reopen after nine years", "h1"),
                Said("og", "Harbour to reopen after nine years", "og"),
                Said(
                    "title",
                    "Harbour to reopen after nine years (video) World: Example News",
                    "title",
                ),
            ],
            "Harbour to reopen after nine years",
            "h1",
            id="a masthead of another name, told by where the title has it",
        ),
        pytest.param(
            said(
                h1="Harbour to reopen after nine years",
                og="Harbour to reopen after nine years | Example Post Online",
                twitter="Harbour to reopen after nine years | Example Post Online",
            ),
            "Harbour to reopen after nine years",
            "h1",
            id="a longer form of the site's name",
        ),
        pytest.param(
            said(h1="Harbour", og="Harbour - Example Post at its quay tonight"),
            "Harbour",
            "h1",
            id="a kicker is no headline with the name behind it",
        ),
        pytest.param(
            said(og="Harbour &amp;amp; pier"),
            "Harbour & pier",
            "og",
            id="escaped twice",
        ),
        pytest.param(
            said(h1="  Harbour\n to   reopen "),
            "Harbour to reopen",
            "h1",
            id="one line",
        ),
        pytest.param(
            said(json_ld="Harbour’s plan", og="Harbour's plan", h1="Other"),
            "Harbour’s plan",
            "json_ld",
            id="spellings of one title count together",
        ),
        pytest.param(
            said(feed="Harbour to reopen"), "Harbour to reopen", "feed", id="the feed's"
        ),
    ],
)
def test_the_headline_is_found(statements: list[Said], title: str, source: str) -> None:
    assert choose(statements, SITE) == (title, source)


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param([], id="nothing"),
        pytest.param(said(title="Example Post", h1=" "), id="only the site's name"),
        pytest.param(said(title="x" * 501), id="a book"),
    ],
)
def test_without_a_headline_there_is_none(statements: list[Said]) -> None:
    assert choose(statements, SITE) is None


def test_every_separator_is_known() -> None:
    for mark in (" | ", " - ", " – ", " — ", " · ", " • ", " » ", " :: ", "|", "｜"):
        assert (
            strip_site(f"Harbour{mark}Example Post", {"examplepost"}, set())
            == "Harbour"
        )


@settings(deadline=None)
@given(
    st.lists(st.text(max_size=60), max_size=4),
    st.lists(st.text(max_size=20), max_size=3),
)
def test_no_title_breaks_the_choice(texts: list[str], names: list[str]) -> None:
    places = ["json-ld", "h1", "og", "title"]
    found = choose(
        [Said(place, text, place) for place, text in zip(places, texts, strict=False)],
        names,
    )
    assert found is None or found[0].strip() == found[0] != ""
