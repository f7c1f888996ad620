"""Readers' comments by their heading, where no markup names them.

Under "3 comments", behind the text, stand elements of one kind or something to press;
an article's own crosshead has paragraphs below it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from typing import Final

from pipelines.article import Reason
from pipelines.cleaning import lines, tags
from pipelines.cleaning.blocks import Node, Page
from pipelines.cleaning.cards import signature
from pipelines.cleaning.marks import Mark
from pipelines.cleaning.weights import Weights

_LABEL_LETTERS: Final = 60
#: Comments stand behind an article: so many words of running text.
_TEXT_WORDS: Final = 30
#: A page with more headings for comments than this shows none of them.
_MOST_LABELS: Final = 20


def mark_threads(page: Page, weights: Weights, title: int | None) -> None:
    """Mark what stands under a heading for comments as comments."""
    children = page.children()
    for at in _labels(page, weights, title)[:_MOST_LABELS]:
        shown = Mark(Reason.COMMENTS, page.blocks[at].text, sure=True, shown=True)
        for index in _thread(page, children, at):
            node = page.nodes[index]
            node.mark = node.mark if node.mark and node.mark.sure else shown


def _labels(page: Page, weights: Weights, title: int | None) -> list[int]:
    """The headings for comments, with an article before them."""
    start = weights.running[title or 0]
    return [
        at
        for at, block in enumerate(page.blocks)
        if page.nodes[block.node].heading and len(block.text) <= _LABEL_LETTERS
        if weights.running[at] - start >= _TEXT_WORDS
        if lines.comments_line(block.text)
    ]


def _thread(page: Page, children: list[list[int]], at: int) -> list[int]:
    """The elements that follow block `at` in the innermost element that has some."""
    index = page.nodes[page.blocks[at].node].parent
    while index >= 0:
        inner = children[index]
        after = inner[bisect_right(inner, at, key=lambda i: page.nodes[i].first) :]
        if after:
            return after if _is_thread([page.nodes[i] for i in after]) else []
        index = page.nodes[index].parent
    return []


def _is_thread(nodes: list[Node]) -> bool:
    """Whether no paragraphs stand here, but boxes alike, or fields and buttons."""
    if any(node.tag in tags.TEXT - {"li"} for node in nodes[:1]):
        return False
    kinds = Counter(signature(node) for node in nodes if node.tag not in tags.LEAVES)
    asks = any(node.buttons or node.fields for node in nodes)
    lists = any(node.tag in ("ol", "ul") for node in nodes[:1])
    return asks or lists or max(kinds.values(), default=0) > 1
