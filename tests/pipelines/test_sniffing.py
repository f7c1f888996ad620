"""Bytes that are no text are told from text in any encoding."""

from __future__ import annotations

import hashlib
import zlib

import pytest

from pipelines.sniffing import foreign

NOISE = hashlib.shake_128(b"noise").digest(5000)
TEXTS = {
    "utf-8": "Die Fähre fuhr am Dienstag später ab, weil der Wind zunahm. " * 9,
    "cp1251": "Паром отошёл во вторник позже из-за сильного ветра. " * 9,
    "koi8-r": "Паром отошёл во вторник позже из-за сильного ветра. " * 9,
    "cp932": "フェリーは火曜日、強風のため遅れて出港した。" * 20,
    "iso2022_jp": "フェリーは火曜日、強風のため遅れて出港した。" * 20,
    "gb18030": "渡轮星期二因大风推迟出发。" * 20,
    "utf-16": "Паром отошёл во вторник позже из-за сильного ветра. " * 9,
    "utf-16-le": "The ferry left late on Tuesday as the wind rose. " * 9,
    "utf-16-be": "The ferry left late on Tuesday as the wind rose. " * 9,
}


@pytest.mark.parametrize("encoding", TEXTS)
def test_text_is_no_binary_data(encoding: str) -> None:
    text = TEXTS[encoding]
    assert foreign(text.encode(encoding)) is None
    assert foreign(f"<html><p>{text}</p></html>".encode(encoding)) is None


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x00a\x01b\x02", id="a short text with damage"),
        pytest.param(b"<p>A \x01stray\x02 control\x03</p>" * 3, id="stray controls"),
        pytest.param(b"PK is what players call him. " * 9, id="a word like a mark"),
    ],
)
def test_damaged_text_stays_text(body: bytes) -> None:
    assert foreign(body) is None


@pytest.mark.parametrize(
    ("body", "word"),
    [
        pytest.param(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF", id="pdf"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "PNG", id="png"),
        pytest.param(b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG", id="jpeg"),
        pytest.param(b"\x00\x00\x00\x20ftypisom", "MP4", id="mp4"),
        pytest.param(b"PK\x03\x04\x14\x00\x06\x00", "ZIP", id="zip"),
        pytest.param(NOISE, "binary", id="random bytes"),
        pytest.param(bytes(5000), "binary", id="zeros"),
        pytest.param(zlib.compress(NOISE), "binary", id="deflated"),
    ],
)
def test_what_is_no_text_is_named(body: bytes, word: str) -> None:
    assert word in (foreign(body) or "")


RSS = "<rss version='2.0'><channel><item><title>A &lt;b&gt;</title></item></channel>"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        pytest.param(RSS, "feed", id="bare"),
        pytest.param(f"<?xml version='1.0'?>\n<!-- one -->\n{RSS}", "feed", id="rss"),
        pytest.param('<?xml version="1.0"?><feed xmlns="a">', "feed", id="atom"),
        pytest.param("<rdf:RDF xmlns:rdf='a'><item>", "feed", id="rdf"),
        pytest.param("\n <atom:feed>", "feed", id="prefix"),
        pytest.param("<urlset><url><loc>https://a/</loc>", "sitemap", id="sitemap"),
        pytest.param("<sitemapindex>", "sitemap", id="index"),
        pytest.param("<opml version='2.0'><body>", "feeds", id="opml"),
        pytest.param(
            "<html><body><div id='webkit-xml-viewer-source-xml'><rss>",
            "XML",
            id="saved by a browser",
        ),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_lists_of_articles_are_no_page(text: str, word: str, encoding: str) -> None:
    assert word in (foreign(text.encode(encoding)) or "")


@pytest.mark.parametrize("text", ['{"version": "https://a/"}', '\ufeff [{"a": "<p>"}]'])
def test_json_is_no_page(text: str) -> None:
    assert foreign(text.encode()) == "JSON"


@pytest.mark.parametrize(
    "text",
    [
        "<?xml version='1.0'?><!DOCTYPE html><html><body><p>XHTML, as it was.</p>",
        "<p>The tag &lt;rss&gt; opens a feed.</p><rss>",
        "<feedback>A page of its own kind</feedback>",
        "[Reuters] - The ferry left late.",
        '{"quoted": as a headline}',
        "<!--" * 2000,
        "[[" * 100_000,
    ],
)
def test_pages_are_pages(text: str) -> None:
    assert foreign(text.encode()) is None
