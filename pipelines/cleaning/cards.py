"""Teaser cards by their shape, whatever their markup is called.

A card is a small element whose heading is a link to the same site, or one of several
neighbours that each open with such a link; what follows a label such as "Read also"
and holds links teases, too.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from pipelines import urls
from pipelines.cleaning import tags, vocabulary
from pipelines.cleaning.blocks import Block, Node, Page
from pipelines.cleaning.weights import Weights
from pipelines.cleaning.wording import length

_CARD_BLOCKS: Final = 6
_CARD_LETTERS: Final = 500
#: An excerpt in a card is longer than this; two of them are no card.
_EXCERPT_LETTERS: Final = 100
#: A linked headline has so many words, and only its kicker stands before it.
_HEAD_WORDS: Final = 3
_KICKER_BLOCKS: Final = 2
_LABEL_LETTERS: Final = 40
_ANNOUNCEMENTS: Final = frozenset(vocabulary.ANNOUNCEMENTS.split("|"))
#: Teasers under one label hold no more running words than this, in no more elements.
_TEASED_WORDS: Final = 200
_TEASED_ELEMENTS: Final = 40


@dataclass(frozen=True, slots=True)
class Home:
    """Where the page itself is: its URL without fragment and its site, if known."""

    url: str | None = None
    site: str | None = None

    @classmethod
    def of(cls, url: str | None) -> Home:
        """The home of a page at `url`."""
        if url is None or not url.startswith(("http:", "https:")):
            return cls()
        with suppress(urls.UrlError):
            return cls(url.partition("#")[0], urls.site(url))
        return cls()

    def leads_on(self, block: Block) -> bool:
        """Whether the block's first link may lead to another story of the outlet.

        Lists of places and products link elsewhere, live blogs to their own entries.
        """
        target = block.target.partition("#")[0].strip()
        if not target:
            return not block.target.startswith("#")
        if self.site is None or not target.startswith(("http:", "https:")):
            return True
        return target != self.url and urls.same_site(target, {self.site})


def find_cards(
    page: Page, weights: Weights, title: int | None, home: Home
) -> list[int]:
    """For each node the outermost teaser that it lies in (or is), or -1."""
    tops = _headed(page, title, home) | _announced(page, weights, title)
    tops |= _alike(page, title, home)
    cards: list[int] = []
    for index, node in enumerate(page.nodes):
        outer = cards[node.parent] if node.parent >= 0 else -1
        cards.append(outer if outer >= 0 else index if index in tops else -1)
    return cards


def announces(text: str) -> bool:
    """Whether `text` is a label that announces other stories."""
    if len(text) > _LABEL_LETTERS:
        return False
    return text.lower().strip(" .:;…>»›→+|-–*") in _ANNOUNCEMENTS


def _headed(page: Page, title: int | None, home: Home) -> set[int]:
    tops: set[int] = set()
    for at, block in enumerate(page.blocks):
        rank = page.nodes[block.node].rank
        linked = rank and rank != "h1" and block.link_share > 0.9 and at != title
        if linked and home.leads_on(block):
            tops.add(_card(page, block.node, title))
    return tops


def _alike(page: Page, title: int | None, home: Home) -> set[int]:
    """Elements of one name, side by side, that all open with a link and say little."""
    tops: set[int] = set()
    for inner in page.children():
        named: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for index in inner:
            named[signature(page.nodes[index])].append(index)
        for row in named.values():
            nodes = [page.nodes[index] for index in row]
            if len(row) > 1 and all(_is_linked(page, node, home) for node in nodes):
                tops.update(i for i in row if not _holds(page.nodes[i], title))
    return tops


def signature(node: Node) -> tuple[str, str]:
    """What elements that stand for the same kind of thing have in common."""
    return node.tag, node.element.get("class", "")


def _holds(node: Node, at: int | None) -> bool:
    return at is not None and node.holds(at)


def _is_linked(page: Page, node: Node, home: Home) -> bool:
    """Whether an element is a headline linked to another page, and a few words."""
    if (
        node.tag in tags.LEAVES - {"li"}
        or not 1 < node.last - node.first <= _CARD_BLOCKS
    ):
        return False
    inside = page.blocks[node.first : node.last]
    linked = [b for b in inside[:_KICKER_BLOCKS] if b.link_share > 0.9]
    heads = [b for b in linked if length(b.text) >= _HEAD_WORDS and home.leads_on(b)]
    return bool(heads) and _is_card(inside)


def _card(page: Page, heading: int, title: int | None) -> int:
    """The smallest element that holds more than the heading; the heading if large."""
    index = page.nodes[heading].parent
    while index >= 0:
        node = page.nodes[index]
        size = node.last - node.first
        if size > _CARD_BLOCKS or (title is not None and node.holds(title)):
            return heading
        if node.tag in ("article", "li") or size > 1 or node.media > 0:
            inside = page.blocks[node.first : node.last]
            return index if _is_card(inside) else heading
        index = node.parent
    return heading


def _is_card(inside: list[Block]) -> bool:
    """Whether blocks are few words: a headline, a date, an excerpt of a sentence."""
    running = [len(b.text) for b in inside if b.link_share < 0.5]
    excerpts = [letters for letters in running if letters > _EXCERPT_LETTERS]
    return sum(excerpts) < _CARD_LETTERS and len(excerpts) < 2


def _announced(page: Page, weights: Weights, title: int | None) -> set[int]:
    """The elements right after a label for other stories, up to running text."""
    labels = [at for at, block in enumerate(page.blocks) if announces(block.text)]
    children = page.children() if labels else []
    found: set[int] = set()
    for at in labels:
        for child in _followers(page, children, at):
            node = page.nodes[child]
            if node.tag in tags.TEXT or node.heading:
                break
            if title is not None and node.holds(title):
                break
            if weights.words(node) > _TEASED_WORDS or not weights.has_links(node):
                break
            found.add(child)
    return found


def _followers(page: Page, children: list[list[int]], at: int) -> list[int]:
    """The elements that follow block `at`, in the innermost element that has some."""
    index = page.nodes[page.blocks[at].node].parent
    while index >= 0:
        inner = children[index]
        after = bisect_right(inner, at, key=lambda child: page.nodes[child].first)
        if after < len(inner):
            return inner[after : after + _TEASED_ELEMENTS]
        index = page.nodes[index].parent
    return []
