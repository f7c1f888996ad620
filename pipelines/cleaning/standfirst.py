"""The standfirst, and first paragraphs that stand above the container of the rest."""

from __future__ import annotations

from typing import Final

from pipelines.article import Reason
from pipelines.cleaning.case import Case, Piece, Verdict
from pipelines.cleaning.grounds import ANYWHERE, by_rules
from pipelines.cleaning.headline import SAME, same_title
from pipelines.cleaning.wording import alike, ends_sentence, words

#: Why a standfirst may have been put aside: author and share boxes wrap headers.
_NEAR_HEADLINE: Final = frozenset(
    (Reason.CHROME, Reason.OTHER, Reason.AUTHOR, Reason.SHARE, Reason.PAYWALL)
)
#: So alike to what the page gives as its summary, a block is that summary.
_SUMMED: Final = 0.8
_AGAIN: Final = Verdict(Reason.REPEATED, "the standfirst again")
_FEWEST_WORDS: Final = 6
_SENTENCE_WORDS: Final = 10
_PARAGRAPH_WORDS: Final = 20
#: No more blocks than this stand between a headline and the text.
_HEAD_BLOCKS: Final = 200
_HEAD_BLOCKS_UNTITLED: Final = 40


def rescue_standfirst(case: Case) -> None:
    """Keep what belongs to the text between the headline and the container."""
    title, start = case.scope.title, case.scope.first
    if title is None or title >= start:
        _rescue_summary(case, range(max(0, start - _HEAD_BLOCKS_UNTITLED), start))
        return
    told: set[tuple[str, ...]] = set()
    for at in range(max(title + 1, start - _HEAD_BLOCKS), start):
        piece = case.piece(at)
        if _is_standfirst(piece, case) and not by_rules(piece, case, ANYWHERE):
            again = words(piece.text) in told
            case.verdicts[at] = _AGAIN if again else None
            told.add(words(piece.text))
    if told and words(case.piece(start).text) in told:
        case.verdicts[start] = _AGAIN


def _rescue_summary(case: Case, candidates: range) -> None:
    """Without a headline to go by, only what the page declares as its summary."""
    for at in candidates:
        if _summed(case.piece(at), case):
            case.verdicts[at] = None
            return


def _summed(piece: Piece, case: Case) -> bool:
    return any(alike(piece.text, s) >= _SUMMED for s in case.declared.summaries)


def _is_standfirst(piece: Piece, case: Case) -> bool:
    if piece.words < _FEWEST_WORDS or piece.link_share > 0.5 or piece.node.tag == "li":
        return False
    verdict = case.verdicts[piece.at]
    if verdict and verdict.reason not in _NEAR_HEADLINE:
        return False
    if _summed(piece, case):
        return True
    scope, index = case.scope, piece.block.node
    if scope.regions[index] >= 0 or scope.cards[index] >= 0:
        return False
    if any(same_title(piece.text, title) >= SAME for title in case.declared.titles):
        return False
    right_below = piece.at - 1 == scope.title and piece.node.tag == "p"
    if right_below and ends_sentence(piece.text):
        return True
    return _reads_like_text(piece) or _is_marked(piece, case)


def _reads_like_text(piece: Piece) -> bool:
    if piece.node.tag == "p" and piece.words >= _PARAGRAPH_WORDS:
        return True
    return ends_sentence(piece.text) and piece.words >= _SENTENCE_WORDS


def _is_marked(piece: Piece, case: Case) -> bool:
    """Whether its element, or one of the two around it, is named so."""
    node = piece.node
    for _ in range(3):
        if node.mark and node.mark.standfirst:
            return True
        if node.parent < 0:
            return False
        node = case.page.nodes[node.parent]
    return False
