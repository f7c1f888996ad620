"""Teaser cards by their shape, whatever their markup is called.

A card is a small element whose heading is a link; what follows a label such as "Read
also" and holds links teases, too.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

from pipelines.cleaning import tags, vocabulary
from pipelines.cleaning.blocks import Block, Page
from pipelines.cleaning.weights import Weights

_CARD_BLOCKS: Final = 6
_CARD_LETTERS: Final = 500
#: An excerpt in a card is longer than this; two of them are no card.
_EXCERPT_LETTERS: Final = 100
_LABEL_LETTERS: Final = 40
_ANNOUNCEMENTS: Final = frozenset(vocabulary.ANNOUNCEMENTS.split("|"))
#: Teasers under one label hold no more running words than this, in no more elements.
_TEASED_WORDS: Final = 200
_TEASED_ELEMENTS: Final = 40


def find_cards(page: Page, weights: Weights, title: int | None) -> list[int]:
    """For each node the outermost teaser that it lies in (or is), or -1."""
    tops = _headed(page, title) | _announced(page, weights, title)
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


def _headed(page: Page, title: int | None) -> set[int]:
    tops: set[int] = set()
    for at, block in enumerate(page.blocks):
        rank = page.nodes[block.node].rank
        if rank and rank != "h1" and block.link_share > 0.9 and at != title:
            tops.add(_card(page, block.node, title))
    return tops


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
