"""Where on the page the article's text lies.

The container is the deepest element that holds most of the page's running text, not
counting what markup or shape say is something else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipelines.cleaning import tags
from pipelines.cleaning.blocks import Node, Page
from pipelines.cleaning.cards import Home, find_cards, signature
from pipelines.cleaning.headline import find_headline
from pipelines.cleaning.regions import find_regions
from pipelines.cleaning.threads import mark_threads
from pipelines.cleaning.weights import Weights, weigh
from pipelines.cleaning.wording import words

#: One child with this share of the running text is where the article is.
_MOST: Final = 0.7
#: A child of the container with this share of its largest child's text is body, too.
_PART: Final = 0.3
#: The text below the headline weighs so many times that above it, or it is none.
_BELOW: Final = 0.25
#: An article element around the headline holds the text if it holds so much.
_ARTICLE_WORDS: Final = 40
_ARTICLE_SHARE: Final = 0.2
#: A table of more blocks than this may be the layout of the page.
_COLUMN_BLOCKS: Final = 3


@dataclass(frozen=True, slots=True)
class Scope:
    """Blocks `first` up to `last` are the container's; `title` is the headline.

    `regions` names for each node the outermost element around it that its markup says
    is something else, `cards` the teaser card; -1 for none.
    """

    first: int
    last: int
    title: int | None
    regions: list[int]
    cards: list[int]
    weights: Weights
    home: Home


def find_scope(page: Page, titles: tuple[str, ...], home: Home | None = None) -> Scope:
    """The article's place on `page`; `titles` are what the page calls it."""
    home = home or Home()
    weights = weigh(page)
    title = find_headline(page, titles)
    cards = find_cards(page, weights, title, home)
    weights = weights.without(page, cards)
    mark_threads(page, weights, title)
    regions = find_regions(page, weights, title)
    weights = weights.without(page, regions)
    place = _Place(page, weights)
    container = place.container(title)
    if title is None:
        title = _heading_above(page, container, regions)
    first, last = place.body(container)
    if title is not None and _headlined(weights, first, last, title):
        first = title + 1
    return Scope(first, last, title, regions, cards, weights, home)


class _Place:
    """The search for the container."""

    def __init__(self, page: Page, weights: Weights) -> None:
        self._nodes = page.nodes
        self._children = page.children()
        self._page = page
        self._weights = weights

    def container(self, title: int | None) -> int:
        """The deepest node that holds most of the running text, not one paragraph."""
        current = self._article(title)
        while True:
            best = max(self._children[current], key=self._held, default=None)
            if best is None or self._is_leaf(best):
                return current
            if self._held(best) < max(1, _MOST * self._held(current)):
                return current
            current = best

    def body(self, container: int) -> tuple[int, int]:
        """The container's blocks without other elements at its beginning and end."""
        node, inner = self._nodes[container], self._children[container]
        best = max(inner, key=self._held, default=None)
        if best is None:
            return node.first, node.last
        body = [self._nodes[i] for i in inner if self._is_body(i, best)]
        loose = self._loose(container)
        firsts = [part.first for part in body] + loose[:1]
        lasts = [part.last for part in body] + [at + 1 for at in loose[-1:]]
        return min(firsts), max(lasts)

    def _held(self, index: int) -> int:
        return self._weights.words(self._nodes[index])

    def _is_leaf(self, index: int) -> bool:
        """Whether the article does not lie further inside; it may in columns."""
        node = self._nodes[index]
        columns = node.tag in tags.TABLES and node.last - node.first > _COLUMN_BLOCKS
        return node.tag in tags.LEAVES and not columns

    def _article(self, title: int | None) -> int:
        """The innermost article element that holds headline and text, or the root."""
        index = 0 if title is None else self._page.blocks[title].node
        enough = max(_ARTICLE_WORDS, self._weights.running[-1] * _ARTICLE_SHARE)
        while index > 0:
            if is_article(self._nodes[index]) and self._held(index) >= enough:
                return index
            index = self._nodes[index].parent
        return 0

    def _is_body(self, index: int, best: int) -> bool:
        """Whether a child of the container is a part of the body, as `best` is."""
        node = self._nodes[index]
        if node.tag in tags.LEAVES or node.heading:
            return True
        like = signature(node) == signature(self._nodes[best])
        return like or self._held(index) >= _PART * self._held(best)

    def _loose(self, container: int) -> list[int]:
        """The blocks that stand in the container itself and in none of its children."""
        node = self._nodes[container]
        blocks = self._page.blocks
        return [
            at for at in range(node.first, node.last) if blocks[at].node == container
        ]


def is_article(node: Node) -> bool:
    """Whether the element says that it is an article or the page's main part."""
    attributes = node.element.attrib
    return (
        node.tag in ("article", "main")
        or attributes.get("role") in ("article", "main")
        or attributes.get("itemtype", "").endswith("Article")
    )


def _heading_above(page: Page, container: int, regions: list[int]) -> int | None:
    """The first heading of the article element around `container`, before its text."""
    first, index = page.nodes[container].first, container
    while index > 0 and not is_article(page.nodes[index]):
        index = page.nodes[index].parent
    for at in range(page.nodes[index].first, first):
        block = page.blocks[at]
        plain = regions[block.node] < 0 and block.link_share < 0.5
        if plain and page.nodes[block.node].heading and len(words(block.text)) > 2:
            return at
    return None


def _headlined(weights: Weights, first: int, last: int, title: int) -> bool:
    """Whether the headline stands in the container, with enough text below it."""
    above = weights.running[title] - weights.running[first]
    below = weights.running[last] - weights.running[title]
    return first <= title < last and below > _BELOW * above
