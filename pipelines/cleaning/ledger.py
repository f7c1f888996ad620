"""Verdicts become the text and the list of what was removed, numbered in one row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.article import Cleaned, Paragraph, Reason, Removed
from pipelines.cleaning.case import Case, Verdict


@dataclass(slots=True)
class _Entry:
    """One line of the ledger: a block, or the blocks of one piece of page chrome."""

    texts: list[str]
    verdict: Verdict | None
    container: int

    def takes(self, verdict: Verdict | None, container: int) -> bool:
        """Whether the next block belongs here: same chrome, same reason."""
        return container >= 0 and (verdict, container) == (self.verdict, self.container)


def enter(case: Case) -> tuple[tuple[Paragraph, ...], tuple[Removed, ...]]:
    """What was kept and what was removed; together every block, in order.

    Outside the article, neighbouring blocks of one element that were removed for the
    same reason are one entry, a block a line.
    """
    kept: list[Paragraph] = []
    removed: list[Removed] = []
    for at, entry in enumerate(_entries(case)):
        text = "\n".join(entry.texts)
        if entry.verdict is None:
            kept.append(Paragraph(text, at))
        else:
            reason, evidence = entry.verdict.reason, entry.verdict.evidence
            removed.append(Removed(text, reason, at, evidence))
    return tuple(kept), tuple(removed)


def put_aside(cleaned: Cleaned, reason: Reason, evidence: str) -> tuple[Removed, ...]:
    """The ledger with the text in it: nothing of it is kept, for `reason`."""
    gone = [Removed(p.text, reason, p.at, evidence) for p in cleaned.paragraphs]
    return tuple(sorted([*cleaned.removed, *gone], key=lambda entry: entry.at))


def _entries(case: Case) -> Iterator[_Entry]:
    containers = _outer(case)
    open_entry: _Entry | None = None
    for at, block in enumerate(case.page.blocks):
        verdict = case.verdicts[at]
        inside = case.scope.first <= at < case.scope.last or verdict is None
        container = -1 if inside else containers[block.node]
        if open_entry and open_entry.takes(verdict, container):
            open_entry.texts.append(block.text)
            continue
        if open_entry:
            yield open_entry
        open_entry = _Entry([block.text], verdict, container)
    if open_entry:
        yield open_entry


def _outer(case: Case) -> list[int]:
    """For each node the largest element around it that does not hold the article."""
    outer: list[int] = []
    for index, node in enumerate(case.page.nodes):
        around = node.first <= case.scope.first and node.last >= case.scope.last
        above = outer[node.parent] if node.parent >= 0 else -1
        outer.append(-1 if around else above if above >= 0 else index)
    return outer
