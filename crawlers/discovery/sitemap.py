"""Sitemaps (sitemaps.org 0.9, Google News, plain text) and their indexes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Final

from crawlers.discovery import words
from crawlers.discovery.body import NotAListing, text_of
from crawlers.discovery.listing import (
    LONG_AGO,
    Entry,
    Link,
    beyond,
    listing,
    newest,
    resolved,
)
from crawlers.discovery.markup import MOST_ELEMENTS, Element, Tree, name
from crawlers.discovery.markup import parse as parse_markup
from crawlers.discovery.times import when
from pipelines.candidate import Listing, Rejected
from pipelines.urls import absolute

#: The limit of sitemaps.org for the URLs of one sitemap.
MOST_URLS: Final = 50_000

#: How many sitemaps of one index are followed, the newest.
MOST_CHILDREN: Final = 50

_BEYOND: Final = f"beyond the {MOST_CHILDREN} newest sitemaps of the index"


def parse(body: bytes, url: str, content_type: str | None) -> Listing:
    """What the sitemap in `body`, fetched from `url`, lists, in its order.

    An index gives `children` instead, newest first. Raises `NotAListing` for
    everything else, feeds too. Never reads a document type, another file or the
    network.
    """
    text = text_of(body, content_type)
    if is_plain(text):
        return read_plain(text, url)
    tree = parse_markup(text, url)
    if not tree.is_sitemap:
        raise NotAListing("a feed, not a sitemap")
    return read(tree, url)


def is_plain(text: str) -> bool:
    """Whether this is a sitemap of sitemaps.org's plain kind: one URL a line.

    Comments above the first are no part of that kind, but found.
    """
    head = text[:1_000]
    first = next((line for line in head.splitlines() if not _is_comment(line)), "")
    return first.lstrip().startswith(("http://", "https://")) and "<" not in head


def _is_comment(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def read_plain(text: str, url: str) -> Listing:
    """The URLs of a plain text sitemap."""
    lines = (line.strip() for line in text.splitlines() if not _is_comment(line))
    entries = [Entry(links=(Link(line),)) for line in lines]
    return listing(entries[:MOST_URLS], beyond(len(entries), MOST_URLS, url))


def read(tree: Tree, url: str) -> Listing:
    """What the tree of a sitemap or of an index lists."""
    pages = [each for each in tree.records if name(each) == "url"]
    nested = [each for each in tree.records if name(each) == "sitemap"]
    entries = _without_idle_times([_entry(record) for record in pages])
    notes = [*beyond(len(entries), MOST_URLS, url), *tree.damage(url)]
    found = listing(newest(entries, MOST_URLS, _date), notes)
    return _with_children(found, [_entry(record) for record in nested])


def _entry(record: Element) -> Entry:
    said = _said(record)
    address = said.get("loc")
    return Entry(
        links=(Link(address, record.base),) if address else (),
        title=words.plain(said.get("news:title")),
        published=when(said.get("news:publication_date")),
        updated=when(said.get("lastmod")),
        language=words.language(said.get("news:language")),
    )


def _said(record: Element) -> dict[str, str]:
    """What lies within a record by name; of equals the first."""
    said: dict[str, str] = {}
    for element in islice(record.iterdescendants("{*}*"), MOST_ELEMENTS):
        said.setdefault(name(element), (element.text or "").strip())
    return said


def _date(entry: Entry) -> datetime | None:
    return entry.updated or entry.published


def _without_idle_times(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Entries without `updated` if all say the same: the time the file was made."""
    if len(entries) < 2 or len({entry.updated for entry in entries}) > 1:
        return entries
    return [replace(entry, updated=None) for entry in entries]


def _with_children(found: Listing, nested: Sequence[Entry]) -> Listing:
    """`found` with the newest of an index's sitemaps; what has no date comes last.

    Their addresses stay as they are written: they are fetched, not compared.
    """
    dated = sorted(nested, key=lambda each: each.updated or LONG_AGO, reverse=True)
    named = dict.fromkeys(resolved(entry, absolute) for entry in dated)
    children = [each for each in named if isinstance(each, str)]
    refused = [each for each in named if isinstance(each, Rejected)]
    refused += [Rejected(each, _BEYOND) for each in children[MOST_CHILDREN:]]
    return replace(
        found,
        children=tuple(children[:MOST_CHILDREN]),
        rejected=(*found.rejected, *refused),
    )
