"""How much running text a part of a page holds, in constant time per question."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from pipelines.cleaning.blocks import Block, Node, Page
from pipelines.cleaning.wording import ends_sentence, length

_RUNNING_WORDS: Final = 10
_SENTENCE_WORDS: Final = 5


@dataclass(frozen=True, slots=True)
class Weights:
    """Sums over the blocks before each block: words of running text, letters, linked
    letters, blocks that are nothing but a link."""

    running: list[int]
    letters: list[int]
    linked: list[int]
    links: list[int]

    def words(self, node: Node) -> int:
        """The words of running text in `node`."""
        return self.running[node.last] - self.running[node.first]

    def link_share(self, node: Node) -> float:
        """The share of the letters in `node` that are linked."""
        letters = self.letters[node.last] - self.letters[node.first]
        return (self.linked[node.last] - self.linked[node.first]) / (letters or 1)

    def has_links(self, node: Node) -> bool:
        """Whether some block in `node` is a link and nothing else."""
        return self.links[node.last] > self.links[node.first]

    def without(self, page: Page, marked: list[int]) -> Weights:
        """The same, without the running text of nodes that `marked` names (-1: not)."""
        running = [
            0 if marked[block.node] >= 0 else after - before
            for block, before, after in zip(
                page.blocks, self.running, self.running[1:], strict=False
            )
        ]
        return Weights(_sums(running), self.letters, self.linked, self.links)


def weigh(page: Page) -> Weights:
    """The weights of `page`."""
    blocks = page.blocks
    return Weights(
        _sums([_running_words(block, page.nodes) for block in blocks]),
        _sums([len(block.text) for block in blocks]),
        _sums([block.linked for block in blocks]),
        _sums([int(block.link_share > 0.9) for block in blocks]),
    )


def _sums(values: list[int]) -> list[int]:
    return [0, *accumulate(values)]


def _running_words(block: Block, nodes: list[Node]) -> int:
    """The words of running text in a block; none for links, labels and headings."""
    if len(block.text) < 15 or nodes[block.node].heading or block.link_share >= 0.5:
        return 0
    words = length(block.text)
    if words < _RUNNING_WORDS and not (
        words >= _SENTENCE_WORDS and ends_sentence(block.text)
    ):
        return 0
    return round(words * (1 - block.link_share))
