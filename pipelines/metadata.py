"""What a page, its URL and its listing say of the article, and where each was said.

Gathers the statements of JSON-LD, meta elements, microdata and markup, best first,
and lets titles.py, authors.py and dates.py decide. A value that nothing states is
None; nothing is guessed. `sources` of the result names the place of every value.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final
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


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


#: Where meta elements say what; the names as `_key` writes them, best place first.
_TITLE_METAS: Final = (
    ("ogtitle", "og"),
    ("headline", "meta"),
    ("parselytitle", "meta"),
    ("sailthrutitle", "meta"),
    ("dctitle", "meta"),
    ("dctermstitle", "meta"),
    ("citationtitle", "meta"),
    ("articletitle", "meta"),
    ("title", "meta"),
    ("twittertitle", "twitter"),
)
_SITE_METAS: Final = _names(
    "ogsitename applicationname applemobilewebapptitle alandroidappname aliosappname "
    "twitterappnameiphone publisher dcpublisher copyright"
)
_AUTHOR_METAS: Final = _names(
    "author authors articleauthor articleauthorname ogarticleauthor ogauthor "
    "parselyauthor sailthruauthor byl dccreator dctermscreator dcsextauthor "
    "cxenseparseauthor citationauthor twittermiscwrittenby"
)
_PUBLISHED_METAS: Final = _names(
    "articlepublishedtime articlepublished ogarticlepublishedtime ogpublishedtime "
    "datepublished parselypubdate sailthrudate cxenseparserecspublishtime dcdateissued "
    "dctermscreated dctermsissued dctermsdate dcdatecreated dcdate dccreated pubdate "
    "publishdate publicationdate publisheddate publishedtime publishtime "
    "articlecreated articledateoriginal originalpublishdate originalpublicationdate "
    "creationdatetime datecreated displaydate citationpublicationdate citationdate "
    "date shareaholicarticlepublishedtime"
)
_UPDATED_METAS: Final = _names(
    "articlemodifiedtime articlemodified ogarticlemodifiedtime ogupdatedtime "
    "datemodified lastmodified lastmod dctermsmodified dcdatemodified modifiedtime "
    "articleupdated articledateupdated revisiondate shareaholicarticlemodifiedtime"
)
_SECTION_METAS: Final = _names(
    "articlesection ogarticlesection section parselysection cxenseparsesection "
    "sailthrusection dcsextsection"
)
_DESCRIPTION_METAS: Final = _names(
    "ogdescription description twitterdescription sailthrudescription dcdescription "
    "dctermsabstract"
)
_LANGUAGE_METAS: Final = _names("contentlanguage language dclanguage oglocale")

#: What Yoast's sharing cards call the author, in `twitter:label1`.
_WRITTEN_BY = re.compile(
    r"written by|author|verfasst von|geschrieben von|écrit par|escrito por|scritto da|"
    r"geschreven door|autor\w*|skrevet af|skrevet av|skriven av|napisan\w*|написано|"
    r"yazan|ditulis oleh|γράφτηκε από|작성자|执笔者|作者|執筆者",
    re.IGNORECASE,
)

#: The headline of an entry by the names of hNews and of microdata.
_NAMED_HEADLINE: Final = (
    "//body//*[@itemprop='headline' or"
    " contains(concat(' ', @class, ' '), ' entry-title ')]"
)
_HEADLINE_LENGTH: Final = 300

#: Elements whose text may be a date, and how long such a text can be.
_DATE_TEXT: Final = (
    "//*[self::span or self::p or self::div or self::li or self::abbr or self::small]"
    "[contains(@class, 'date') or contains(@class, 'Date') or contains(@class, 'time')"
    " or contains(@class, 'publi')]"
)
_DATE_LENGTH: Final = 80
#: The first few are the article's; the rest belong to teasers.
_MOST_DATE_TEXTS: Final = 12

#: Markup of bylines; those of teasers stand in links and beside the article.
_BYLINE: Final = (
    ".//*[@rel='author' or @itemprop='author' or contains(@class, 'byline')"
    " or contains(@class, 'author') or contains(@class, 'Author')"
    " or contains(@class, 'Byline')]"
    "[not(ancestor::a or ancestor::aside or ancestor::nav or ancestor::footer)]"
)
_BYLINE_LENGTH: Final = 100
_MOST_BYLINES: Final = 30
_TEXTLESS: Final = ("script", "style", "img")


#: Pages have some fifty, the longest a description of a paragraph or two.
_MOST_METAS: Final = 500
_LONGEST_META: Final = 5000


@dataclass(frozen=True, slots=True)
class _Page:
    """The statements of one page, looked up in many places.

    `metas` holds contents with the names as written, by the names as `_key` has them.
    """

    document: Document
    metas: dict[str, list[Found]]
    nodes: list[Node]
    article: Node | None
    hints: Candidate | None

    @property
    def tree(self) -> HtmlElement:
        return self.document.tree

    def meta(self, names: Iterable[str]) -> Iterator[Found]:
        """The contents of the meta elements so named, in the order of `names`."""
        for name in names:
            yield from self.metas.get(name, ())

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
    texts: dict[str, Any] = {
        name: found[0] if found else None for name, found in values.items()
    }
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
    named = [document.url, *links, *(url for url, _ in metas.get("ogurl", ()))]
    addresses = {url.split("#")[0].rstrip("/") for url in named if url}
    article = structured.article(nodes, addresses)
    return _Page(document, metas, nodes, article, hints)


def _metas(tree: HtmlElement) -> dict[str, list[Found]]:
    """The contents of all meta elements by key, empty ones left out."""
    metas: dict[str, list[Found]] = {}
    for element in islice(tree.iter("meta"), _MOST_METAS):
        content = element.get("content") or element.get("value") or ""
        content = _line(content[:_LONGEST_META])
        for attribute in ("property", "name", "http-equiv", "itemprop"):
            name = (element.get(attribute) or "").strip()
            if name and content:
                metas.setdefault(_key(name), []).append((content, name.lower()))
    return metas


def _key(name: str) -> str:
    """A meta name without what sites spell as they like: `article:published_time`."""
    return re.sub(r"[\W_]+", "", name).lower()


def _title(page: _Page) -> Found | None:
    said = [
        *(titles.Said("json-ld", text, s) for text, s in page.stated("headline")),
        *(
            titles.Said(place, text, source)
            for name, place in _TITLE_METAS
            for text, source in page.metas.get(name, ())[:1]
        ),
        *(titles.Said("h1", text, "h1") for text in _headings(page.tree)),
        *(titles.Said("class", text, name) for text, name in _named(page.tree)),
        *(
            titles.Said("title", _line(text), "title")
            for text in _title_tags(page.tree)
        ),
    ]
    if page.hints is not None and page.hints.title:
        said.append(titles.Said("feed", page.hints.title, "feed"))
    return titles.choose(said, _names_of_outlet(page))


def _headings(tree: HtmlElement) -> list[str]:
    """The text of the page's h1, if it has one of its own: two are a choice."""
    found = [_line(element.text_content()) for element in tree.iter("h1")]
    return [text for text in dict.fromkeys(found) if text][:3]


def _named(tree: HtmlElement) -> Iterator[Found]:
    """The one element that a page without an h1 names as the headline, if it does."""
    if next(tree.iter("h1"), None) is not None:
        return
    found = [_line(element.text_content()) for element in tree.xpath(_NAMED_HEADLINE)]
    if len(set(found)) == 1 and len(found[0]) <= _HEADLINE_LENGTH:
        yield found[0], "headline by its name"


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
            yield from ((name, "json-ld") for name in structured.names(node, {}))


def _names_of_outlet(page: _Page) -> list[str]:
    """What the outlet may call itself behind a title: its names, its host's parts."""
    host = urlsplit(page.document.url or "").hostname or ""
    parts = [host, *host.split(".")] if host else []
    return [*(name for name, _ in _site_names(page)), *parts]


def _authors(page: _Page) -> tuple[tuple[str, ...], str]:
    """The authors of the best place that names a person, and that place."""
    sites = _names_of_outlet(page)
    newsrooms: tuple[tuple[str, ...], str] = ((), "")
    for said, source in _bylines(page):
        named = authors.clean(said, sites)
        if named.people:
            return named.people, source
        newsrooms = newsrooms if newsrooms[0] else (named.newsrooms, source)
    return newsrooms


def _bylines(page: _Page) -> Iterator[tuple[list[str], str]]:
    """The statements of authors, best place first."""
    if page.article is not None:
        known = structured.by_id(page.nodes)
        for key in ("author", "creator"):
            yield structured.names(page.article.get(key), known), "json-ld"
    for name in (*_AUTHOR_METAS, *_labelled(page)):
        said = page.metas.get(name, [])
        yield [text for text, _ in said], said[0][1] if said else name
    for group in _groups(_around_heading(page.tree).xpath(_BYLINE)):
        yield group, "byline"
    if page.hints is not None:
        yield list(page.hints.authors), "feed"


def _labelled(page: _Page) -> Iterator[str]:
    """The cards whose label says that they hold the author."""
    for label, data in (
        ("twitterlabel1", "twitterdata1"),
        ("twitterlabel2", "twitterdata2"),
    ):
        if any(_WRITTEN_BY.fullmatch(text) for text, _ in page.metas.get(label, ())):
            yield data


def _around_heading(tree: HtmlElement) -> HtmlElement:
    """The element that holds the article: the one about its h1, or the page."""
    for heading in tree.iter("h1"):
        for place in heading.iterancestors("article", "main"):
            return place
    return tree


def _groups(elements: list[HtmlElement]) -> Iterator[list[str]]:
    """The short texts of elements that stand together, the first group first."""
    groups: dict[HtmlElement, list[str]] = {}
    for element in elements[:_MOST_BYLINES]:
        text = _line(element.text_content())
        if text and len(text) <= _BYLINE_LENGTH and element.tag not in _TEXTLESS:
            parent = element.getparent()
            place = element if parent is None else parent
            groups.setdefault(place, []).append(text)
    yield from groups.values()


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
    said += page.metas.get("ogurl", [])
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
