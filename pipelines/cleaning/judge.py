"""Which blocks of a page are the article's text, and why the others are not."""

from __future__ import annotations

from pipelines.article import Reason
from pipelines.cleaning import sweeps
from pipelines.cleaning.blocks import Block
from pipelines.cleaning.case import Case, Verdict
from pipelines.cleaning.grounds import IN_BODY, by_rules
from pipelines.cleaning.regions import stated
from pipelines.cleaning.standfirst import rescue_standfirst


def judge(case: Case) -> None:
    """Give each block of the page a verdict; None keeps it."""
    blocks = case.page.blocks
    case.verdicts = [_by_place(at, block, case) for at, block in enumerate(blocks)]
    rescue_standfirst(case)
    for piece in case.kept():
        case.verdicts[piece.at] = by_rules(piece, case, IN_BODY)
    sweeps.repeated(case)
    sweeps.opening(case)
    sweeps.biography(case)
    sweeps.channels(case)
    sweeps.contacts(case)
    sweeps.closing(case)
    sweeps.headings(case)


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
        return Verdict(Reason.CHROME, "outside the article")
    return None
