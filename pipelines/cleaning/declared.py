"""What a page says of its article outside the text: headlines, summary, captions.

Nothing here is more than evidence: pages copy these fields from each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from lxml.html import HtmlElement

from pipelines import structured
from pipelines.article import Metadata

_ARTICLE: Final = re.compile(r"\w*(?:Article|Posting|Review)|Report")
_TITLES: Final = frozenset(
    ("og:title", "twitter:title", "title", "dc.title", "parsely-title")
)
_SUMMARIES: Final = frozenset(
    ("description", "og:description", "twitter:description", "dc.description")
)
#: Where metadata is from that the page does not say itself.
_FEED: Final = "feed"
_SEPARATORS: Final = (" | ", " - ", " – ", " — ", " :: ", " · ", " • ", " » ")
#: The part of `<title>` that is the headline is at least this long.
_TITLE_SHARE: Final = 0.45


@dataclass(frozen=True, slots=True)
class Declared:
    """The page's own words about its article; empty where it says nothing.

    `article`: it declares itself one. `signed`: it says who wrote it, not its feed
    alone. `free`: whether all may read it. `outlet` is the name of who publishes it.
    """

    titles: tuple[str, ...] = ()
    summaries: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    article: bool = False
    signed: bool = False
    free: bool | None = None
    outlet: str | None = None


def read_declared(tree: HtmlElement, metadata: Metadata | None) -> Declared:
    """What `tree` declares, after what `metadata` found in it."""
    about = metadata or Metadata()
    nodes = structured.nodes(tree)
    articles = [n for n in nodes if any(map(_ARTICLE.fullmatch, structured.types(n)))]
    meta = _meta(tree)
    authors = _authors(nodes, articles)
    told = about.authors if about.sources.get("authors") != _FEED else ()
    return Declared(
        titles=_distinct(
            [
                about.title,
                *_under(articles, "headline", "name"),
                *(text for name, text in meta if name in _TITLES),
                *_document_title(tree),
            ]
        ),
        summaries=_distinct(
            [
                about.description,
                *_under(articles, "description", "alternativeHeadline"),
                *(text for name, text in meta if name in _SUMMARIES),
            ]
        ),
        captions=_distinct(_captions(nodes)),
        authors=_distinct([*about.authors, *authors]),
        signed=bool(authors or told),
        article=bool(articles) or ("og:type", "article") in meta,
        free=_free(about, articles),
        outlet=about.site_name or dict(meta).get("og:site_name"),
    )


def _meta(tree: HtmlElement) -> list[tuple[str, str]]:
    return [
        ((e.get("property") or e.get("name") or "").lower(), e.get("content") or "")
        for e in tree.iter("meta")
    ]


def _under(nodes: Iterable[structured.Node], *keys: str) -> list[str]:
    return [
        text for n in nodes for key in keys for text in structured.strings(n.get(key))
    ]


def _authors(
    nodes: list[structured.Node], articles: list[structured.Node]
) -> list[str]:
    known = structured.by_id(nodes)
    return [name for n in articles for name in structured.names(n.get("author"), known)]


def _captions(nodes: list[structured.Node]) -> list[str]:
    """The captions of picture nodes, on their own or under a node's `image`."""
    pictures: list[structured.Node] = []
    for node in nodes:
        inner = node.get("image")
        several = inner if isinstance(inner, list) else [inner]
        pictures += [picture for picture in several if isinstance(picture, Mapping)]
        if "ImageObject" in structured.types(node):
            pictures.append(node)
    return _under(pictures, "caption", "description")


def _free(about: Metadata, articles: list[structured.Node]) -> bool | None:
    if about.free is not None:
        return about.free
    said = [str(n.get("isAccessibleForFree", "")).lower() for n in articles]
    return False if "false" in said else True if "true" in said else None


def _document_title(tree: HtmlElement) -> list[str]:
    """The `<title>`, whole and without the outlet's name at either end."""
    title = next((e.text for e in tree.iter("title") if e.text), None)
    if not title:
        return []
    parts = [title]
    for separator in _SEPARATORS:
        if separator in title:
            parts += [title.rsplit(separator, 1)[0], title.split(separator, 1)[1]]
    return [part for part in parts if len(part) >= _TITLE_SHARE * len(title)]


def _distinct(texts: Iterable[str | None]) -> tuple[str, ...]:
    """The distinct texts, white space collapsed, in order."""
    collapsed = (" ".join(text.split()) for text in texts if text)
    return tuple(dict.fromkeys(text for text in collapsed if text))
