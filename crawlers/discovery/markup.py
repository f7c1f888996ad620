"""XML as servers send it: a tree, or why it is none.

No parser here sees a document type: it is cut off first, and with it every entity,
external reference and "billion laughs". HTML's named entities are resolved all the
same. Documents that are not well formed are read record by record, so that damage
stays within the record where it lies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from itertools import islice, pairwise
from typing import Final, TypeAlias

from lxml import etree

from crawlers.discovery.body import NotAListing
from pipelines.candidate import Rejected
from pipelines.document import printable
from pipelines.urls import UrlError, absolute

Element: TypeAlias = etree._Element  # lxml gives it no public name

#: Damaged documents are read up to this record.
_MOST_RECORDS: Final = 50_000

#: How many elements of one record are looked at.
MOST_ELEMENTS: Final = 2_000

#: A root's opening tag is repeated for every record of a damaged document.
_LONGEST_WRAP: Final = 5_000

_FEEDS: Final = frozenset({"rss", "rdf", "feed", "channel"})
_SITEMAPS: Final = frozenset({"urlset", "sitemapindex"})
_PAGES: Final = frozenset({"html", "head", "body"})

# Every pattern below is linear in hostile input: possessive where it repeats, and
# what is never closed ends with the document.
_START = re.compile(
    r"<(?:\?xml\b|(?:\w{1,40}:)?(?:rss|RDF|feed|urlset|sitemapindex)\b)"
)
_HTML = re.compile(
    r"\s*+(?:<!--.*?-->\s*+)*+<(?:!doctype\s+html|html)\b", re.DOTALL | re.IGNORECASE
)
_TITLE = re.compile(r"<title\b[^>]*+>([^<]{0,300})", re.IGNORECASE)
_LINK_TAG = re.compile(r"<link\b[^<>]{1,2000}>", re.IGNORECASE)
_FEED_TYPE = re.compile(r"application/(?:rss|atom|feed)\+(?:xml|json)", re.IGNORECASE)
_HREF = re.compile(r"\bhref\s*=\s*[\"']?([^\"'\s<>]+)", re.IGNORECASE)
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*+)(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+>")
_OPEN_CDATA: Final = "<![CDATA["
_CDATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
_REFERENCE = r"(?:\w{1,40}|\#[0-9]{1,8}|\#[xX][0-9A-Fa-f]{1,6});"
_AMPERSAND = re.compile(rf"&(?!{_REFERENCE})")
_NAMED = re.compile(rf"&(?!(?:amp|lt|gt|quot|apos);){_REFERENCE}")
_STRAY = re.compile(r"<(?![A-Za-z_/!?])")
_PROLOG_PIECE = re.compile(r"\s+|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)", re.DOTALL)
_DOCTYPE = re.compile("<!DOCTYPE", re.IGNORECASE)
#: In this order: a quoted part may hold anything, a comment even quotes.
_SUBSET_PIECE = re.compile(r"<!--.*?(?:-->|\Z)|\"[^\"]*+\"|'[^']*+'|[\[\]>]", re.DOTALL)
#: A tag as broken documents have it, and what the parser would stumble over in it.
_TAG = re.compile(r"<[A-Za-z_](?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+>")
_UNQUOTED = re.compile(
    r"\"[^\"]*+\"|'[^']*+'|(?P<name>[\w:.-]++)\s*+=\s*+(?P<value>[^\s\"'<>=]++)"
)
_INHERITED = re.compile(
    r"\s(?:xmlns(?::[\w.-]{1,40})?|xml:base|xml:lang)=(?:\"[^\"<]*+\"|'[^'<]*+')"
)
_END_TAG = re.compile(
    r"</(?:[\w.-]{1,40}:)?"
    r"(?:item|entry|url|sitemap|channel|rss|rdf|feed|urlset|sitemapindex)\s*+>",
    re.IGNORECASE,
)

#: Namespaces by a part of their name, for they are written in many ways, and the
#: prefix that they have here. The first that fits counts.
_NAMESPACES: Final = (
    ("sitemap-news", "news:"),
    ("sitemap-", "media:"),
    ("sitemap", ""),
    ("www.w3.org/2005/Atom", ""),
    ("purl.org/atom", ""),
    ("purl.org/rss/1.0/modules/content", "content:"),
    ("purl.org/rss/1.0/modules", "module:"),
    ("purl.org/rss", ""),
    ("netscape.com", ""),
    ("backend.userland.com", ""),
    ("blogs.law.harvard.edu", ""),
    ("purl.org/dc/", "dc:"),
    ("feedburner", "feedburner:"),
    ("1999/xhtml", "xhtml:"),
    ("22-rdf-syntax-ns", "rdf:"),
)


@dataclass(frozen=True, slots=True)
class Tree:
    """A document's root and its records (items, entries, URLs) in document order.

    `cut_off` tells that the document ends within its last record, which is left out.
    """

    root: Element
    records: tuple[Element, ...]
    cut_off: bool = False

    def damage(self, url: str) -> tuple[Rejected, ...]:
        """The note that the document at `url` is cut off, if it is."""
        if not self.cut_off:
            return ()
        return (Rejected(url, "the document ends within an entry"),)

    @property
    def is_sitemap(self) -> bool:
        """Whether this is a sitemap or an index of them; else it is a feed."""
        return name(self.root) in _SITEMAPS


def parse(text: str, url: str) -> Tree:
    """The feed's or sitemap's XML in `text`, which was fetched from `url`.

    Raises `NotAListing` for HTML, for other XML, and for what is no XML at all.
    """
    if _HTML.match(text[:10_000]):
        raise NotAListing(described(text, url))
    if start := _START.search(text[:100_000]):
        text = text[start.start() :]  # warnings that PHP printed before it
    text = _without_prolog(text)
    opening = _ROOT.match(text)
    if opening is None:
        raise NotAListing(f"neither XML nor JSON, begins with {text[:40]!r}")
    names = _record_names(_local(opening[1]), text, url)
    text = _tidied(text)
    try:
        root = etree.fromstring(text.encode(), _parser(), base_url=url)
    except etree.XMLSyntaxError:
        return _salvaged(text, names, url)
    return Tree(root, tuple(each for each in root.iter("{*}*") if name(each) in names))


def described(text: str, url: str) -> str:
    """What an HTML page is, for the operator: `an HTML page, title "Log in"`.

    If the page names a feed, so does this: it may be the one that was meant.
    """
    text = text[:200_000]
    title = _TITLE.search(text)
    words = " ".join(printable(unescape(title[1])).split()) if title else ""
    said = f'an HTML page, title "{words[:100]}"' if words else "an HTML page"
    named = next(_named_feeds(text, url), None)
    return f"{said}; it names the feed {named}" if named else said


def _named_feeds(text: str, url: str) -> Iterator[str]:
    for tag in _LINK_TAG.findall(text):
        address = _HREF.search(tag)
        if address and _FEED_TYPE.search(tag):
            with suppress(UrlError):
                yield absolute(unescape(address[1]), url)


def name(element: Element) -> str:
    """An element's name, without a prefix in feeds' and sitemaps' own vocabularies.

    Other well-known ones have a fixed prefix, whatever the document calls them:
    `dc:date`, `news:title`, `content:encoded`; unknown ones `other:`, unless they are
    the document's default. Comments have no name.
    """
    tag = element.tag
    return _name(tag, element.prefix is None) if isinstance(tag, str) else ""


@lru_cache(maxsize=2048)
def _name(tag: str, unprefixed: bool) -> str:
    space, _, local = tag.rpartition("}")
    if not space:
        return local.lower()  # with its prefix, if nobody declared that
    for part, prefix in _NAMESPACES:
        if part in space:
            return prefix + local.lower()
    return local.lower() if unprefixed else f"other:{local.lower()}"


def text_in(element: Element) -> str:
    """All text of an element; "" if it has none."""
    return "".join(islice(element.itertext(), MOST_ELEMENTS))


def _local(tag: str) -> str:
    return tag.rpartition(":")[2].lower()


def _record_names(root: str, text: str, url: str) -> frozenset[str]:
    if root in _FEEDS:
        return frozenset({"item", "entry"})
    if root in _SITEMAPS:
        return frozenset({"url", "sitemap"})
    if root in _PAGES:
        raise NotAListing(described(text, url))
    raise NotAListing(f"an XML document <{root[:40]}>, neither feed nor sitemap")


def _without_prolog(text: str) -> str:
    """`text` from its root element on."""
    at = 0
    while piece := _PROLOG_PIECE.match(text, at) or _DOCTYPE.match(text, at):
        end = piece.end()
        at = _doctype_end(text, end) if piece.re is _DOCTYPE else end
    return text[at:]


def _doctype_end(text: str, start: int) -> int:
    """Where the document type that began before `start` ends, internal subset too."""
    depth = 0
    for piece in _SUBSET_PIECE.finditer(text, start):
        if piece[0] == ">" and depth <= 0:
            return piece.end()
        depth += (piece[0] == "[") - (piece[0] == "]")
    raise NotAListing("a document type without end")


def _tidied(text: str) -> str:
    """`text` with entities resolved and stray `&` and `<` escaped, outside CDATA."""
    pieces = _CDATA.split(text)
    if len(pieces) > 1 and not pieces[-2].endswith("]]>"):  # never closed: none at all
        pieces[-3:] = ["".join(pieces[-3:]).replace(_OPEN_CDATA, "")]
    pieces[::2] = map(_escaped, pieces[::2])
    return "".join(pieces)


def _escaped(text: str) -> str:
    text = _STRAY.sub("&lt;", _AMPERSAND.sub("&amp;", text))
    return _NAMED.sub(_resolve, text)


def _resolve(match: re.Match[str]) -> str:
    """A reference as the characters it means; what means nothing, as it stands."""
    meant = printable(unescape(match[0]))
    return meant.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _parser(*, recover: bool = False) -> etree.XMLParser:
    return etree.XMLParser(
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _salvaged(text: str, names: frozenset[str], url: str) -> Tree:
    """The records of a document that is not well formed, each read by itself.

    Each is wrapped in the root's opening tag, for its namespaces and `xml:base`.
    """
    starts = list(islice(_record_starts(text, names), _MOST_RECORDS + 1))
    if not starts:
        raise NotAListing("broken XML without a single entry")
    head = text[: starts[0]]
    fragments = [text[start:end] for start, end in pairwise([*starts, len(text)])]
    del fragments[_MOST_RECORDS:]
    cut_off = _END_TAG.search(fragments[-1]) is None
    if cut_off:
        del fragments[-1]
    opening = _ROOT.match(head)
    wrap = _wrap(opening) if opening else "<root>"
    trees = (_recovered(wrap + piece, url) for piece in fragments)
    records = tuple(record for tree in trees for record in _first_record(tree, names))
    root = _recovered(wrap + head[opening.end() if opening else 0 :], url)
    return Tree(root, records, cut_off)


def _wrap(opening: re.Match[str]) -> str:
    """A root's opening tag with nothing but what its records may need."""
    kept = dict.fromkeys(_INHERITED.findall(opening[0][:_LONGEST_WRAP]))
    return f"<{opening[1]}{''.join(kept)}>"


def _recovered(text: str, url: str) -> Element:
    text = _TAG.sub(_quoted, text)
    tree = etree.fromstring(text.encode(), _parser(recover=True), base_url=url)
    return etree.Element("nothing") if tree is None else tree


def _quoted(tag: re.Match[str]) -> str:
    """A tag with quotes around every value."""
    return _UNQUOTED.sub(_with_quotes, tag[0]) if "=" in tag[0] else tag[0]


def _with_quotes(found: re.Match[str]) -> str:
    return f'{found["name"]}="{found["value"]}" ' if found["name"] else f"{found[0]} "


def _record_starts(text: str, names: frozenset[str]) -> Iterator[int]:
    tag = re.compile(
        r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
        rf"|(?P<record><(?:[\w.-]{{1,40}}:)?(?:{'|'.join(sorted(names))})(?=[\s/>]))",
        re.DOTALL | re.IGNORECASE,
    )
    return (found.start() for found in tag.finditer(text) if found["record"])


def _first_record(tree: Element, names: frozenset[str]) -> Iterator[Element]:
    """The record of a fragment, whose prefix nobody may have declared."""
    found = (each for each in tree.iter("{*}*") if _local(name(each)) in names)
    return islice(found, 1)
