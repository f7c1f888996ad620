"""What a page says of itself in JSON-LD: the node that describes its article.

Reads schema.org's vocabulary as pages write it: graphs, lists, nodes that point at
each other by `@id`, and JSON that is broken in the usual ways. Fetches no contexts.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from lxml.html import HtmlElement

Node = Mapping[str, object]

#: Pages carry a dozen nodes; thousands are an archive, an attack or a bug.
_MOST_NODES: Final = 2000
_DEEPEST: Final = 12

_ARTICLE = re.compile(r"\w*Article|\w*Posting|\w*Review|Report")
_PAGE = re.compile(
    r"WebPage|ItemPage|CreativeWork|VideoObject|AudioObject|PodcastEpisode"
)

#: Where the page's own article may be nested. Elsewhere (`hasPart`, `citation`,
#: `itemListElement`, `isPartOf` ...) stand other articles.
_DESCEND: Final = ("@graph", "mainEntity", "mainEntityOfPage")

_WRAPPING = re.compile(
    r"^\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[\s*(?:\*/)?)"
    r"|(?:-->|(?://|/\*)?\s*\]\]>\s*(?:\*/)?)\s*$"
)
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_BAD_ESCAPE = re.compile(r"\\(?![\"\\/bfnrtu])")
_TAG = re.compile(r"<[^<>]{1,300}>")
_DECODER: Final = json.JSONDecoder(strict=False)  # lets line breaks stand in strings


def nodes(tree: HtmlElement) -> list[Node]:
    """The JSON-LD nodes of a page that may describe it, in document order."""
    found: list[Node] = []
    for block in tree.xpath("//script[contains(@type, 'ld+json')]"):
        for value in parse(block.text or ""):
            found.extend(_descend(value, 0))
            if len(found) > _MOST_NODES:
                return found[:_MOST_NODES]
    return found


def article(candidates: list[Node], addresses: set[str]) -> Node | None:
    """The node of the page's own article, or None.

    `addresses` are the page's URLs. An article that names one of them wins over
    the others, one with a headline and a date over a bare one, the first over the
    rest; a plain WebPage is better than nothing.
    """
    ranked = [(_rank(node, addresses), node) for node in candidates]
    best = max(ranked, key=lambda pair: pair[0], default=(0, None))
    return best[1] if best[0] > 0 else None


def parse(text: str) -> list[object]:
    """The values in one block; broken JSON is mended as far as mistakes are known."""
    text = _WRAPPING.sub("", text.strip()).strip()
    if text.startswith(("{&quot;", "[{&quot;")):
        text = html.unescape(text)
    values = _values(text)
    if values is None:
        mended = _BAD_ESCAPE.sub(r"\\\\", _TRAILING_COMMA.sub("", text))
        values = _values(mended)
    return values or []


def strings(value: object) -> list[str]:
    """The texts in a value: itself, or those of a list, unescaped and trimmed."""
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    if isinstance(value, Mapping) and "@value" in value:
        value = value["@value"]
    if not isinstance(value, str):
        return []
    text = " ".join(_TAG.sub(" ", html.unescape(value)).split())
    return [text] if text else []


def first(node: Node | None, *keys: str) -> str | None:
    """The first text under the first of `keys` that has one."""
    for key in keys:
        found = strings(node.get(key)) if node is not None else []
        if found:
            return found[0]
    return None


def names(value: object, known: Mapping[str, Node]) -> list[str]:
    """The names of the people or organisations in a value, in order.

    A bare reference (`{"@id": ...}`) is looked up among the page's nodes.
    """
    if isinstance(value, list):
        return [name for item in value for name in names(item, known)]
    if not isinstance(value, Mapping):
        return strings(value)
    if "name" not in value:
        value = known.get(str(value.get("@id")), value)
    found = strings(value.get("name"))
    if found:
        return found
    parts = (first(value, "givenName"), first(value, "familyName"))
    return [" ".join(part for part in parts if part)] if any(parts) else []


def by_id(candidates: list[Node]) -> dict[str, Node]:
    """The nodes that others may point at."""
    return {
        name: node
        for node in candidates
        if isinstance(name := node.get("@id"), str) and len(node) > 1
    }


def types(node: Node) -> list[str]:
    """The node's types, without the vocabulary's address."""
    return [name.rsplit("/", 1)[-1] for name in strings(node.get("@type"))]


def _values(text: str) -> list[object] | None:
    """One or more JSON values, whatever follows them; None if none can be read."""
    found: list[object] = []
    at = 0
    while at < len(text):
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        found.append(value)
        while at < len(text) and text[at] in " \t\r\n;,":
            at += 1
    return found or None


def _descend(value: object, depth: int) -> Iterator[Node]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _descend(item, depth + 1)
    elif isinstance(value, Mapping):
        yield value
        for key in _DESCEND:
            yield from _descend(value.get(key), depth + 1)


def _rank(node: Node, addresses: set[str]) -> int:
    kinds = types(node)
    if any(_ARTICLE.fullmatch(kind) for kind in kinds):
        rank = 10
    elif any(_PAGE.fullmatch(kind) for kind in kinds):
        rank = 1
    else:
        return 0
    rank += 4 * bool(_addresses(node) & addresses)
    rank += ("headline" in node) + ("datePublished" in node) + ("author" in node)
    return rank


def _addresses(node: Node) -> set[str]:
    """The URLs that a node says it describes."""
    page = node.get("mainEntityOfPage")
    named = [page.get("@id"), page.get("url")] if isinstance(page, Mapping) else [page]
    found = strings([node.get("url"), node.get("@id"), *named])
    return {address.split("#")[0].rstrip("/") for address in found}
