"""Reading feeds: CPU seconds beside feedparser's, over the same documents in one run.

    python -m benchmarks.feeds [--rounds 2]

Prints, for each document, the best of some rounds of either reader and how many times
longer feedparser takes, even when it need neither sanitise HTML nor resolve links;
what each found is counted beside it. Of a feed with more entries than
`discovery.listing.MOST_ENTRIES`, ours reads the newest only. Seconds depend on the
machine, the ratio hardly does.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Final

import feedparser

from crawlers.discovery import feed

URL: Final = "https://courier.example/rss.xml"
CONTENT_TYPE: Final = "application/rss+xml; charset=utf-8"
NEWEST: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
#: A sentence with what feeds are full of: entities, dashes, a link in escaped HTML.
SENTENCE: Final = (
    "&lt;p&gt;The harbour towns agreed on Monday to share the cost &#8211; 40 million "
    '&lt;a href="https://courier.example/cost"&gt;by most counts&lt;/a&gt;.&lt;/p&gt;'
)

Reader = Callable[[bytes], int]


@dataclass(frozen=True, slots=True)
class Figures:
    """One document: CPU seconds of either reader, and the entries that it found."""

    document: str
    ours: float
    theirs: float
    our_entries: int
    their_entries: int

    @property
    def ratio(self) -> float:
        """How many times longer feedparser takes."""
        return self.theirs / self.ours

    def row(self) -> str:
        """The figures as a line of the table."""
        return (
            f"{self.document:22} {self.ours:8.2f} {self.theirs:10.2f} {self.ratio:6.1f}"
            f" {self.our_entries:9} {self.their_entries:9}"
        )


HEAD: Final = (
    f"{'CPU seconds':22} {'ours':>8} {'feedparser':>10} {'ratio':>6}"
    f" {'entries':>9} {'its':>9}"
)


def documents() -> dict[str, bytes]:
    """A large feed, a huge one, and one whose only item is huge."""
    return {
        "2,000 items": rss(2_000, sentences=1),
        "50,000 items": rss(50_000, sentences=1),
        "one item of 4 MB": rss(1, sentences=4_000_000 // len(SENTENCE)),
    }


def rss(items: int, sentences: int) -> bytes:
    """A well-formed RSS 2.0 feed."""
    body = "".join(_item(number, SENTENCE * sentences) for number in range(items))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        "<title>The Harbour Courier</title><link>https://courier.example/</link>"
        f"<language>en</language>{body}</channel></rss>"
    ).encode()


def _item(number: int, text: str) -> str:
    at = format_datetime(NEWEST - timedelta(minutes=number))
    link = f"https://courier.example/news/{number}-dredging-pact.html"
    return (
        f"<item><title>Dredging pact, day {number}</title><link>{link}</link>"
        f'<guid isPermaLink="true">{link}</guid><pubDate>{at}</pubDate>'
        f"<dc:creator>Petra Volmer</dc:creator><description>{text}</description></item>"
    )


def ours(body: bytes) -> int:
    """The entries that this project reads."""
    return len(feed.parse(body, URL, CONTENT_TYPE).candidates)


def theirs(body: bytes) -> int:
    """The entries that feedparser reads, spared the HTML work that we do without."""
    headers = {"content-type": CONTENT_TYPE, "content-location": URL}
    spared = {"sanitize_html": False, "resolve_relative_uris": False}
    return len(feedparser.parse(body, response_headers=headers, **spared).entries)


def measure(found: Mapping[str, bytes], rounds: int) -> list[Figures]:
    """Both readers over every document, in turn."""
    return [_compare(name, body, rounds) for name, body in found.items()]


def _compare(name: str, body: bytes, rounds: int) -> Figures:
    turns = [(_timed(ours, body), _timed(theirs, body)) for _ in range(rounds)]
    mine, its = min(turn[0] for turn in turns), min(turn[1] for turn in turns)
    return Figures(name, mine[0], its[0], mine[1], its[1])


def _timed(reader: Reader, body: bytes) -> tuple[float, int]:
    begun = time.process_time()
    entries = reader(body)
    return time.process_time() - begun, entries


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args(arguments)
    print(HEAD)
    for name, body in documents().items():
        for figures in measure({name: body}, options.rounds):
            print(figures.row(), flush=True)


if __name__ == "__main__":
    main()
