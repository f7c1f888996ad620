"""Listings and pages that were never meant to be read: one pass over all of them."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from audit import Complaint, audit
from faults.under import add_outlet, database

from pipelines.store import Store
from pipelines.store.sources import SourceStatus
from program import exported, watched_pass
from service.demo.client import Site

DOCUMENTS = Path(__file__).parents[1] / "crawlers/discovery/documents"


def document(name: str) -> dict[str, Any]:
    """The arguments of the fault `body` that sends a document of the tests."""
    data = (DOCUMENTS / name).read_bytes()
    return {"base64": base64.b64encode(data).decode(), "type": "application/xml"}


def feed_of(number: int) -> dict[str, Any]:
    """A feed of so many items, each elsewhere."""
    items = "".join(
        f"<item><link>https://other.invalid/news/story-{n}</link></item>"
        for n in range(number)
    )
    return {"text": f"<rss><channel>{items}</channel></rss>", "type": "text/xml"}


#: Outlet -> what its feed sends, and what must be said of it (None: it is read).
LISTINGS: dict[str, tuple[dict[str, Any], str | None]] = {
    "laughs": (document("hostile-billion-laughs.xml"), None),
    "quadratic": (document("hostile-quadratic.xml"), None),
    "external": (document("hostile-external-entity.xml"), None),
    "include": (document("hostile-xinclude.xml"), None),
    "links": (document("rss2-hostile-links.xml"), None),
    "doubles": (document("rss2-duplicates.xml"), None),
    "cyrillic": (document("encoding-cp1251-labelled-utf8.xml"), None),
    "utf16": (document("encoding-utf16.xml"), None),
    "controls": (document("broken-controls.xml"), None),
    "cut": (document("broken-cut-after-item.xml"), None),
    "long": (feed_of(5000), None),
    "captcha": ({"text": "<html><body>Are you a robot?</body></html>"}, "not a feed"),
    "empty": ({"text": ""}, "empty"),
}


def story(topic: str, extra: str = "") -> str:
    """A page with a text of its own on a topic."""
    sentences = (
        f"On day {n} the {topic} board met and heard report {n * 7} of its engineers."
        for n in range(1, 13)
    )
    return (
        f"<html lang=en><head><title>News of {topic}</title></head><body><article>"
        f"<h1>News of {topic}</h1>{extra}<p>{' '.join(sentences)}</p></article></body>"
    )


BROKEN = story("bridge").encode() + b"\x00\xff\xfe\xed\xa0\x80"

#: Article pages by name: the fault and its arguments.
PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "huge": ("huge", {}),
    "links": ("many_links", {}),
    "deep": ("deep", {}),
    "wide": ("wide_table", {}),
    "consent": ("page", {"page": "consent"}),
    "prose": ("page", {"page": "consent_prose"}),
    "terms": ("page", {"page": "terms"}),
    "feed": ("body", {"text": "<?xml version='1.0'?><rss><channel><item>"}),
    "login": ("page", {"page": "login"}),
    "captcha": ("page", {"page": "captcha"}),
    "nothing": ("body", {"text": ""}),
    "surrogates": (
        "body",
        {"text": story("harbour", "<p>One &#xD800; two &#0; three.</p>")},
    ),
    "bytes": (
        "body",
        {"base64": base64.b64encode(BROKEN).decode()},
    ),
    "line": ("body", {"text": story("canal", f"<p>{'word ' * 200_000}</p>")}),
    "numbers": ("body", {"text": f"<html><body><p>{'12 345 ' * 200}</p>"}),
}

#: Those of them that stand where an article should.
INSTEAD = ("consent", "prose", "terms", "feed", "login", "captcha", "nothing")


class Pass(NamedTuple):
    """One pass over all of it."""

    site: Site
    config: Path
    pages: dict[str, str]
    healthy: list[str]
    sources: dict[str, SourceStatus]
    log: str


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pass]:
    with Site.start(window=200) as site:
        config = site.config(
            tmp_path_factory.mktemp("content"), outlets=["courier"], sources=["feed"]
        )
        for name, (said, _) in LISTINGS.items():
            url = f"{site.outlets['talbote']}/feed.atom?k={name}"
            add_outlet(config, name, url, on_add="skip")
            site.fault("talbote", f"k={name}$", "body", **said)
        fresh = site.publish("courier", generate=2 * len(PAGES))
        pages = dict(zip(PAGES, fresh[::2], strict=True))
        for name, (kind, args) in PAGES.items():
            site.fault("courier", f"^/{pages[name].split('/', 3)[3]}", kind, **args)
        calendar = "".join(f'<a href="/cal/{n}">{n}</a>' for n in range(2026, 2040))
        site.fault("gaceta", "^/cal", "body", text=f"<html><body>{calendar}")
        site.config(config, outlets=["upland"], sources=["section"])
        loop = "<sitemapindex><sitemap><loc>{origin}/maps/a</loc></sitemap>"
        loop += "<sitemap><loc>{origin}/maps/b</loc></sitemap></sitemapindex>"
        site.fault("gaceta", "^/maps/", "body", text=loop, type="text/xml")
        _watch_traps(config, site)
        log = watched_pass(config, code=1).log
        with Store.open(database(config), read_only=True) as store:
            sources = {s.outlet: s for s in store.frontier.source_status()}
        yield Pass(site, config, pages, fresh[1::2], sources, log)


def _watch_traps(config: Path, site: Site) -> None:
    origin = site.outlets["gaceta"]
    told = f"sources: [{{section: {origin}/cal/2026}}]\n"
    (config / "outlets" / "calendar.yaml").write_text(told)
    told = f"sources: [{{sitemap: {origin}/maps/index}}]\non_add: skip\n"
    (config / "outlets" / "cycle.yaml").write_text(told)


@pytest.mark.fault("F1", "F2", "F3", "F5", "F6", "F8", "H10")
def test_listings_are_read_as_far_as_they_can_be(done: Pass) -> None:
    for name, (_, words) in LISTINGS.items():
        error = done.sources[name].last_error
        assert (error is None) == (words is None), (name, error)
    with Store.open(database(done.config), read_only=True) as store:
        query = "SELECT outlet, count(*) AS n FROM url GROUP BY outlet"
        counts = {row["outlet"]: row["n"] for row in store.session.rows(query)}
        urls = [row["url"] for row in store.session.rows("SELECT url FROM url")]
    assert counts["long"] == 2000  # the newest, or the first
    assert all(url.startswith(("http://", "https://")) for url in urls)
    targets = [entry["target"] for entry in done.site.log("gaceta")]
    assert len([t for t in targets if t.startswith("/maps/")]) <= 3
    assert len([t for t in targets if t.startswith("/cal/")]) <= 1 + 14
    assert done.site.connections("forbidden") == 0
    audit(
        database(done.config),
        finished=True,
        log=done.log,
        complaints=[
            Complaint(name, f"k={name}", "failed")
            for name, (_, words) in LISTINGS.items()
            if words is not None
        ],
    )


@pytest.mark.fault("T1", "T2", "T5", "T7")
def test_pages_end_under_a_name_and_the_next_is_clean(done: Pass) -> None:
    messages = {m["article"]["url"]: m["article"] for m in exported(done.config)}
    assert set(done.healthy) <= messages.keys()
    for name in INSTEAD:
        assert done.pages[name] not in messages, name
    assert "�" not in messages[done.healthy[0]]["text"]
    for name in ("surrogates", "bytes"):
        text = messages[done.pages[name]]["text"]
        assert "board met and heard report 7" in text
        assert "\0" not in text
        text.encode()  # no lone surrogates
    with Store.open(database(done.config), read_only=True) as store:
        for name, url in done.pages.items():
            (story,) = store.articles.story(url)
            assert story.url.outcome is not None, name
    audit(
        database(done.config),
        listed=[*done.pages.values(), *done.healthy],
        finished=True,
        log=done.log,
        complaints=[Complaint("courier", done.pages[name], "(") for name in INSTEAD],
    )
