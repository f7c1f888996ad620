"""What a page says of itself outside its text: headlines, summary, body, captions.

Read from JSON-LD (schema.org) and from `<meta>`; wrong or hostile data is skipped,
since nothing here is more than evidence.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from lxml import html
from lxml.html import HtmlElement

from pipelines.article import Metadata

#: A page's JSON-LD beyond this many characters is not read: no article needs it.
_LARGEST: Final = 2_000_000
#: Where JSON-LD holds other stories, or the entries of a live blog.
_OTHERS: Final = frozenset(
    (
        "liveBlogUpdate",
        "hasPart",
        "itemListElement",
        "relatedLink",
        "comment",
        "citation",
    )
)
_ARTICLE_TYPES: Final = ("Article", "Posting", "Report", "Review")
_TITLES: Final = frozenset(
    ("og:title", "twitter:title", "title", "dc.title", "parsely-title")
)
_SUMMARIES: Final = frozenset(
    (
        "description",
        "og:description",
        "twitter:description",
        "dc.description",
        "abstract",
    )
)
_TITLE_SEPARATORS: Final = (" | ", " - ", " – ", " — ", " :: ", " · ", " • ", " » ")


#: The part of `<title>` that is the headline is at least this long.
_TITLE_SHARE: Final = 0.45


@dataclass(frozen=True, slots=True)
class Declared:
    """The page's own words about its article. Empty where it says nothing."""

    titles: tuple[str, ...] = ()
    summaries: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    body: str | None = None
    free: bool | None = None
    types: frozenset[str] = frozenset()


def read_declared(tree: HtmlElement, metadata: Metadata | None) -> Declared:
    """What `tree` and the `metadata` read from it declare."""
    things = list(_things(tree))
    articles = [thing for thing in things if _is_article(thing)]
    titles = [metadata.title] if metadata else []
    titles += [thing.get(key) for thing in articles for key in ("headline", "name")]
    summaries = [metadata.description] if metadata else []
    keys = ("description", "alternativeHeadline")
    summaries += [thing.get(key) for thing in articles for key in keys]
    authors = [*metadata.authors] if metadata else []
    authors += [name for thing in articles for name in _names(thing.get("author"))]
    meta = _meta(tree)
    bodies = [_plain(thing.get("articleBody")) for thing in articles]
    return Declared(
        titles=_texts([*titles, *meta[0], *_document_title(tree)]),
        summaries=_texts([*summaries, *meta[1]]),
        captions=_texts(
            [
                t.get(k)
                for t in things
                if "ImageObject" in _types(t)
                for k in ("caption", "description")
            ]
        ),
        authors=_texts(authors),
        body=max((b for b in bodies if b), key=len, default=None),
        free=_free(articles),
        types=frozenset(kind for thing in things for kind in _types(thing)),
    )


def _things(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Every JSON object of the page's JSON-LD, nested ones too."""
    for script in tree.iter("script"):
        if "ld+json" in script.get("type", "") and script.text:
            todo = deque([_loaded(script.text)])
            while todo:
                thing = todo.popleft()
                if isinstance(thing, dict):
                    yield thing
                    todo.extend(v for k, v in thing.items() if k not in _OTHERS)
                elif isinstance(thing, list):
                    todo.extend(thing)


def _loaded(text: str) -> Any:
    if len(text) > _LARGEST:
        return None
    try:
        return json.loads(text.strip().rstrip(";"), strict=False)
    except (ValueError, RecursionError):
        return None


def _types(thing: dict[str, Any]) -> list[str]:
    kind = thing.get("@type")
    return [
        k for k in (kind if isinstance(kind, list) else [kind]) if isinstance(k, str)
    ]


def _is_article(thing: dict[str, Any]) -> bool:
    return any(kind.endswith(_ARTICLE_TYPES) for kind in _types(thing))


def _names(author: Any) -> Iterator[str]:
    for one in author if isinstance(author, list) else [author]:
        name = one.get("name") if isinstance(one, dict) else one
        if isinstance(name, str):
            yield name


def _free(articles: list[dict[str, Any]]) -> bool | None:
    for thing in articles:
        said = str(thing.get("isAccessibleForFree", "")).lower()
        if said in ("true", "false"):
            return said == "true"
    return None


def _meta(tree: HtmlElement) -> tuple[list[str], list[str]]:
    titles, summaries = [], []
    for element in tree.iter("meta"):
        name = (element.get("property") or element.get("name") or "").lower()
        if name in _TITLES:
            titles.append(element.get("content"))
        elif name in _SUMMARIES:
            summaries.append(element.get("content"))
    return titles, summaries


def _document_title(tree: HtmlElement) -> list[str]:
    """The `<title>`, whole and without the outlet's name at either end."""
    title = next((e.text for e in tree.iter("title") if e.text), None)
    if not title:
        return []
    parts = [title]
    for separator in _TITLE_SEPARATORS:
        if separator in title:
            parts += [title.rsplit(separator, 1)[0], title.split(separator, 1)[1]]
    return [part for part in parts if len(part) >= _TITLE_SHARE * len(title)]


def _plain(value: Any) -> str | None:
    """`value` as text: outlets put markup into `articleBody`, too."""
    if not isinstance(value, str) or not value.strip():
        return None
    if "<" not in value:
        return value
    try:
        return str(html.fromstring(f"<div>{value}</div>").text_content())
    except (ValueError, AssertionError):
        return None


def _texts(values: list[Any]) -> tuple[str, ...]:
    """The distinct texts among `values`, white space collapsed, in order."""
    cleaned = (" ".join(v.split()) for v in values if isinstance(v, str))
    return tuple(dict.fromkeys(text for text in cleaned if text))
