"""Which blocks of the article's container are its text, and why the others are not.

Every rule is a function of one block in its setting; the first that objects decides.
Rules that need to see the neighbours (headings over nothing, tails) run afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from pipelines.article import Reason
from pipelines.cleaning import lines
from pipelines.cleaning.blocks import Block, Node, Page
from pipelines.cleaning.declared import Declared
from pipelines.cleaning.rules import CleanRules, pattern
from pipelines.cleaning.scope import SAME_TITLE, Scope, same_title, stated
from pipelines.cleaning.wording import alike, ends_sentence, length, words

_TEXT_TAGS: Final = frozenset(("p", "li", "blockquote", "dd", "dt", "pre", "tr"))
_CODE: Final = re.compile(r"^\s*<\w+ .*[\"']|^\s*(?:var|function|window)\b.*[{=;]")
_BYLINE: Final = re.compile(
    r"^(?:by|von|par|por|di|da|door|av|af|od|przez|oleh|yazan|автор|text)\b:?\s",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a block is not the article's text."""

    reason: Reason
    evidence: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One block as the rules see it. `soft` is the innermost marked element around it
    inside the container whose mark is only a hint."""

    at: int
    block: Block
    node: Node
    soft: Node | None
    words: int

    @property
    def text(self) -> str:
        """The block's text."""
        return self.block.text

    @property
    def heading(self) -> bool:
        """Whether the block is a heading."""
        return self.node.heading


@dataclass(slots=True)
class Case:
    """Everything a judgement rests on."""

    page: Page
    scope: Scope
    declared: Declared
    rules: CleanRules
    verdicts: list[Verdict | None]
    _captions: set[tuple[str, ...]] | None = None
    _false: set[str] | None = None

    def captions(self) -> set[tuple[str, ...]]:
        """What the page says its pictures show."""
        if self._captions is None:
            texts = [*self.declared.captions, *self.page.alternatives]
            own = {*self.declared.summaries, *self.declared.titles}
            self._captions = {words(text) for text in texts} - {words(t) for t in own}
        return self._captions

    def false_hints(self) -> set[str]:
        """Hints on so much of the text that they cannot mean what they say."""
        if self._false is None:
            held: dict[str, int] = {}
            total = 1
            for at in range(self.scope.first, self.scope.last):
                block = self.page.blocks[at]
                size = 0 if block.link_share > 0.5 else len(block.text)
                total += size
                soft = self._soft(self.page.nodes[block.node])
                if soft and soft.mark:
                    held[soft.mark.word] = held.get(soft.mark.word, 0) + size
            self._false = {word for word, size in held.items() if size > 0.3 * total}
        return self._false

    def pieces(self) -> Iterator[Piece]:
        """The blocks of the container that nothing speaks against so far."""
        for at in range(self.scope.first, self.scope.last):
            if self.verdicts[at] is None:
                yield self.piece(at)

    def piece(self, at: int) -> Piece:
        """Block `at` in its setting."""
        block = self.page.blocks[at]
        node = self.page.nodes[block.node]
        return Piece(at, block, node, self._soft(node), length(block.text))

    def _soft(self, node: Node) -> Node | None:
        first, last = self.scope.first, self.scope.last
        while node.parent >= 0:
            if node.first <= first and node.last >= last:
                return None
            if node.mark and not node.mark.sure and not node.mark.standfirst:
                return node
            node = self.page.nodes[node.parent]
        return None


Rule = Callable[[Piece, Case], Verdict | None]


def judge(
    page: Page, scope: Scope, declared: Declared, rules: CleanRules
) -> list[Verdict | None]:
    """A verdict on each block of `page`, in order; None keeps the block."""
    case = Case(page, scope, declared, rules, [])
    case.verdicts = [_by_place(at, block, case) for at, block in enumerate(page.blocks)]
    _rescue_standfirst(case)
    for piece in list(case.pieces()):
        case.verdicts[piece.at] = _by_rules(piece, case, _RULES)
    for sweep in (_repeated, _opening, _biography, _closing, _headings):
        sweep(case)
    return case.verdicts


def _by_place(at: int, block: Block, case: Case) -> Verdict | None:
    region = case.scope.region[block.node]
    if region >= 0:
        mark = stated(case.page.nodes[region])
        return Verdict(mark.reason, mark.evidence) if mark else None
    if at == case.scope.title:
        return Verdict(Reason.TITLE, "the headline")
    if case.scope.cards[block.node] >= 0:
        return Verdict(
            Reason.TEASER, "a card: a linked heading with what belongs to it"
        )
    if not case.scope.first <= at < case.scope.last:
        return Verdict(Reason.CHROME, "outside the article")
    return None


def _by_rules(piece: Piece, case: Case, rules: tuple[Rule, ...]) -> Verdict | None:
    for rule in rules:
        if verdict := rule(piece, case):
            return verdict
    return None


#: Why a standfirst may have been put aside: author and share boxes wrap headers.
_NEAR_HEADLINE: Final = frozenset(
    (Reason.CHROME, Reason.OTHER, Reason.AUTHOR, Reason.SHARE, Reason.PAYWALL)
)


def _rescue_standfirst(case: Case) -> None:
    """Keep what stands between headline and body: the standfirst, first paragraphs."""
    title, start = case.scope.title, case.scope.first
    if title is None or title >= start:
        _rescue_summary(case, range(max(0, start - 40), start))
        return
    for at in range(title + 1, start):
        piece = case.piece(at)
        if _is_standfirst(piece, case) and not _by_rules(piece, case, _HEAD_RULES):
            case.verdicts[at] = None


def _rescue_summary(case: Case, candidates: range) -> None:
    """Without a headline to go by, only what the page declares as its summary."""
    for at in candidates:
        if _summed(case.piece(at), case) >= 0.8:
            case.verdicts[at] = None
            return


def _summed(piece: Piece, case: Case) -> float:
    return max((alike(piece.text, s) for s in case.declared.summaries), default=0.0)


def _is_standfirst(piece: Piece, case: Case) -> bool:
    if piece.words < 6 or piece.block.link_share > 0.5 or piece.node.tag == "li":
        return False
    verdict = case.verdicts[piece.at]
    if verdict and verdict.reason not in _NEAR_HEADLINE:
        return False
    if _summed(piece, case) >= 0.8:
        return True
    if (
        case.scope.region[piece.block.node] >= 0
        or case.scope.cards[piece.block.node] >= 0
    ):
        return False
    if (
        max((same_title(piece.text, t) for t in case.declared.titles), default=0)
        >= SAME_TITLE
    ):
        return False
    marked = _marked_standfirst(piece.node, case.page)
    if marked or (piece.node.tag == "p" and piece.words >= 20):
        return True
    return ends_sentence(piece.text) and piece.words >= 10


def _marked_standfirst(node: Node, page: Page) -> bool:
    for _ in range(3):
        if node.mark and node.mark.standfirst:
            return True
        if node.parent < 0:
            break
        node = page.nodes[node.parent]
    return False


def _operator(piece: Piece, case: Case) -> Verdict | None:
    for text in case.rules.remove_lines:
        if pattern(text).search(piece.text):
            return Verdict(Reason.RULE, f"matches remove_lines {text!r}")
    return None


def _code(piece: Piece, case: Case) -> Verdict | None:
    if _CODE.search(piece.text):
        return Verdict(Reason.CHROME, "program code")
    return None


def _headline(piece: Piece, case: Case) -> Verdict | None:
    if piece.words > 40 or piece.at > case.scope.first + 5:
        return None
    if piece.node.tag == "p" and ends_sentence(piece.text):
        return None
    for title in case.declared.titles:
        if alike(piece.text, title) >= 0.8:
            return Verdict(Reason.TITLE, "repeats the headline")
    return None


def _line(piece: Piece, case: Case) -> Verdict | None:
    """What the words of a short block say by themselves."""
    if piece.words > 60 or (piece.heading and piece.words > 8):
        return None
    said = lines.judge(piece.text)
    if said and said.reason is Reason.CHROME and lines.publication_line(piece.text):
        return None  # live blogs head their entries so
    return Verdict(said.reason, said.evidence) if said else None


def _all_link(piece: Piece, case: Case) -> Verdict | None:
    if piece.words >= 8 and piece.node.tag == "p" and ends_sentence(piece.text):
        return None
    if piece.block.link_share >= 0.85:
        return Verdict(Reason.RELATED, "all of it is a link")
    own = piece.words * (1 - piece.block.link_share)
    if piece.block.link_share >= 0.6 and own <= 4 and not ends_sentence(piece.text):
        return Verdict(Reason.RELATED, "nearly all of it is a link")
    return None


def _byline(piece: Piece, case: Case) -> Verdict | None:
    if piece.words > 12 or piece.heading:
        return None
    mine = set(words(piece.text))
    for author in case.declared.authors:
        named = set(words(author))
        if named and len(named) < 6 and named <= mine and len(mine - named) <= 4:
            return Verdict(Reason.AUTHOR, "names the author")
    if (
        _BYLINE.search(piece.text)
        and piece.words <= 6
        and not ends_sentence(piece.text)
    ):
        return Verdict(Reason.AUTHOR, "a byline")
    return None


def _caption(piece: Piece, case: Case) -> Verdict | None:
    """The words of a picture: its alternative text, its declared caption, its frame."""
    if piece.words > 60 or piece.heading:
        return None
    if piece.words >= 4 and words(piece.text) in case.captions():
        return Verdict(Reason.CAPTION, "the page gives it as a picture's text")
    node = piece.node
    for _ in range(4):
        if node.last - node.first > 3 or node.parent < 0:
            return None
        if node.media > 0 and node.tag not in ("li", "tr", "p"):
            return _framed(piece, node)
        node = case.page.nodes[node.parent]
    return None


def _framed(piece: Piece, frame: Node) -> Verdict | None:
    sentence = piece.node.tag == "p" and piece.words > 15 and ends_sentence(piece.text)
    if sentence and not (frame.mark and frame.mark.reason is Reason.CAPTION):
        return None
    return Verdict(Reason.CAPTION, "shares a small box with a picture")


def _boxed(piece: Piece, case: Case) -> Verdict | None:
    """In an element whose markup hints at a box, and that looks like one."""
    box = piece.soft
    if box is None or box.mark is None:
        return None
    page = case.page
    if box.last - box.first > 20 or box.mark.word in case.false_hints():
        return None
    inside = page.blocks[box.first : box.last]
    letters = sum(len(block.text) for block in inside) or 1
    linked = sum(block.linked for block in inside) / letters
    running = any(len(b.text) > 120 and b.link_share < 0.5 for b in inside)
    if linked >= 0.5 or (not running and (linked >= 0.2 or box.media > 0)):
        return Verdict(box.mark.reason, f"a box; {box.mark.evidence}")
    return None


def _fragment(piece: Piece, case: Case) -> Verdict | None:
    """A few words outside any paragraph."""
    if piece.node.tag in _TEXT_TAGS or piece.heading or piece.words > 4:
        return None
    if ends_sentence(piece.text):
        return None
    return Verdict(Reason.CHROME, "a few words outside any paragraph")


_HEAD_RULES: Final[tuple[Rule, ...]] = (
    _operator,
    _code,
    _headline,
    _caption,
    _line,
    _byline,
)
_RULES: Final[tuple[Rule, ...]] = (
    *_HEAD_RULES,
    _all_link,
    _boxed,
    _fragment,
)


def _repeated(case: Case) -> None:
    """Of two blocks with the same words one stays: the first, but never a pull quote.

    A block counts as repeated when nearly all of its word runs stand in other kept
    blocks; of the blocks that repeat each other the one that says less goes.
    """
    pieces = list(case.pieces())
    runs = {piece.at: _runs(piece.text) for piece in pieces}
    owners: dict[int, set[int]] = {}
    for at, own in runs.items():
        for run in own:
            owners.setdefault(run, set()).add(at)
    for piece in sorted(pieces, key=_expendable):
        own = runs[piece.at]
        if piece.node.tag in ("li", "tr"):
            continue
        if piece.words < _DUMP and not _is_aside(piece, case):
            continue
        shared = sum(1 for run in own if len(owners[run]) > 1)
        enough = _REPEATED if piece.words < _DUMP else _REPEATED_DUMP
        if own and shared >= enough * len(own):
            case.verdicts[piece.at] = Verdict(Reason.REPEATED, "stands elsewhere, too")
            for run in own:
                owners[run].discard(piece.at)


#: The longest run of words compared, and the share of runs that makes a repetition.
_RUN: Final = 5
_REPEATED: Final = 0.9
_REPEATED_DUMP: Final = 0.65


#: So many words in one block repeat a text, not a sentence.
_DUMP: Final = 150


def _is_aside(piece: Piece, case: Case) -> bool:
    """Whether the block is set apart as a quotation or box, or doubles a neighbour."""
    if piece.node.tag == "blockquote" or piece.soft is not None:
        return True
    near = case.page.blocks[max(0, piece.at - 2) : piece.at]
    return any(words(block.text) == words(piece.text) for block in near)


def _runs(text: str) -> set[int]:
    row = words(text)
    if len(row) <= _RUN + 2:
        return set()
    return {hash(row[i : i + _RUN]) for i in range(len(row) - _RUN + 1)}


def _expendable(piece: Piece) -> tuple[bool, int]:
    """The order in which repetitions go: whole dumps first, then from the end."""
    return piece.words < _DUMP, -piece.at


def _is_running(piece: Piece) -> bool:
    if piece.heading:
        return piece.words >= 8 and ends_sentence(piece.text)
    return piece.words >= 8 and piece.block.link_share < 0.6


def _opening(case: Case) -> None:
    """Before the first running text: no dates, bylines, reading times."""
    for piece in list(case.pieces()):
        if _is_running(piece):
            return
        if piece.node.tag in ("li", "tr"):
            continue
        if piece.words <= 6 and not ends_sentence(piece.text) and not piece.heading:
            case.verdicts[piece.at] = Verdict(
                Reason.CHROME, "a short line before the text"
            )


def _closing(case: Case) -> None:
    """After the last running text: nothing but whole sentences."""
    tail: list[Piece] = []
    for piece in reversed(list(case.pieces())):
        if _is_running(piece) and ends_sentence(piece.text):
            break
        if piece.node.tag in ("li", "tr"):
            continue
        if piece.heading or (piece.words < 8 and not ends_sentence(piece.text)):
            tail.append(piece)
    if sum(not piece.heading for piece in tail) > _TAIL:
        return
    for piece in tail:
        case.verdicts[piece.at] = Verdict(Reason.CHROME, "a short line after the text")


#: More short lines than this at the end are a list without markup, not furniture.
_TAIL: Final = 4


def _biography(case: Case) -> None:
    """One of the last blocks says who the author is."""
    authors = [words(name) for name in _authors(case)]
    for piece in list(case.pieces())[-3:]:
        opening = words(piece.text)
        if piece.words <= 80 and any(_named(a, opening) for a in authors):
            case.verdicts[piece.at] = Verdict(Reason.AUTHOR, "tells who the author is")


def _named(author: tuple[str, ...], opening: tuple[str, ...]) -> bool:
    if not 2 <= len(author) <= 5:
        return False
    return set(author) == set(opening[: len(author)])


def _authors(case: Case) -> list[str]:
    """Names in the page's data, and in short blocks judged to be by-lines."""
    names = list(case.declared.authors)
    for at, verdict in enumerate(case.verdicts):
        text = case.page.blocks[at].text
        if verdict and verdict.reason is Reason.AUTHOR and len(text) < 60:
            names.append(_BYLINE.sub("", text))
    return names


_BOXES: Final = frozenset(
    (Reason.RELATED, Reason.TEASER, Reason.NEWSLETTER, Reason.COMMENTS)
)


def _headings(case: Case) -> None:
    """A heading goes with the box that it heads."""
    verdicts = case.verdicts
    for at in range(case.scope.last - 2, case.scope.first - 1, -1):
        below = verdicts[at + 1]
        if verdicts[at] or not below or below.reason not in _BOXES:
            continue
        if case.piece(at).heading:
            verdicts[at] = Verdict(below.reason, "heads " + below.evidence)
