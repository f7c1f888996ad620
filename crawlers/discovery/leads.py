"""Where an outlet may list its articles: leads in its pages and its robots.txt. Pure.

A lead is an address worth asking, with where it was found; whether it lists anything
is another matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from config.languages import check_language
from config.models import SourceKind
from config.problems import Unfit
from pipelines import urls
from pipelines.document import parse

#: `type` of links in a page's head that announce a feed.
FEED_TYPES: Final = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/json",
        "application/rdf+xml",
    }
)
#: Paths at which feeds and news sitemaps mostly are, where no page tells.
FEED_PATHS: Final = (
    "/feed/",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
)
SITEMAP_PATHS: Final = (
    "/news-sitemap.xml",
    "/sitemap-news.xml",
    "/sitemap_news.xml",
    "/sitemap.xml",
)
_FEED_LINK = re.compile(r"(?:^|[/._-])(?:rss|feeds?|atom)(?:[/._-]|$)", re.IGNORECASE)
_COMMENTS = re.compile(r"comment|kommentar|comentario|commento", re.IGNORECASE)
_NEWS = re.compile(r"news|latest|recent|aktuell|google", re.IGNORECASE)
_ARCHIVE = re.compile(r"(?:^|\D)(?:19|20)\d\d(?:\D|$)|archiv", re.IGNORECASE)
_PARTS = re.compile(r" [|:\u2013\u2014-]+ ")
#: Not more of each page than this.
MOST_LEADS: Final = 40


@dataclass(frozen=True, slots=True)
class Lead:
    """An address that may list articles; `found` says where it stood, for people."""

    kind: SourceKind
    url: str
    found: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of its outlet. `leads` are in order of promise."""

    name: str | None
    language: str | None
    leads: tuple[Lead, ...]


def of_page(body: bytes, content_type: str | None, url: str) -> Page:
    """What a page says of its outlet, and the feeds that it names or links to."""
    tree = parse(body, content_type, url).tree
    base = urljoin(url, next(iter(tree.xpath("//base/@href")), ""))
    announced = _distinct(_announced(tree, base))
    linked = _distinct(_linked(tree, base))
    known = {lead.url for lead in announced}
    more = [lead for lead in linked if lead.url not in known]
    return Page(
        name=_name(tree),
        language=language(next(iter(tree.xpath("/html/@lang")), None)),
        leads=(*announced, *more)[:MOST_LEADS],
    )


def _announced(tree: Any, base: str) -> Iterator[Lead]:
    for link in tree.iter("link"):
        rel = (link.get("rel") or "").lower().split()
        media = (link.get("type") or "").partition(";")[0].strip().lower()
        if "alternate" not in rel or media not in FEED_TYPES or not link.get("href"):
            continue
        if media == "application/json" and not _FEED_LINK.search(link.get("href")):
            continue  # WordPress announces its API so
        title = " ".join((link.get("title") or "").split()) or None
        yield Lead(SourceKind.FEED, urljoin(base, link.get("href")), HEAD, title)


def _linked(tree: Any, base: str) -> Iterator[Lead]:
    for link in tree.iter("a"):
        href = link.get("href") or ""
        if _FEED_LINK.search(urlsplit(href).path):
            title = " ".join(link.text_content().split())[:80] or None
            yield Lead(SourceKind.FEED, urljoin(base, href), "linked from it", title)


HEAD: Final = "announced in its head"


def of_robots(sitemaps: Iterable[str], url: str) -> tuple[Lead, ...]:
    """The sitemaps that a robots.txt names, news before everything, archives last."""
    found = (Lead(SourceKind.SITEMAP, urljoin(url, one), ROBOTS) for one in sitemaps)
    return tuple(sorted(_distinct(found), key=lambda lead: promise(lead.url)))


ROBOTS: Final = "named in its robots.txt"


def common(home: str, kind: SourceKind) -> tuple[Lead, ...]:
    """Where sources of a kind are on many sites."""
    paths = FEED_PATHS if kind is SourceKind.FEED else SITEMAP_PATHS
    return tuple(Lead(kind, urljoin(home, path), "a common place") for path in paths)


def promise(url: str) -> int:
    """How a sitemap ranks by its name alone: 0 news, 1 whatever, 2 an archive's."""
    path = urlsplit(url).path
    if _NEWS.search(path.rpartition("/")[2]):
        return 0
    return 2 if _ARCHIVE.search(path) else 1


def is_comments(lead: Lead) -> bool:
    """Whether a feed is of readers' comments, by its address or title."""
    return bool(_COMMENTS.search(f"{urlsplit(lead.url).path} {lead.title or ''}"))


def language(said: str | None) -> str | None:
    """The code that a page or a feed gives as the config takes it; None if it is none.

    `en-GB` is `en`; the two Chinese stay apart.
    """
    folded = (said or "").strip().lower().replace("_", "-")
    for code in (folded, folded.partition("-")[0]):
        try:
            return check_language(code)
        except Unfit:
            continue
    return None


def _name(tree: Any) -> str | None:
    said = tree.xpath("//meta[@property='og:site_name']/@content")
    said += tree.xpath("//meta[@name='application-name']/@content")
    said += [_once(title.text_content()) for title in tree.iter("title")]
    names = (" ".join(one.split()) for one in said)
    return next((one[:80] for one in names if one and one.isprintable()), None)


def _once(title: str) -> str:
    """A title of which each part stands once: "Courier | Courier" is one."""
    parts = dict.fromkeys(part.strip() for part in _PARTS.split(title))
    return title if len(parts) > 1 else next(iter(parts))


def _distinct(leads: Iterable[Lead]) -> list[Lead]:
    """The leads that are web addresses, each once."""
    found: dict[str, Lead] = {}
    for lead in leads:
        try:
            url = urls.absolute(lead.url)
        except urls.UrlError:
            continue
        found.setdefault(url, Lead(lead.kind, url, lead.found, lead.title))
    return list(found.values())
