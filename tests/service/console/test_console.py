"""The console: everything that is there, nothing from elsewhere, safe against texts."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import lxml.html
import pytest
from newsstand import COPY, FERRY, FERRY_TEXT, LOST, NOW, STORY, WALLED, Newsstand, fill
from served import TOKEN, Served

from pipelines.article import Reason
from pipelines.store import Store
from pipelines.store.overview import OutletCounts
from pipelines.store.sources import SourceStatus
from service.console.health import health
from service.console.rendering import REASONS, web
from service.standing import OutletStanding

NASTY = '<script>alert("x")</script>'
PAGES = ("/", "/articles", "/articles/1", f"/story?url={STORY}", "/story", "/problems")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "presswatch.db"
    fill(path)
    return path


@pytest.fixture
def console(database: Path) -> Iterator[Served]:
    with Served(database) as served:
        yield served


def seen(console: Served, path: str, status: int = 200) -> str:
    """What a page says, on one line."""
    answer = console.get(path)
    assert answer.status == status, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    (main,) = lxml.html.fromstring(answer.text).cssselect("main")
    return " ".join(str(main.text_content()).split())


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        pytest.param("/nowhere", 404, "Not found nothing is at /nowhere.", id="none"),
        pytest.param("/articles/x", 422, "should be a valid integer", id="no number"),
    ],
)
def test_a_browser_is_shown_problems_as_pages(
    console: Served, path: str, status: int, says: str
) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml"}
    answer = console.get(path, **browser)
    assert answer.headers["content-type"].startswith("text/html")
    (main,) = lxml.html.fromstring(answer.text).cssselect("main")
    assert answer.status == status
    assert says in " ".join(str(main.text_content()).split())
    for plain in (console.get(path), console.get(f"/v1{path}", **browser)):
        assert plain.headers["content-type"] == "application/problem+json"


def test_the_overview_tells_alerts_outlets_and_queue(console: Served) -> None:
    told = seen(console, "/")
    assert "Nothing is fetching" in told
    assert "1 alert open" in told
    assert "hills: its feed fails" in told
    assert "Look closer: presswatch try hills" in told
    assert "HTTP 500: no page" in told
    assert "ferry" in told
    assert "default" in told


def test_articles_by_outlet_language_and_words(console: Served) -> None:
    everything = seen(console, "/articles")
    assert "copy of ferry" in everything
    assert "revision 2" in everything
    assert "Ferry is back" not in seen(console, "/articles?outlet=ferry")
    assert "Ferry is back" in seen(console, "/articles?words=IS+back&language=en")
    assert "No article" in seen(console, "/articles?language=de")


def test_an_article_shows_what_went_and_why(console: Served) -> None:
    told = seen(console, "/articles/1")
    for paragraph in FERRY_TEXT:
        assert paragraph in told
    assert "removed as caption: a figcaption" in told
    assert "Read also: harbours" in told
    assert "It sails at noon." in told
    assert "It sails at noon." not in seen(console, "/articles/1?revision=1")
    page = lxml.html.fromstring(console.get("/articles/1").text)
    assert len(page.cssselect(".kept")) == 4
    assert len(page.cssselect(".gone")) == 2


def test_a_story_of_each_kind(console: Served) -> None:
    assert "HTTP 404: not found" in seen(console, f"/story?url={LOST}")
    walled = seen(console, f"/story?url={WALLED}")
    assert "a login stands before the text" in walled
    assert "Only the first sentence is free." in walled
    assert "a copy of ferry" in seen(console, f"/story?url={COPY}")
    unknown = seen(console, f"/story?url={FERRY}/unheard-of", 404)
    assert f"presswatch try {FERRY}/unheard-of" in unknown
    assert "Nothing is known" in seen(console, "/story?url=mailto:x", 404)


def test_what_is_not_there_is_said_so(console: Served) -> None:
    assert "no such article" in seen(console, "/articles/999", 404)
    assert "no such article" in seen(console, "/articles/1?revision=9", 404)


def test_texts_from_outside_stay_text(console: Served, database: Path) -> None:
    with Store.open(database) as store:
        text = (f"A paragraph with {NASTY} in it.", "Another one.")
        Newsstand(store).publish("ferry", f"{FERRY}/nasty", text, f"Title {NASTY}")
    for path in ("/articles", "/articles/3", f"/story?url={FERRY}/nasty"):
        answer = console.get(path)
        assert NASTY not in answer.text
        assert "&lt;script&gt;" in answer.text
    assert NASTY not in console.get(f"/story?url={NASTY}").text
    assert NASTY not in console.get(f"/articles?words={NASTY}").text


@pytest.mark.parametrize("path", PAGES)
def test_a_page_needs_nothing_from_elsewhere_and_no_script(
    console: Served, path: str
) -> None:
    text = console.get(path).text
    page = lxml.html.fromstring(text)
    assert not page.cssselect("script, iframe, img, [style], [onclick]")
    for element in page.cssselect("link[href], [src]"):
        assert (element.get("href") or element.get("src")).startswith("/")
    for form in page.cssselect("form"):
        assert form.get("method") == "get"
        assert form.get("action").startswith("/")
    assert "@import" not in text


@pytest.mark.parametrize("path", PAGES)
def test_a_page_can_be_read_by_all(console: Served, path: str) -> None:
    """What automatic checks of accessibility look for first."""
    page = lxml.html.fromstring(console.get(path).text)
    assert page.get("lang") == "en"
    assert page.cssselect("title")[0].text_content().strip()
    assert len(page.cssselect("h1")) == 1
    assert page.cssselect("main#main, a.skip[href='#main']")
    assert page.cssselect("meta[name=viewport]")
    for field in page.cssselect("input, select"):
        labelled = field.get("aria-label") or any(
            parent.tag == "label" for parent in field.iterancestors()
        )
        assert labelled, field.get("name")
    for head in page.cssselect("th"):
        assert head.get("scope")


def test_links_on_the_pages_lead_somewhere(console: Served) -> None:
    for path in PAGES:
        page = lxml.html.fromstring(console.get(path).text)
        for link in page.cssselect("a[href^='/']"):
            assert console.get(link.get("href")).status == 200, link.get("href")


def test_the_style_has_both_lights_and_the_assets_their_types(console: Served) -> None:
    style = console.get("/console.css")
    assert style.headers["content-type"].startswith("text/css")
    assert "prefers-color-scheme: dark" in style.text
    assert "url(" not in style.text
    assert console.get("/icon.svg").headers["content-type"] == "image/svg+xml"


def test_every_reason_has_words() -> None:
    assert set(REASONS) == set(Reason)


def test_a_link_leads_to_the_web_only() -> None:
    assert web("https://ferry.example/") == "https://ferry.example/"
    assert web("javascript:alert(1)") == ""


def test_pages_turn(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.console.routes.PAGE", 1)
    with Served(database) as console:
        first = console.get("/articles").text
        (older,) = re.findall(r'rel="next" href="([^"]+)"', first)
        second = console.get(older.replace("&amp;", "&")).text
    assert "Ferry runs" in first
    assert "Ferry is back" in second
    assert "Latest" in second


def test_a_browser_gets_in_with_a_token_as_password(database: Path) -> None:
    with Served(database, tokens=(TOKEN,)) as console:
        assert console.get("/", Accept="text/html").status == 401
        said = base64.b64encode(f"me:{TOKEN}".encode()).decode()
        assert console.get("/", Authorization=f"Basic {said}").status == 200


def source(error: str | None = None, *, polled: bool = True) -> SourceStatus:
    return SourceStatus(
        id=1,
        outlet="ferry",
        kind="feed",
        url=f"{FERRY}/rss",
        active=True,
        next_at=NOW,
        failures=0,
        last_polled=NOW if polled else None,
        last_ok=NOW if polled else None,
        last_new=None,
        last_error=error,
    )


@pytest.mark.parametrize(
    ("sources", "hours", "level", "word"),
    [
        ((source(),), 0, "good", "fine"),
        ((source("HTTP 500"),), 0, "bad", "fails"),
        ((source("HTTP 500"), source()), 0, "bad", "1 of 2 sources fail"),
        ((source(polled=False),), 0, "idle", "not polled yet"),
        ((source(),), 2, "idle", "not polled"),
        ((), 0, "idle", "left the config"),
    ],
)
def test_how_an_outlet_does(
    sources: tuple[SourceStatus, ...], hours: int, level: str, word: str
) -> None:
    outlet = OutletStanding("ferry", sources, OutletCounts("ferry", *[0] * 6, None))
    found = health(outlet, NOW + timedelta(hours=hours))
    assert (found.level, found.word) == (level, word)
