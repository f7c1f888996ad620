"""What a page, its URL and its listing say of the article, and where each was said.

Gathers the statements of JSON-LD, meta elements, microdata and markup, best first,
and lets titles.py, authors.py and dates.py decide. A value that nothing states is
None; nothing is guessed. `sources` of the result names the place of every value.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipelines import authors, dates, structured, titles
from pipelines.article import Metadata
from pipelines.candidate import Candidate
from pipelines.document import Document
from pipelines.language import normalize
from pipelines.structured import Node
from pipelines.urls import UrlError, canonical

Found = tuple[str, str]  # a value and where it was said

_TITLE_METAS: Final = (
    ("og:title", "og"),
    ("headline", "meta"),
    ("parsely-title", "meta"),
    ("sailthru.title", "meta"),
    ("dc.title", "meta"),
    ("dcterms.title", "meta"),
    ("citation_title", "meta"),
    ("article:title", "meta"),
    ("title", "meta"),
    ("twitter:title", "twitter"),
)
_SITE_METAS: Final = (
    "og:site_name",
    "application-name",
    "apple-mobile-web-app-title",
    "al:android:app_name",
    "twitter:app:name:iphone",
    "publisher",
    "dc.publisher",
    "copyright",
)
_AUTHOR_METAS: Final = (
    "author",
    "authors",
    "article:author",
    "article:author_name",
    "og:article:author",
    "parsely-author",
    "sailthru.author",
    "byl",
    "dc.creator",
    "dcterms.creator",
    "dcsext.author",
    "cxenseparse:author",
    "citation_author",
    "article.author",
    "og:author",
    "twitter:data1:author",
)
_PUBLISHED_METAS: Final = (
    "article:published_time",
    "article:published",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.issued",
    "dcterms.date",
    "dc.date.created",
    "dc.date",
    "dc.created",
    "pubdate",
    "publishdate",
    "publish_date",
    "publish-date",
    "publication_date",
    "publisheddate",
    "published_time",
    "published-date",
    "article.published",
    "article.created",
    "article_date_original",
    "original-publish-date",
    "originalpublicationdate",
    "creationdatetime",
    "date.created",
    "displaydate",
    "citation_publication_date",
    "citation_date",
    "date",
    "shareaholic:article_published_time",
)
_UPDATED_METAS: Final = (
    "article:modified_time",
    "article:modified",
    "og:updated_time",
    "datemodified",
    "last-modified",
    "lastmod",
    "last_modified",
    "dcterms.modified",
    "dc.date.modified",
    "modified_time",
    "article.updated",
    "article_date_updated",
    "revision_date",
    "shareaholic:article_modified_time",
)
_SECTION_METAS: Final = (
    "article:section",
    "og:article:section",
    "section",
    "parsely-section",
    "cxenseparse:section",
    "sailthru.section",
    "dcsext.section",
)
_DESCRIPTION_METAS: Final = (
    "og:description",
    "description",
    "twitter:description",
    "sailthru.description",
    "dc.description",
    "dcterms.abstract",
)
_LANGUAGE_METAS: Final = ("content-language", "language", "dc.language", "og:locale")

#: Elements whose text may be a date, and how long such a text can be.
_DATE_TEXT: Final = (
    "//*[self::span or self::p or self::div or self::li or self::abbr or self::small]"
    "[contains(@class, 'date') or contains(@class, 'Date') or contains(@class, 'time')"
    " or contains(@class, 'publi')]"
)
_DATE_LENGTH: Final = 80
#: The first few are the article's; the rest belong to teasers.
_MOST_DATE_TEXTS: Final = 12

_BYLINE: Final = (
    "//*[@rel='author' or @itemprop='author' or contains(@class, 'byline')"
    " or contains(@class, 'author') or contains(@class, 'Author')"
    " or contains(@class, 'Byline')]"
)
_BYLINE_LENGTH: Final = 100


@dataclass(frozen=True, slots=True)
class _Page:
    """The statements of one page, looked up in many places."""

    document: Document
    metas: dict[str, list[str]]
    nodes: list[Node]
    article: Node | None
    hints: Candidate | None

    @property
    def tree(self) -> HtmlElement:
        return self.document.tree

    def meta(self, names: Iterable[str]) -> Iterator[Found]:
        """The contents of the meta elements so named, in the order of `names`."""
        for name in names:
            for content in self.metas.get(name, ()):
                yield content, name

    def stated(self, *keys: str) -> Iterator[Found]:
        """The texts under `keys` of the article's JSON-LD node."""
        for key in keys if self.article is not None else ():
            for text in structured.strings((self.article or {}).get(key)):
                yield text, "json-ld"

    def items(self, *names: str) -> Iterator[Found]:
        """The values of the microdata properties so named."""
        for name in names:
            for element in self.tree.xpath(f"//*[@itemprop='{name}']")[:20]:
                value = element.get("content") or element.get("datetime")
                yield _line(value or element.text_content()), f"itemprop {name}"


def read(
    document: Document, hints: Candidate | None = None, now: datetime | None = None
) -> Metadata:
    """Everything that is said of the article. Never raises.

    `hints` is what a feed or sitemap said of it, `now` (aware) when the page was
    fetched: a date after it is not believed; None means the clock's now.
    """
    page = _gather(document, hints)
    values: dict[str, Found | None] = {
        "title": _title(page),
        "canonical": _canonical(page),
        "section": _first(_sections(page)),
        "description": _first(_descriptions(page)),
        "site_name": _first(_site_names(page)),
        "declared_language": _declared_language(page),
    }
    named = _authors(page)
    free = _free(page)
    moment = now or datetime.now(UTC)
    published = dates.choose(_published(page), moment)
    updated = dates.choose(_updated(page), moment)
    sources = {name: found[1] for name, found in values.items() if found}
    sources |= {"authors": named[1]} if named[0] else {}
    sources |= {"published": published.source} if published else {}
    sources |= {"updated": updated.source} if updated else {}
    sources |= {"free": "json-ld"} if free is not None else {}
    texts = {name: found[0] if found else None for name, found in values.items()}
    return Metadata(
        authors=named[0],
        published=published,
        updated=updated,
        free=free,
        sources=sources,
        **texts,
    )


def _gather(document: Document, hints: Candidate | None) -> _Page:
    nodes = structured.nodes(document.tree)
    metas = _metas(document.tree)
    links = document.tree.xpath("//link[@rel='canonical']/@href")
    named = [document.url, *links, *metas.get("og:url", ())]
    addresses = {url.split("#")[0].rstrip("/") for url in named if url}
    article = structured.article(nodes, addresses)
    return _Page(document, metas, nodes, article, hints)


def _metas(tree: HtmlElement) -> dict[str, list[str]]:
    """The contents of all meta elements by lower-case name, empty ones left out."""
    metas: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = _line(element.get("content") or element.get("value") or "")
        for attribute in ("property", "name", "http-equiv", "itemprop"):
            name = (element.get(attribute) or "").strip().lower()
            if name and content:
                metas.setdefault(name, []).append(content)
    return metas


def _title(page: _Page) -> Found | None:
    said = [
        *(titles.Said("json-ld", text, s) for text, s in page.stated("headline")),
        *(
            titles.Said(place, text, name)
            for name, place in _TITLE_METAS
            for text in page.metas.get(name, ())[:1]
        ),
        *(titles.Said("h1", text, "h1") for text in _headings(page.tree)),
        *(
            titles.Said("title", _line(text), "title")
            for text in _title_tags(page.tree)
        ),
    ]
    if page.hints is not None and page.hints.title:
        said.append(titles.Said("feed", page.hints.title, "feed"))
    return titles.choose(said, [name for name, _ in _site_names(page)])


def _headings(tree: HtmlElement) -> list[str]:
    """The text of the page's h1, if it has one of its own: two are a choice."""
    found = [_line(element.text_content()) for element in tree.iter("h1")]
    return [text for text in dict.fromkeys(found) if text][:3]


def _title_tags(tree: HtmlElement) -> list[str]:
    return [str(text) for text in tree.xpath("//head//title/text()|/html/title/text()")]


def _site_names(page: _Page) -> Iterator[Found]:
    yield from page.meta(_SITE_METAS)
    if page.article is not None:
        known = structured.by_id(page.nodes)
        for name in structured.names(page.article.get("publisher"), known):
            yield name, "json-ld"
    for node in page.nodes:
        if set(structured.types(node)) & {"WebSite", "NewsMediaOrganization"}:
            yield from ((n, "json-ld") for n in structured.names(node, {}))
    host = urlsplit(page.document.url or "").hostname
    if host:
        yield from ((part, "url") for part in [host, *host.split(".")] if part)


def _authors(page: _Page) -> tuple[tuple[str, ...], str]:
    """The authors of the best place that names a person, and that place."""
    agencies: tuple[tuple[str, ...], str] = ((), "")
    for said, source in _bylines(page):
        named = authors.clean(said)
        if any(not authors.is_newsroom(name) for name in named):
            return named, source
        agencies = agencies if agencies[0] else (named, source)
    return agencies


def _bylines(page: _Page) -> Iterator[tuple[list[str], str]]:
    """The statements of authors, best place first."""
    if page.article is not None:
        known = structured.by_id(page.nodes)
        for key in ("author", "creator"):
            yield structured.names(page.article.get(key), known), "json-ld"
    for name in _AUTHOR_METAS:
        yield page.metas.get(name, []), name
    marked = [
        _line(element.text_content())
        for element in page.tree.xpath(_BYLINE)[:30]
        if element.tag not in ("script", "style", "img")
    ]
    yield [text for text in marked if len(text) <= _BYLINE_LENGTH][:3], "byline"
    if page.hints is not None:
        yield list(page.hints.authors), "feed"


def _published(page: _Page) -> Iterator[dates.Stated]:
    for text, _ in page.stated("datePublished", "dateCreated", "uploadDate"):
        yield dates.Stated("json-ld", text)
    for text, _ in page.meta(_PUBLISHED_METAS):
        yield dates.Stated("meta", text)
    for text, _ in page.items("datePublished", "dateCreated"):
        yield dates.Stated("meta", text)
    yield from _time_elements(page.tree)
    if page.hints is not None and page.hints.published is not None:
        yield dates.Stated("feed", page.hints.published.isoformat())
    day = dates.from_url(page.document.url or "")
    if day is not None:
        yield dates.Stated("url", day)
    yield from _date_texts(page.tree)


def _updated(page: _Page) -> Iterator[dates.Stated]:
    for text, _ in page.stated("dateModified"):
        yield dates.Stated("json-ld", text)
    for text, _ in page.meta(_UPDATED_METAS):
        yield dates.Stated("meta", text)
    for text, _ in page.items("dateModified"):
        yield dates.Stated("meta", text)
    if page.hints is not None and page.hints.updated is not None:
        yield dates.Stated("feed", page.hints.updated.isoformat())


def _time_elements(tree: HtmlElement) -> Iterator[dates.Stated]:
    """The <time> elements, those that say they are the publication first."""
    marked = "@pubdate or contains(@class, 'publi') or contains(@itemprop, 'Published')"
    elements = [*tree.xpath(f"//time[{marked}]"), *tree.xpath("//time")]
    for element in elements[:_MOST_DATE_TEXTS]:
        yield dates.Stated("time", element.get("datetime") or "")
        yield dates.Stated("time", _line(element.text_content()))


def _date_texts(tree: HtmlElement) -> Iterator[dates.Stated]:
    for element in tree.xpath(_DATE_TEXT)[:_MOST_DATE_TEXTS]:
        text = _line(element.text_content())
        if len(text) <= _DATE_LENGTH:
            yield dates.Stated("text", text)


def _canonical(page: _Page) -> Found | None:
    """The address that the page declares as its own, made absolute."""
    links = page.tree.xpath("//link[contains(concat(' ', @rel, ' '), ' canonical ')]")
    said = [(link.get("href") or "", "link canonical") for link in links]
    said += [(url, "og:url") for url in page.metas.get("og:url", ())]
    said += list(page.stated("mainEntityOfPage", "url"))
    for url, source in said:
        try:
            return canonical(url, page.document.url), source
        except UrlError:
            continue
    return None


def _sections(page: _Page) -> Iterator[Found]:
    yield from page.stated("articleSection")
    yield from page.meta(_SECTION_METAS)


def _descriptions(page: _Page) -> Iterator[Found]:
    yield from page.stated("description")
    yield from page.meta(_DESCRIPTION_METAS)


def _declared_language(page: _Page) -> Found | None:
    said = [(page.tree.get("lang") or page.tree.get("xml:lang") or "", "html lang")]
    said += [*page.stated("inLanguage"), *page.meta(_LANGUAGE_METAS)]
    if page.hints is not None and page.hints.language:
        said.append((page.hints.language, "feed"))
    for tag, source in said:
        code = normalize(tag.split(",")[0])
        if code is not None:
            return code, source
    return None


def _free(page: _Page) -> bool | None:
    """schema.org's isAccessibleForFree, a boolean or a word for one."""
    value = (page.article or {}).get("isAccessibleForFree")
    if isinstance(value, bool):
        return value
    words = {"true": True, "yes": True, "false": False, "no": False}
    return words.get(str(value).strip().lower().rsplit("/", 1)[-1])


def _first(found: Iterable[Found]) -> Found | None:
    return next(((text, source) for text, source in found if text), None)


def _line(text: str) -> str:
    """`text` on one line, with entities that were escaped twice resolved."""
    return " ".join(html.unescape(text).split())
