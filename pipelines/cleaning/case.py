"""What a judgement on a page's blocks rests on; decides nothing itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from pipelines.article import Reason
from pipelines.cleaning.blocks import Block, Node, Page
from pipelines.cleaning.declared import Declared
from pipelines.cleaning.rules import CleanRules
from pipelines.cleaning.scope import Scope
from pipelines.cleaning.wording import length, words

#: A hint on more than this share of the text cannot mean what it says.
_HINTED: Final = 0.3


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a block is not the article's text."""

    reason: Reason
    evidence: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One block as the rules see it.

    `hint` is the innermost element around it, inside the container, whose markup
    hints at something else than text; `words` its length.
    """

    at: int
    block: Block
    node: Node
    hint: Node | None
    words: int

    @property
    def text(self) -> str:
        """The block's text."""
        return self.block.text

    @property
    def link_share(self) -> float:
        """The share of the text that is linked, 0 to 1."""
        return self.block.link_share


@dataclass
class Case:
    """A page, what is known of it, and the verdicts so far, one a block."""

    page: Page
    scope: Scope
    declared: Declared
    rules: CleanRules
    verdicts: list[Verdict | None] = field(default_factory=list)
    _pieces: dict[int, Piece] = field(default_factory=dict)

    def piece(self, at: int) -> Piece:
        """Block `at` in its setting."""
        found = self._pieces.get(at)
        if found is None:
            block = self.page.blocks[at]
            hint = self._hints[block.node]
            found = self._pieces[at] = Piece(
                at,
                block,
                self.page.nodes[block.node],
                self.page.nodes[hint] if hint >= 0 else None,
                length(block.text),
            )
        return found

    def kept(self) -> list[Piece]:
        """The blocks of the container that nothing speaks against so far."""
        places = range(self.scope.first, self.scope.last)
        return [self.piece(at) for at in places if self.verdicts[at] is None]

    def all_kept(self) -> list[Piece]:
        """Every block that nothing speaks against: those above the container, too."""
        return [self.piece(at) for at, said in enumerate(self.verdicts) if said is None]

    @cached_property
    def titles(self) -> set[tuple[str, ...]]:
        """The words of the titles that the page gives."""
        return {words(title) for title in self.declared.titles}

    @cached_property
    def captions(self) -> set[tuple[str, ...]]:
        """The words that the page says its pictures show."""
        texts = [*self.declared.captions, *self.page.alternatives]
        own = [*self.declared.summaries, *self.declared.titles]
        return {words(text) for text in texts} - {words(text) for text in own}

    @cached_property
    def false_hints(self) -> set[str]:
        """Hints on so much of the text that they cannot be true."""
        held: dict[str, int] = {}
        total = 1
        for at in range(self.scope.first, self.scope.last):
            block = self.page.blocks[at]
            size = 0 if block.link_share > 0.5 else len(block.text)
            total += size
            for word in self._hint_word(block):
                held[word] = held.get(word, 0) + size
        return {word for word, size in held.items() if size > _HINTED * total}

    def _hint_word(self, block: Block) -> Iterator[str]:
        hint = self._hints[block.node]
        mark = self.page.nodes[hint].mark if hint >= 0 else None
        if mark:
            yield mark.word

    @cached_property
    def _hints(self) -> list[int]:
        """For each node the innermost hint at or around it, inside the container."""
        hints: list[int] = []
        for index, node in enumerate(self.page.nodes):
            around = node.first <= self.scope.first and node.last >= self.scope.last
            hinted = node.mark and not node.mark.sure and not node.mark.standfirst
            outer = hints[node.parent] if node.parent >= 0 else -1
            hints.append(-1 if around else index if hinted else outer)
        return hints
