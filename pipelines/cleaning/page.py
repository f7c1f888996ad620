"""A parsed page becomes the article's text and the ledger of what was removed."""

from __future__ import annotations

from typing import Final

from pipelines.article import Cleaned, Metadata, Paragraph, Removed
from pipelines.cleaning.blocks import read_blocks
from pipelines.cleaning.declared import read_declared
from pipelines.cleaning.judge import judge
from pipelines.cleaning.rules import CleanRules, matches
from pipelines.cleaning.scope import find_scope
from pipelines.document import Document

#: Stored with every text; changes whenever the same page may come out differently.
CLEANER_VERSION: Final = "1"


def clean_page(
    document: Document, metadata: Metadata | None, rules: CleanRules | None
) -> Cleaned:
    """The article of `document`, or what the page is instead; never raises."""
    rules = rules or CleanRules()
    tree = document.tree
    page = read_blocks(tree, matches(tree, rules.remove), matches(tree, rules.keep))
    declared = read_declared(tree, metadata)
    scope = find_scope(page, declared.titles)
    verdicts = judge(page, scope, declared, rules)
    kept, removed = [], []
    for at, (block, verdict) in enumerate(zip(page.blocks, verdicts, strict=True)):
        if verdict is None:
            kept.append(Paragraph(block.text, at))
        else:
            removed.append(Removed(block.text, verdict.reason, at, verdict.evidence))
    title = page.blocks[scope.title].text if scope.title is not None else None
    return Cleaned(title, tuple(kept), tuple(removed))
