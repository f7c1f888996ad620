"""A parsed page becomes the article's text and the ledger of what was removed."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pipelines.article import Cleaned, Metadata
from pipelines.cleaning.blocks import read_blocks
from pipelines.cleaning.cards import Home
from pipelines.cleaning.case import Case
from pipelines.cleaning.declared import read_declared
from pipelines.cleaning.judge import judge
from pipelines.cleaning.kind import Kind, find_kind
from pipelines.cleaning.ledger import enter, put_aside
from pipelines.cleaning.reconsider import reconsider
from pipelines.cleaning.rules import CleanRules, SlowPattern, matches
from pipelines.cleaning.scope import find_scope
from pipelines.document import Document
from pipelines.outcome import Outcome

#: Stored with every text; changes whenever the same page may come out differently.
CLEANER_VERSION: Final = "4"
#: Larger pages are refused, since they would take minutes. The largest of 222 real
#: ones has 4,300 elements and 1,400 blocks.
MOST_ELEMENTS: Final = 100_000
MOST_BLOCKS: Final = 20_000


def clean_page(
    document: Document, metadata: Metadata | None, rules: CleanRules | None
) -> Cleaned:
    """The article of `document`, or what the page is instead.

    Every text block of the page is in the result once, kept or removed, numbered in
    document order. Raises SelectorProblem if a selector of `rules` cannot be used.
    """
    rules = rules or CleanRules()
    tree = document.tree
    size = sum(1 for _ in tree.iter())
    if size > MOST_ELEMENTS:
        return _refused(f"{size} elements; {MOST_ELEMENTS} at most are read")
    page = read_blocks(tree, matches(tree, rules.remove), matches(tree, rules.keep))
    if len(page.blocks) > MOST_BLOCKS:
        return _refused(f"{len(page.blocks)} texts; {MOST_BLOCKS} at most are read")
    declared = read_declared(tree, metadata)
    case = Case(
        page, find_scope(page, declared.titles, Home.of(document.url)), declared, rules
    )
    try:
        judge(case)
    except SlowPattern as error:
        return _refused(str(error))
    kind = find_kind(case)
    if kind is None or kind.outcome is Outcome.THIN:
        reconsider(case, tree)
        kind = find_kind(case)
    return _cleaned(case, kind)


def _refused(detail: str) -> Cleaned:
    return Cleaned(None, (), (), Outcome.TOO_COMPLEX, detail)


def _cleaned(case: Case, kind: Kind | None) -> Cleaned:
    paragraphs, removed = enter(case)
    cleaned = Cleaned(_title(case), paragraphs, removed)
    if kind is None:
        return cleaned
    if kind.outcome is Outcome.PARTIAL and case.rules.partial:
        return replace(cleaned, withheld=True, partial=kind.detail)
    if kind.outcome is not Outcome.PARTIAL:
        removed = put_aside(cleaned, kind.reason, f"no article: {kind.detail}")
        cleaned = replace(cleaned, paragraphs=(), removed=removed)
    return replace(
        cleaned, outcome=kind.outcome, detail=kind.detail, withheld=kind.withheld
    )


def _title(case: Case) -> str | None:
    """The headline as it stands on the page, else as the page declares it."""
    title = case.scope.title
    if title is not None:
        return case.page.blocks[title].text
    return next(iter(case.declared.titles), None)
