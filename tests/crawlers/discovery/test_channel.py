"""What a feed says of itself: how often to ask, where it goes on."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from crawlers import discovery
from pipelines.candidate import Listing

URL = "https://news.example/feeds/rss.xml"
SY = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
ATOM = 'xmlns:atom="http://www.w3.org/2005/Atom"'
HOUR = timedelta(hours=1)


def rss(said: str) -> Listing:
    item = "<item><title>News</title><link>https://news.example/1</link></item>"
    text = f'<rss version="2.0" {SY} {ATOM}><channel>{said}{item}</channel></rss>'
    return discovery.read("feed", text.encode(), URL, "application/rss+xml")


@pytest.mark.parametrize(
    ("said", "ttl"),
    [
        pytest.param("", None, id="nothing"),
        pytest.param("<ttl>60</ttl>", HOUR, id="ttl in minutes"),
        pytest.param("<ttl> 15 </ttl>", HOUR / 4, id="with spaces"),
        pytest.param("<ttl>soon</ttl>", None, id="no number"),
        pytest.param("<ttl>0</ttl>", None, id="none at all"),
        pytest.param("<ttl>999999999999</ttl>", timedelta(days=366), id="for ever"),
        pytest.param("<sy:updatePeriod>hourly</sy:updatePeriod>", HOUR, id="hourly"),
        pytest.param(
            "<sy:updatePeriod>\nDaily\n</sy:updatePeriod>"
            "<sy:updateFrequency>4</sy:updateFrequency>",
            6 * HOUR,
            id="four times a day",
        ),
        pytest.param(
            "<sy:updateFrequency>4</sy:updateFrequency>", None, id="of what period"
        ),
    ],
)
def test_how_long_a_feed_wants_to_be_left_alone(
    said: str, ttl: timedelta | None
) -> None:
    assert rss(said).ttl == ttl


@pytest.mark.parametrize(
    ("said", "further"),
    [
        pytest.param("", None, id="nowhere"),
        pytest.param(
            '<atom:link rel="next" href="?page=2"/>',
            f"{URL}?page=2",
            id="the next page",
        ),
        pytest.param(
            '<atom:link rel="prev-archive" href="/2026/02"/>',
            "https://news.example/2026/02",
            id="an archive",
        ),
        pytest.param('<atom:link rel="self" href="/"/>', None, id="itself"),
        pytest.param('<atom:link rel="next" href="mailto:x"/>', None, id="no address"),
    ],
)
def test_where_a_feed_goes_on(said: str, further: str | None) -> None:
    assert rss(said).further == further


def test_json_feeds_have_pages_too() -> None:
    text = json.dumps({"items": [], "next_url": "/feed.json?page=2"})
    found = discovery.read("feed", text.encode(), URL, "application/feed+json")
    assert found.further == "https://news.example/feed.json?page=2"
