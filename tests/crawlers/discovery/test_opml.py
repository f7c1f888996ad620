"""OPML as feed readers write it, and as they should not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.discovery.opml import Entry, Feed, OpmlError, parse, write

READER = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0">
  <head><title>Mine</title></head>
  <body>
    <outline text="Europe">
      <outline title="North" text="North">
        <outline type="rss" text="Fjord" xmlUrl="https://fjord.example/rss"
                 htmlUrl="https://fjord.example/"/>
      </outline>
      <outline text="Alps &amp; Lakes" XMLURL=" https://alps.example/feed "/>
    </outline>
    <outline text="Not a feed" url="https://page.example/"/>
    <outline xmlUrl="https://last.example/atom"/>
  </body>
</opml>
"""


def test_outlines_are_read_with_their_folders_and_lines() -> None:
    assert parse(READER) == [
        Entry(
            "https://fjord.example/rss",
            "Fjord",
            "https://fjord.example/",
            ("Europe", "North"),
            8,  # where its tag ends
        ),
        Entry("https://alps.example/feed", "Alps & Lakes", None, ("Europe",), 10),
        Entry("https://last.example/atom", None, None, (), 13),
    ]


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("feed://fjord.example/rss", "http://fjord.example/rss"),
        ("feed:https://fjord.example/rss", "https://fjord.example/rss"),
        ("FEED://fjord.example/rss", "http://fjord.example/rss"),
        ("https://fjord.example/feed:1", "https://fjord.example/feed:1"),
    ],
)
def test_addresses_for_feed_readers_are_web_addresses(written: str, asked: str) -> None:
    document = f'<opml><body><outline xmlUrl="{written}"/></body></opml>'
    assert [entry.feed for entry in parse(document.encode())] == [asked]


def test_a_feed_may_hold_feeds() -> None:
    inner = '<outline xmlUrl="https://b.example/"/>'
    body = f'<outline text="A" xmlUrl="https://a.example/">{inner}</outline>'
    found = parse(f"<opml><body>{body}</body></opml>".encode())
    assert [(one.feed, one.folders) for one in found] == [
        ("https://a.example/", ()),
        ("https://b.example/", ()),
    ]


def test_no_depth_is_too_deep() -> None:
    deep = 200
    feed = '<outline xmlUrl="https://a.example/"/>'
    body = '<outline text="f">' * deep + feed + "</outline>" * deep
    (found,) = parse(f"<opml><body>{body}</body></opml>".encode())
    assert len(found.folders) == deep


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        pytest.param(b" \n", None, "is empty", id="empty"),
        pytest.param(b"<opml>\n<body>\n</opml>", 3, "is no XML", id="broken"),
        pytest.param(b"hello", 1, "is no XML", id="text"),
        pytest.param(b"<html><p/></html>", 1, "<html>, not <opml>", id="a page"),
        pytest.param(b"<opml>" + b" " * 20_971_520, None, "larger than", id="huge"),
    ],
)
def test_what_is_no_opml_is_told_with_its_line(
    body: bytes, line: int | None, words: str
) -> None:
    with pytest.raises(OpmlError, match=words) as told:
        parse(body)
    assert told.value.line == line


def test_entities_bring_nothing_in() -> None:
    bomb = b"""<!DOCTYPE opml [<!ENTITY a SYSTEM "file:///etc/hostname">]>
    <opml><body><outline text="&a;" xmlUrl="https://a.example/"/></body></opml>"""
    try:
        found = parse(bomb)
    except OpmlError:
        return
    assert [one.title or "" for one in found] == [""]


NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)


@given(st.lists(NAMES, max_size=5))
def test_what_is_written_is_read_again(names: list[str]) -> None:
    feeds = [
        Feed(name, f"https://a.example/{n}", "https://a.example/")
        for n, name in enumerate(names)
    ]
    document = write(feeds, "Presswatch", datetime(2026, 3, 1, tzinfo=UTC))
    assert [one.feed for one in parse(document)] == [feed.url for feed in feeds]
    assert document.startswith(b"<?xml")
