"""JSON Feed 1.0 and 1.1 (jsonfeed.org) as candidates."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from html import escape

from crawlers.discovery import words
from crawlers.discovery.body import NotAListing
from crawlers.discovery.channel import address
from crawlers.discovery.listing import (
    MOST_ENTRIES,
    Entry,
    Link,
    beyond,
    listing,
    newest,
)
from crawlers.discovery.times import when
from pipelines.candidate import Listing, Rejected


def read(text: str, url: str) -> Listing:
    """What the JSON Feed in `text`, fetched from `url`, lists, in its order.

    Raises `NotAListing` for other JSON and for what only begins like JSON.
    """
    feed = _decoded(text)
    items = feed.get("items") if isinstance(feed, Mapping) else None
    if not isinstance(feed, Mapping) or not isinstance(items, Sequence):
        raise NotAListing("JSON without items")
    spoken = words.language(_string(feed, "language"))
    objects = [item for item in items if isinstance(item, Mapping)]
    notes = list(beyond(len(objects), MOST_ENTRIES, url))
    if odd := len(items) - len(objects):
        notes.append(Rejected(url, f"{odd:,} entries that are no objects"))
    taken = newest(objects, MOST_ENTRIES, _date)
    found = listing((_entry(item, url, spoken) for item in taken), notes)
    return replace(
        found,
        title=words.plain(_string(feed, "title")),
        language=spoken,
        further=address(_string(feed, "next_url"), url),
    )


def _decoded(text: str) -> object:
    try:
        return json.loads(text, strict=False)
    except ValueError as error:
        raise NotAListing(f"broken JSON: {error}") from error
    except RecursionError as error:
        raise NotAListing("JSON nested too deeply") from error


def _string(source: Mapping[str, object], *keys: str) -> str | None:
    """The first of the values under `keys` that is text or a number."""
    values = (source.get(key) for key in keys)
    return next((str(value) for value in values if isinstance(value, str | int)), None)


def _entry(item: Mapping[str, object], url: str, spoken: str | None) -> Entry:
    html, text = _string(item, "content_html"), _string(item, "content_text")
    content = html or (escape(text) if text else None)
    links = (_string(item, "url"), _string(item, "external_url"), _address(item))
    return Entry(
        links=tuple(Link(link, url) for link in links if link),
        title=words.plain(_string(item, "title")),
        published=when(_string(item, "date_published")),
        updated=when(_string(item, "date_modified")),
        language=words.language(_string(item, "language")) or spoken,
        authors=words.names(_authors(item)),
        text=words.full_text(content, _string(item, "summary")),
    )


def _date(item: Mapping[str, object]) -> datetime | None:
    return when(_string(item, "date_published", "date_modified"))


def _address(item: Mapping[str, object]) -> str | None:
    """The entry's id, where it is an address."""
    identity = _string(item, "id") or ""
    return identity if identity.startswith(("http://", "https://")) else None


def _authors(item: Mapping[str, object]) -> list[str]:
    listed = item.get("authors")
    people = [*(listed if isinstance(listed, list) else ()), item.get("author")]
    named = (_string(each, "name") for each in people if isinstance(each, Mapping))
    return [each for each in named if each]
