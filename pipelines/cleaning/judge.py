"""Which blocks of a page are the article's text, and why the others are not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipelines.article import Reason
from pipelines.cleaning import edges, sweeps
from pipelines.cleaning.blocks import Block, Node
from pipelines.cleaning.case import Case, Verdict
from pipelines.cleaning.grounds import ANYWHERE, IN_BODY, by_rules
from pipelines.cleaning.regions import stated
from pipelines.cleaning.standfirst import rescue_standfirst

_OUTSIDE: Final = Verdict(Reason.CHROME, "outside the article")
#: So many blocks before and after the article are looked at more closely.
_NEAR: Final = 8
#: What no `keep` takes back.
_STAND: Final = frozenset({Reason.RULE, Reason.TITLE})


def judge(case: Case) -> None:
    """Give each block of the page a verdict; None keeps it."""
    blocks = case.page.blocks
    case.verdicts = [_by_place(at, block, case) for at, block in enumerate(blocks)]
    rescue_standfirst(case)
    for piece in case.kept():
        case.verdicts[piece.at] = by_rules(piece, case, IN_BODY)
    sweeps.repeated(case)
    edges.comments(case)
    edges.bylines(case)
    edges.notices(case)
    sweeps.opening(case)
    sweeps.biography(case)
    edges.stranger(case)
    sweeps.channels(case)
    sweeps.contacts(case)
    edges.leaders(case)
    sweeps.closing(case)
    sweeps.headings(case)
    _name_what_is_near(case)
    _honour_keep(case)


def _honour_keep(case: Case) -> None:
    """Give back what the operator keeps, wherever it stands and whatever it looks like.

    The operator's own patterns hold there as well, and the headline is no text.
    """
    kept = _kept(case.page.nodes)
    for at, block in enumerate(case.page.blocks):
        verdict = case.verdicts[at]
        if kept[block.node] and verdict and verdict.reason not in _STAND:
            case.verdicts[at] = None


def _kept(nodes: Sequence[Node]) -> list[bool]:
    """Whether the operator keeps each element; of nested selectors the inner wins."""
    kept: list[bool] = []
    for node in nodes:
        removed = node.mark is not None and node.mark.reason is Reason.RULE
        around = node.parent >= 0 and kept[node.parent]
        kept.append(node.kept is not None or (around and not removed))
    return kept


def _name_what_is_near(case: Case) -> None:
    """Say what the blocks right around the article are, not only where they are."""
    first, last = case.scope.first, case.scope.last
    for at in (*range(max(0, first - _NEAR), first), *range(last, last + _NEAR)):
        if at < len(case.verdicts) and case.verdicts[at] == _OUTSIDE:
            case.verdicts[at] = by_rules(case.piece(at), case, ANYWHERE) or _OUTSIDE


def _by_place(at: int, block: Block, case: Case) -> Verdict | None:
    nodes, scope = case.page.nodes, case.scope
    region = scope.regions[block.node]
    said = stated(nodes[region]) if region >= 0 else None
    if said:
        return Verdict(said.reason, said.evidence)
    if at == scope.title:
        return Verdict(Reason.TITLE, "the headline")
    if scope.cards[block.node] >= 0:
        return Verdict(Reason.TEASER, "a linked heading with what belongs to it")
    if not scope.first <= at < scope.last:
        return _OUTSIDE
    return None
