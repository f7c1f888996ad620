"""Section pages: which of their links lead to articles.

A link is judged by the shape of its address and by its place: a headline in the
page's flow is an article's, an entry of the navigation is not. Knows no outlet.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from crawlers.discovery import shape, words
from crawlers.discovery.body import NotAListing
from crawlers.discovery.markup import described
from pipelines.candidate import Candidate, Listing
from pipelines.document import Document
from pipelines.document import parse as parse_document
from pipelines.urls import UrlError, absolute, canonical, same_site, site

#: Links beyond these are not looked at.
_MOST_LINKS: Final = 5_000

#: What makes an article: `_ENOUGH` points. A headline in the flow of the page is
#: worth 4 or 5, a dated or numbered address 3.
_ENOUGH: Final = 4
_HEADING: Final = 2
_FLOW: Final = 1
_CHROME: Final = -2
_SECTION: Final = -4
_LABEL: Final = -1

#: A link among at least so many of the same make, most of them articles, needs less.
_ROW: Final = 3
_ENOUGH_IN_ROW: Final = 2

_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CHROME_ROLES: Final = frozenset(
    {"navigation", "banner", "contentinfo", "search", "menu", "menubar", "dialog"}
)
_CHROME_CLASS = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|submenu|footer|breadcrumbs?|pagination|"
    r"pager|cookie|consent|social|share|sharing|login|topbar|masthead)(?:$|[\s_-])"
)
_TITLE_CLASS = re.compile(
    "headline|heading|titel|title|titre|titulo|titolo|rubrik", re.IGNORECASE
)
_KICKER_CLASS = re.compile(
    "kicker|overline|eyebrow|dachzeile|spitzmarke|antetitulo|surtitre|occhiello|"
    "topline|sr-only|visually-hidden",
    re.IGNORECASE,
)
_DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element stands, by what it lies in."""

    heading: bool = False
    flow: bool = False
    aside: bool = False
    chrome: bool = False


@dataclass(frozen=True, slots=True)
class Anchor:
    """One link of the page: its canonical address, its words, its place, its make."""

    url: str
    text: str | None
    place: Place
    make: tuple[str, ...]


def parse(
    body: bytes, url: str, content_type: str | None, *, sites: Collection[str] = ()
) -> Listing:
    """The articles that the section page in `body` links to, in the page's order.

    Links that leave `sites` (as `pipelines.urls.site` names them; the page's own if
    none is given) are left out. Raises `NotAListing` for a page without any.
    """
    document = parse_document(body, content_type, url)
    if "<" not in document.html:
        raise NotAListing(_nothing(document.html.strip()))
    found = _by_url(_anchors(document, url, sites or {site(url)}))
    sections = _sections(found)
    points = {each: _points(each, found[each], each in sections) for each in found}
    chosen = _lifted(points, found)
    if not chosen:
        raise NotAListing(f"no links to articles; {described(document.html, url)}")
    return Listing(
        tuple(Candidate(each, title=_title(found[each])) for each in chosen),
        title=words.plain(document.tree.findtext(".//title")),
        language=words.language(document.tree.get("lang")),
    )


def _nothing(text: str) -> str:
    return f"no HTML page, begins with {text[:40]!r}" if text else "empty"


def _anchors(document: Document, url: str, sites: Collection[str]) -> Iterator[Anchor]:
    base = _base(document.tree, url)
    own = {_path(url), *_above(_path(url))}
    for element, place in islice(_placed(document.tree), _MOST_LINKS):
        try:
            link = canonical(element.get("href", ""), base)
        except UrlError:
            continue
        if _path(link) in own and not shape.chooses_article(urlsplit(link).query):
            continue
        if same_site(link, sites) and not shape.is_listing(link):
            heads = _heads(element)
            headed = replace(place, heading=place.heading or bool(heads))
            yield Anchor(link, _text(element, heads), headed, _make(element))


def _base(tree: HtmlElement, url: str) -> str:
    """What the page's links are relative to."""
    declared = tree.find(".//base[@href]")
    try:
        return url if declared is None else absolute(declared.get("href", ""), url)
    except UrlError:
        return url


def _path(url: str) -> str:
    return urlsplit(url).path.rstrip("/")


def _above(path: str) -> Iterator[str]:
    while path:
        path = path.rpartition("/")[0]
        yield path


def _placed(tree: HtmlElement) -> Iterator[tuple[HtmlElement, Place]]:
    """Every link of the page with its place."""
    places = [Place()]
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "end":
            places.pop()
            continue
        places.append(_within(places[-1], element))
        if element.tag == "a" and element.get("href") and not _is_sold(element):
            yield element, places[-1]


def _within(place: Place, element: HtmlElement) -> Place:
    """The place of what lies in `element`, which itself lies in `place`."""
    tag = element.tag
    in_article = tag in {"article", "main"}
    chrome = _is_chrome(element, place)
    heading = tag in _HEADINGS
    if not (in_article or chrome or heading or tag == "aside"):
        return place
    return Place(
        heading=place.heading or heading,
        flow=place.flow or in_article,
        aside=place.aside or tag == "aside",
        chrome=chrome or (place.chrome and not in_article),
    )


def _is_chrome(element: HtmlElement, place: Place) -> bool:
    """Whether an element frames the page; the header of an article does not."""
    if element.tag in {"header", "footer"}:
        return not place.flow
    if element.tag in {"body", "html", "main", "article", "a"}:
        return False
    named = f"{element.get('class', '')} {element.get('id', '')}".lower()
    return (
        element.tag == "nav"
        or element.get("role") in _CHROME_ROLES
        or (len(named) > 1 and _CHROME_CLASS.search(named) is not None)
    )


def _is_sold(element: HtmlElement) -> bool:
    return "sponsored" in element.get("rel", "").lower().split()


def _make(element: HtmlElement) -> tuple[str, ...]:
    """How a link is built in: its own and its parents' tags and classes."""
    built = [element, *islice(element.iterancestors(), 2)]
    return tuple(f"{each.tag}.{each.get('class', '')}" for each in built)


def _heads(element: HtmlElement) -> list[HtmlElement]:
    """What is marked as a headline within a link, real headings first."""
    inner = list(islice(element.iterdescendants("*"), 60))
    real = [each for each in inner if each.tag in _HEADINGS]
    named = (each for each in inner if _TITLE_CLASS.search(each.get("class", "")))
    return [*real, *named]


def _text(element: HtmlElement, heads: Sequence[HtmlElement]) -> str | None:
    """The headline in a link, else all its words, its label, its card's headline."""
    texts = map(_spoken, (*heads, element))
    labels = (element.get("title"), element.get("aria-label"))
    found = next(filter(None, map(words.plain, (*texts, *labels))), None)
    return found or _beside(element)


def _spoken(element: HtmlElement) -> str:
    """The words in an element, without the kicker above a headline."""
    text = _all_words(element)
    for inner in islice(element.iterdescendants("*"), 60):
        if _KICKER_CLASS.search(inner.get("class", "")):
            text = text.replace(_all_words(inner), " ", 1)
    return text if text.strip() else _all_words(element)


def _all_words(element: HtmlElement) -> str:
    return " ".join(islice(element.itertext(), 200))


def _beside(element: HtmlElement) -> str | None:
    """The headline of the card that a link without words belongs to."""
    for card in islice(element.iterancestors(), 4):
        if len(set(islice(card.xpath(".//a/@href"), 20))) > 1:
            return None
        for head in islice(card.iter(*_HEADINGS), 1):
            return words.plain(_spoken(head))
    return None


def _by_url(anchors: Iterable[Anchor]) -> dict[str, list[Anchor]]:
    found: dict[str, list[Anchor]] = defaultdict(list)
    for anchor in anchors:
        found[anchor.url].append(anchor)
    return found


def _sections(found: Collection[str]) -> frozenset[str]:
    """Those addresses that several others lie below: sections, not articles."""
    below: dict[str, int] = defaultdict(int)
    for url in found:
        for path in _above(_path(url)):
            below[path] += 1
    return frozenset(url for url in found if below[_path(url)] > 1)


def _points(url: str, anchors: Sequence[Anchor], is_section: bool) -> int:
    """What speaks for an article at `url`: its shape, and the best of its links."""
    evidence = shape.evidence(url)
    placed = max(_place_points(anchor) for anchor in anchors)
    if evidence <= 1 and any(anchor.place.chrome for anchor in anchors):
        return _CHROME
    return min(evidence, 6) + placed + (_SECTION if is_section else 0)


def _place_points(anchor: Anchor) -> int:
    place, count = anchor.place, _count(anchor.text or "")
    return (
        _HEADING * place.heading
        + _FLOW * (place.flow and not place.aside)
        + _CHROME * place.chrome
        + (count >= 4)
        + (count >= 7)
        + (_LABEL if 0 < count < 3 else 0)
    )


def _count(text: str) -> int:
    """The words of a text; where they are written as one, half its letters."""
    dense = len(_DENSE.findall(text))
    return len(_DENSE.sub(" ", text).split()) + dense // 2


def _lifted(
    points: Mapping[str, int], found: Mapping[str, Sequence[Anchor]]
) -> list[str]:
    """The articles in order: those with enough points, and their like in a row."""
    rows: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for url, anchors in found.items():
        for anchor in anchors:
            if not anchor.place.chrome and _is_headline(anchor):
                rows[anchor.make].add(url)
    lifted = {url for row in rows.values() if _is_row(row, points) for url in row}
    return [
        url
        for url, reached in points.items()
        if reached >= _ENOUGH or (url in lifted and reached >= _ENOUGH_IN_ROW)
    ]


def _is_headline(anchor: Anchor) -> bool:
    """Whether words or address can be an article's: a byline's beside it cannot."""
    return (
        anchor.place.heading
        or _count(anchor.text or "") >= 4
        or shape.evidence(anchor.url) >= 3
    )


def _is_row(row: Collection[str], points: Mapping[str, int]) -> bool:
    """Whether links of one make are mostly articles."""
    good = sum(points[url] >= _ENOUGH for url in row)
    return len(row) >= _ROW and good * 2 > len(row)


def _title(anchors: Sequence[Anchor]) -> str | None:
    """The headline among a link's texts: in a heading if any, else the longest."""
    heads = [each.text for each in anchors if each.text and each.place.heading]
    texts = heads or [each.text for each in anchors if each.text]
    return max(texts, key=len, default=None)
