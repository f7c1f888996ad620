"""RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0 as candidates. JSON Feed is `jsonfeed`'s.

Reads the tree itself: feedparser takes far longer for large feeds and seconds for
single large items (docs/decisions.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from html import escape
from itertools import chain, islice
from typing import Final, TypeAlias

from lxml import etree

from crawlers.discovery import channel as channels
from crawlers.discovery import jsonfeed, words
from crawlers.discovery.body import NotAListing, text_of
from crawlers.discovery.listing import (
    MOST_ENTRIES,
    Entry,
    Link,
    beyond,
    listing,
    newest,
)
from crawlers.discovery.markup import MOST_ELEMENTS, Element, Tree, name, text_in
from crawlers.discovery.markup import parse as parse_markup
from crawlers.discovery.times import when
from pipelines.candidate import Listing

#: The fields that say a thing, the most telling first.
_PUBLISHED: Final = (
    "published", "pubdate", "dc:date", "issued", "dc:issued", "dc:created", "date",
)  # fmt: skip
_UPDATED: Final = ("updated", "modified", "dc:modified")
_DATES: Final = frozenset(_PUBLISHED + _UPDATED)
_ORIGINAL: Final = ("feedburner:origlink", "other:origlink")
_SUMMARY: Final = ("description", "summary")
_CONTENT: Final = ("content:encoded", "content")
_PEOPLE: Final = ("author", "dc:creator")

#: What ends the text of a field whose end tag is missing.
_FIELDS: Final = frozenset(
    ("title", "link", "guid", "id", "category", "enclosure", "comments")
    + (_PUBLISHED + _UPDATED + _ORIGINAL + _SUMMARY + _CONTENT + _PEOPLE)
)
#: Parts of an entry that speak of something else in an entry's words.
_FOREIGN: Final = frozenset({"source", "image", "textinput"})

_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_ABOUT: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"

Fields: TypeAlias = Mapping[str, Sequence[Element]]


def parse(body: bytes, url: str, content_type: str | None) -> Listing:
    """What the feed in `body`, fetched from `url`, lists, in its order.

    Raises `NotAListing` for everything else, sitemaps too. Never reads a document
    type, another file or the network.
    """
    text = text_of(body, content_type)
    if text.startswith(("{", "[")):
        return jsonfeed.read(text, url)
    tree = parse_markup(text, url)
    if tree.is_sitemap:
        raise NotAListing("a sitemap, not a feed")
    return read(tree, url)


def read(tree: Tree, url: str) -> Listing:
    """What a feed's tree lists."""
    channel = next(_children(tree.root, "channel"), tree.root)
    spoken = _language(channel) or _language(tree.root)
    records = newest(tree.records, MOST_ENTRIES, _date)
    notes = [*beyond(len(tree.records), MOST_ENTRIES, url), *tree.damage(url)]
    found = listing((_entry(record, url, spoken) for record in records), notes)
    titles = (words.plain(_own_text(each)) for each in _children(channel, "title"))
    return replace(
        found,
        title=next(titles, None),
        language=spoken,
        ttl=channels.ttl(channel),
        further=channels.further(channel, url),
    )


def _children(element: Element, wanted: str) -> Iterator[Element]:
    return (child for child in element if name(child) == wanted)


def _entry(record: Element, url: str, spoken: str | None) -> Entry:
    fields = _fields(record)
    return Entry(
        links=tuple(_links(record, fields, url)),
        title=next(filter(None, map(words.plain, _texts(fields, "title"))), None),
        published=_time(fields, _PUBLISHED),
        updated=_time(fields, _UPDATED),
        language=_language(record) or spoken,
        authors=words.names(_people(fields)),
        text=words.full_text(_content(fields), next(_texts(fields, *_SUMMARY), None)),
    )


def _fields(record: Element) -> Fields:
    """The elements within a record by name.

    Not only its children: where an end tag is missing, what follows lies deeper.
    """
    fields: dict[str, list[Element]] = {}
    walker = etree.iterwalk(record, events=("start",))
    for _, element in islice(walker, MOST_ELEMENTS):
        called = name(element)
        if called in _FOREIGN or called.startswith("xhtml:"):
            walker.skip_subtree()
        elif element is not record:
            fields.setdefault(called, []).append(element)
    return fields


def _all(fields: Fields, names: Sequence[str]) -> Iterator[Element]:
    return chain.from_iterable(fields.get(each, ()) for each in names)


def _texts(fields: Fields, *names: str) -> Iterator[str]:
    return map(_own_text, _all(fields, names))


def _own_text(element: Element) -> str:
    """An element's text up to a field that lies in it for want of an end tag."""
    pieces = [element.text or ""]
    for child in islice(element, MOST_ELEMENTS):
        if name(child) in _FIELDS:
            break
        pieces += [text_in(child), child.tail or ""]
    return "".join(pieces)


def _time(fields: Fields, names: Sequence[str]) -> datetime | None:
    return next(filter(None, map(when, _texts(fields, *names))), None)


def _date(record: Element) -> datetime | None:
    """A record's date for ranking: what is quick to find."""
    said = (each.text for each in record if name(each) in _DATES)
    return next(filter(None, map(when, said)), None)


def _language(element: Element) -> str | None:
    """What an element says of its language by itself or in a child."""
    said = [element.get(_LANGUAGE)]
    said += [child.text for child in _children(element, "language")]
    said += [child.text for child in _children(element, "dc:language")]
    return next(filter(None, map(words.language, said)), None)


def _people(fields: Fields) -> Iterator[str]:
    """Names as Atom gives them (`author/name`), RSS (`author`) or Dublin Core."""
    for element in _all(fields, _PEOPLE):
        inner = [_own_text(each) for each in _children(element, "name")]
        yield from inner or [_own_text(element)]


def _content(fields: Fields) -> str | None:
    """The longest text that the entry carries, as HTML."""
    texts = (_markup(each) for each in _all(fields, _CONTENT) if not each.get("src"))
    return max(texts, key=len, default=None)


def _markup(element: Element) -> str:
    """An element's content as HTML, whether it is escaped, in CDATA or real XHTML."""
    text = element.text or ""
    if element.get("type") in {"text", "text/plain"}:
        return escape(text)
    inner = (
        etree.tostring(child, encoding="unicode", method="html")
        for child in islice(element, MOST_ELEMENTS)
    )
    return "".join([text, *inner])


def _links(record: Element, fields: Fields, url: str) -> Iterator[Link]:
    """Where an entry may lead, the most trustworthy first.

    What a feed service replaced comes before its redirect; ids come last, and only
    where they are addresses.
    """
    for element, text in _addresses(record, fields):
        if text and text.strip():
            yield Link(text.strip(), element.base or url)


def _addresses(record: Element, fields: Fields) -> Iterator[tuple[Element, str | None]]:
    links, guids = fields.get("link", ()), fields.get("guid", ())
    yield from ((each, each.text) for each in _all(fields, _ORIGINAL))
    yield from ((each, each.get("href")) for each in links if _is_page(each))
    yield from ((each, _own_text(each)) for each in links)
    yield from ((each, each.tail) for each in links if _is_address(each.tail))
    yield from ((each, each.text) for each in guids if _is_permalink(each))
    identities = [record.get(_ABOUT), *(each.text for each in fields.get("id", ()))]
    identities += [each.text for each in guids]
    yield from ((record, each) for each in identities if _is_address(each))


def _is_page(link: Element) -> bool:
    """Whether an Atom link leads to the entry itself, in a form for people."""
    form = link.get("type", "html")
    return link.get("rel", "alternate") == "alternate" and "html" in form


def _is_permalink(guid: Element) -> bool:
    """RSS 2.0 says that a guid is an address unless told otherwise; many are none."""
    said = guid.get("isPermaLink", "").lower()
    return said == "true" or (said != "false" and _is_address(guid.text))


def _is_address(text: str | None) -> bool:
    return (text or "").strip().lower().startswith(("http://", "https://"))
