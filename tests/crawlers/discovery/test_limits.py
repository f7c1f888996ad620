"""Documents that are large, hostile or random: bounded work, one kind of error."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawlers import discovery
from crawlers.discovery import feed, sitemap
from crawlers.discovery.body import NotAListing, text_of
from pipelines.urls import canonical

URL = "https://www.courier.example/feed.xml"
DOCUMENTS = Path(__file__).parent / "documents"


def rss(items: str, *, end: str = "</channel></rss>") -> bytes:
    return f"<rss><channel>{items}{end}".encode()


def item(number: int, date: str = "") -> str:
    return f"<item><link>/news/{number}</link><pubDate>{date}</pubDate></item>"


def test_the_newest_entries_of_a_long_feed_are_taken_in_its_order() -> None:
    items = [
        item(n, f"2026-{1 + n // 280:02}-{1 + n // 10 % 28:02}") for n in range(2500)
    ]
    listing = discovery.read("feed", rss("".join(items)), URL, None)
    numbers = [int(each.url.rpartition("/")[2]) for each in listing.candidates]
    assert numbers == list(range(500, 2500))
    assert [each.reason for each in listing.rejected] == [
        "500 entries beside the 2,000 newest"
    ]


def test_without_dates_the_first_entries_of_a_long_feed_are_taken() -> None:
    listing = discovery.read("feed", rss("".join(map(item, range(2100)))), URL, None)
    assert listing.candidates[-1].url.endswith("/news/1999")


def test_a_long_json_feed_is_cut_the_same_way() -> None:
    items = [
        {"url": f"/n/{n}", "date_published": f"{1000 + n}-01-01"} for n in range(2100)
    ]
    listing = discovery.read("feed", json.dumps({"items": items}).encode(), URL, None)
    assert len(listing.candidates) == 2000
    assert listing.candidates[0].url.endswith("/n/100")
    assert listing.rejected[0].reason == "100 entries beside the 2,000 newest"


def test_a_sitemap_is_read_up_to_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MOST_URLS", 3)
    urls = "".join(
        f"<url><loc>/{n}</loc><lastmod>2026-01-0{n}</lastmod></url>"
        for n in range(1, 6)
    )
    listing = discovery.read("sitemap", f"<urlset>{urls}</urlset>".encode(), URL, None)
    assert [each.url[-2:] for each in listing.candidates] == ["/3", "/4", "/5"]
    assert listing.rejected[0].reason == "2 entries beside the 3 newest"
    plain = "\n".join(f"https://a.example/{n}" for n in range(5)).encode()
    listing = discovery.read("sitemap", plain, URL, None)
    assert [each.url[-2:] for each in listing.candidates] == ["/0", "/1", "/2"]
    assert listing.rejected[0].reason == "2 entries beside the 3 newest"


def test_many_refused_links_are_counted() -> None:
    body = rss("<item><link>javascript:x</link></item>" * 150)
    rejected = discovery.read("feed", body, URL, None).rejected
    assert len(rejected) == 101
    assert rejected[-1].reason == "50 more links refused"


def test_a_packed_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = gzip.compress(b" " * 60_000_000)
    with pytest.raises(NotAListing, match="unpacks to more than 50 MB"):
        text_of(bomb, None)


def test_bombs_may_come_in_many_members() -> None:
    with pytest.raises(NotAListing, match="unpacks to more than 1 MB"):
        text_of(gzip.compress(b"x" * 600_000) * 2, None, largest=1_000_000)


def test_a_body_over_the_limit_is_refused() -> None:
    with pytest.raises(NotAListing, match="larger than 1 MB"):
        text_of(b"<" * 1_000_001, None, largest=1_000_000)


def test_each_reader_takes_its_own_kind_only() -> None:
    news = b"<urlset><url><loc>https://a.example/1</loc></url></urlset>"
    with pytest.raises(NotAListing, match="a sitemap, not a feed"):
        feed.parse(news, URL, None)
    with pytest.raises(NotAListing, match="a feed, not a sitemap"):
        sitemap.parse(rss(item(1)), URL, None)
    assert len(feed.parse(rss(item(1)), URL, None).candidates) == 1
    assert len(feed.parse(b'{"items":[{"url":"/1"}]}', URL, None).candidates) == 1
    assert len(sitemap.parse(news, URL, None).candidates) == 1
    assert len(sitemap.parse(b"https://a.example/1", URL, None).candidates) == 1


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(rss("<item>" * 20_000), id="items in items"),
        pytest.param(rss("<item>" + "<a>" * 50_000), id="nested tags"),
        pytest.param(rss("<item>" + "<a/>" * 50_000), id="many tags"),
        pytest.param(rss("<item><title>" + "&" * 200_000), id="ampersands"),
        pytest.param(rss("<item><title>" + "<" * 200_000), id="less-than signs"),
        pytest.param(rss("<![CDATA[" * 50_000), id="open CDATA"),
        pytest.param(b"<!--" * 100_000, id="open comments"),
        pytest.param(b"<!---->" * 50_000, id="comments"),
        pytest.param(b"<!DOCTYPE a [" + b"<!--" * 100_000, id="comments in a DTD"),
        pytest.param(b"<!DOCTYPE a [" + b"\"'" * 100_000, id="quotes in a DTD"),
        pytest.param(b"<rss " + b'a="b" ' * 50_000, id="attributes"),
        pytest.param(b"<rss " + b"a=b " * 50_000 + b"><item>", id="open attributes"),
        pytest.param(b"<rss" + b" " * 200_000, id="blanks"),
        pytest.param(b'{"items":' + b"[" * 100_000, id="nested JSON"),
        pytest.param(b'{"items":[' + b"9" * 100_000 + b"]}", id="long number"),
        pytest.param(rss("<item><pubDate>" + "9" * 100_000), id="long date"),
        pytest.param(rss("<item><title>" + "&#" * 100_000), id="open references"),
        pytest.param(rss("<item><title>" + "<b " * 100_000), id="open tags"),
    ],
)
def test_hostile_shapes_end(body: bytes) -> None:
    """Their work grows with their length only: the suite's timeout is the judge."""
    try:
        assert discovery.read("feed", body, URL, None).candidates == ()
    except NotAListing as refusal:
        assert str(refusal)  # noqa: PT017


def test_entities_are_neither_expanded_nor_fetched() -> None:
    found = discovery.read(
        "feed", (DOCUMENTS / "hostile-billion-laughs.xml").read_bytes(), URL, None
    )
    assert found.candidates[0].title == "Laughs &u; end"
    leak = (DOCUMENTS / "hostile-external-entity.xml").read_bytes()
    assert (
        discovery.read("feed", leak, URL, None).candidates[0].title == "Leak &leak; end"
    )


ANY_DOCUMENT = st.sampled_from(
    sorted(path for path in DOCUMENTS.iterdir() if path.stat().st_size < 5_000)
)
PIECES = [
    b"<item>", b"</item>", b"<entry>", b"<url><loc>", b"]]>", b"<![CDATA[", b"<!--",
    b"-->", b"<!DOCTYPE x [", b"]>", b"&", b"&amp;", b"&#x0;", b"\x00", b"\xff\xfe",
    b"<rss>", b"</rss>", b"<?xml", b"xml:base='//['", b"<link/>", b"{", b'"', b"http://[",
]  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(ANY_DOCUMENT, st.data(), st.sampled_from(["feed", "sitemap", "section"]))
def test_damage_is_survived_or_named(
    path: Path, data: st.DataObject, kind: str
) -> None:
    body = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body)))
        gone = data.draw(st.integers(0, 30))
        body[at : at + gone] = data.draw(
            st.sampled_from(PIECES) | st.binary(max_size=6)
        )
    try:
        listing = discovery.read(kind, bytes(body), URL, None)
    except NotAListing as refusal:
        assert str(refusal)  # noqa: PT017
        return
    urls = [each.url for each in listing.candidates]
    assert urls == [canonical(url) for url in dict.fromkeys(urls)]


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["feed", "sitemap", "section"]))
def test_no_bytes_break_a_reader(body: bytes, kind: str) -> None:
    try:
        discovery.read(kind, body, URL, None)
    except NotAListing as refusal:
        assert str(refusal)  # noqa: PT017
