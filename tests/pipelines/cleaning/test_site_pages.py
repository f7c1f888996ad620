"""Long pages in which a site speaks of itself; and articles about the same matters."""

from __future__ import annotations

import pytest
from house_texts import TEXTS, named
from markup import document, kept

from pipelines.article import Cleaned, Metadata, Reason
from pipelines.cleaning import clean_page
from pipelines.outcome import Outcome

PASSWORD = "<form><input name=mail><input type=password name=pw><button>Go</button>"
DECLARED = '<meta property="og:type" content="article">'
BANNER = "<div><p>We use cookies.</p><button>Accept all</button></div>"
ELSEWHERE = "https://gazette.example/pier"


def bare(title: str, *texts: str, end: str = "", head: str = "") -> str:
    """A page of paragraphs under a headline, without menu and footer."""
    rows = "".join(f"<p>{text}</p>" for text in texts)
    return (
        f"<!DOCTYPE html><html><head><title>{title} | Harbour Gazette</title>{head}"
        f"</head><body><main><h1>{title}</h1>{rows}{end}</main></body></html>"
    )


def page(
    name: str, *, title: str = "", times: int = 1, end: str = "", head: str = ""
) -> str:
    """The page of that name, under another title if one is given."""
    text = TEXTS[name]
    end += "".join(f"<button>{label}</button>" for label in text.buttons)
    return bare(title or text.title, *text.paragraphs * times, end=end, head=head)


def cleaned(html: str, url: str = ELSEWHERE) -> Cleaned:
    return clean_page(document(html, url), None, None)


@pytest.mark.parametrize("name", named("consent"))
@pytest.mark.parametrize("times", [1, 3])
def test_a_page_that_asks_for_consent_is_a_wall(name: str, times: int) -> None:
    found = cleaned(page(name, times=times))
    assert found.outcome is Outcome.WALL, kept(found)
    assert found.withheld
    assert not kept(found)
    first = TEXTS[name].paragraphs[0]
    entries = [entry for entry in found.removed if first in entry.text]
    assert Reason.CONSENT in {entry.reason for entry in entries}


STORM = "Storm closes the harbour for a second day"


def test_so_is_one_in_the_place_of_an_article() -> None:
    found = cleaned(page("consent en", title=STORM, head=DECLARED))
    assert found.outcome is Outcome.WALL


def test_who_wrote_the_article_by_its_feed_changes_nothing() -> None:
    about = Metadata(
        title=STORM,
        authors=("Maria Keller",),
        sources={"title": "feed", "authors": "feed"},
    )
    found = clean_page(document(page("consent en")), about, None)
    assert found.outcome is Outcome.WALL


def test_without_buttons_a_field_or_its_address_tells() -> None:
    text = TEXTS["consent en"]
    html = bare(text.title, *text.paragraphs)
    assert cleaned(html).outcome is None
    field = "<form><input type=submit value='Accept all'></form>"
    asks = bare(text.title, *text.paragraphs, end=field)
    assert cleaned(asks).outcome is Outcome.WALL
    for url in (
        "https://gazette.example/consent/tcf?url=%2Fpier",
        "https://cmp.gazette.example/pier",
    ):
        assert cleaned(html, url).outcome is Outcome.WALL


def test_a_text_of_nothing_else_needs_neither() -> None:
    text = TEXTS["consent es"]
    assert cleaned(bare(text.title, *text.paragraphs)).outcome is Outcome.WALL


@pytest.mark.parametrize("name", named("article"))
@pytest.mark.parametrize("end", ["", BANNER], ids=["", "banner"])
def test_articles_about_such_matters_stand(name: str, end: str) -> None:
    found = cleaned(page(name, end=end))
    assert found.outcome is None, found.detail
    assert TEXTS[name].paragraphs[-1] in kept(found)


@pytest.mark.parametrize("name", named("article"))
def test_they_stand_under_such_an_address(name: str) -> None:
    url = "https://gazette.example/consent/a-story-1.html"
    assert cleaned(page(name, end=BANNER), url).outcome is None


@pytest.mark.parametrize(
    ("name", "title", "end", "outcome"),
    [
        pytest.param("site policy", "", "", Outcome.NOT_ARTICLE, id="policy"),
        pytest.param("site terms", "", "", Outcome.NOT_ARTICLE, id="terms"),
        pytest.param(
            "site terms",
            "Terms and Conditions of the Gazette",
            "",
            Outcome.NOT_ARTICLE,
            id="terms of somebody",
        ),
        pytest.param("site agb", "", "", Outcome.NOT_ARTICLE, id="German"),
        pytest.param("site check", "", "", Outcome.WALL, id="bot check"),
        pytest.param("site check", "Are you a robot?", "", Outcome.WALL, id="robot"),
        pytest.param("site log-in", "", PASSWORD, Outcome.WALL, id="log in"),
        pytest.param(
            "site log-in",
            "Create your free account",
            PASSWORD,
            Outcome.WALL,
            id="register",
        ),
        pytest.param("site network", "", "", Outcome.NOT_ARTICLE, id="X"),
    ],
)
def test_other_pages_about_the_site_itself(
    name: str, title: str, end: str, outcome: Outcome
) -> None:
    found = cleaned(page(name, title=title, end=end))
    assert found.outcome is outcome, kept(found)
    assert found.detail


def test_blog_software_declares_its_rules_an_article() -> None:
    found = cleaned(page("site policy", head=DECLARED))
    assert found.outcome is Outcome.NOT_ARTICLE


@pytest.mark.parametrize("name", named("article"))
def test_a_log_in_on_the_page_of_an_article_is_no_log_in_page(name: str) -> None:
    assert cleaned(page(name, end=PASSWORD)).outcome is None


def test_an_article_may_be_called_as_a_page_of_rules() -> None:
    assert cleaned(page("article datenschutz", head=DECLARED)).outcome is None
