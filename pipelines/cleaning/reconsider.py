"""A short text is held against what a second extractor makes of the page."""

from __future__ import annotations

from collections import Counter
from typing import Final

from lxml.html import HtmlElement

from pipelines.article import Reason
from pipelines.cleaning.case import Case
from pipelines.cleaning.wording import length, pairs, share_in

#: A text of so many words needs no second opinion.
_ENOUGH_WORDS: Final = 150
#: The other text is taken if it has so many words, and so many times ours.
_FEWEST_WORDS: Final = 60
_TIMES: Final = 2
#: A block is in the other text if this share of its word pairs is.
_FOUND: Final = 0.9
#: Verdicts that no extractor may overrule.
_FINAL: Final = frozenset(
    (Reason.RULE, Reason.TITLE, Reason.CAPTION, Reason.CONSENT, Reason.PAYWALL)
)
#: Nor these, if ours is a brief and not nothing: extractors like comments and cards.
_FIRM: Final = _FINAL | {
    Reason.COMMENTS,
    Reason.RELATED,
    Reason.TEASER,
    Reason.NEWSLETTER,
    Reason.PROMO,
    Reason.AUTHOR,
}
_BRIEF_WORDS: Final = 30


def reconsider(case: Case, tree: HtmlElement) -> None:
    """Keep what trafilatura keeps, if that is an article and ours is none.

    Of 222 real pages 10 are short enough to ask, and none is overruled: this is for
    layouts that nobody has seen.
    """
    ours = sum(piece.words for piece in case.all_kept())
    whole = case.scope.weights.letters[-1]
    if ours >= _ENOUGH_WORDS or whole < _FEWEST_WORDS:
        return
    from pipelines.cleaning.extract import second_opinion

    found = _found(case, second_opinion(tree), brief=ours >= _BRIEF_WORDS)
    theirs = sum(length(case.page.blocks[at].text) for at in found)
    if theirs + ours >= max(_FEWEST_WORDS, _TIMES * ours):
        for at in found:
            case.verdicts[at] = None


def _found(case: Case, lines: list[str], brief: bool) -> list[int]:
    """The blocks that stand in `lines`, of those whose verdict is open to doubt."""
    known: Counter[tuple[str, ...]] = Counter()
    for line in lines:
        known.update(pairs(line))
    found: list[int] = []
    for at, block in enumerate(case.page.blocks):
        if _is_doubtful(case, at, brief) and share_in(block.text, known) >= _FOUND:
            found.append(at)
            known -= pairs(block.text)
    return found


def _is_doubtful(case: Case, at: int, brief: bool) -> bool:
    """Whether block `at` was removed for a reason that may be wrong. `brief`: the
    text is short but there, so that marks are believed."""
    verdict = case.verdicts[at]
    marked = case.scope.regions[case.page.blocks[at].node] >= 0
    if verdict is None or (brief and marked):
        return False
    return verdict.reason not in (_FIRM if brief else _FINAL)
