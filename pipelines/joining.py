"""Several cleaned pages become one text with one ledger. Pure; fetches nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pipelines.article import Cleaned, Paragraph, Reason, Removed
from pipelines.cleaning.ledger import put_aside
from pipelines.cleaning.wording import length, words
from pipelines.outcome import Outcome

#: A block of so many words that stood on an earlier page stands there again as
#: furniture: a standfirst, a box. Shorter ones recur in any text.
_REPEATED_WORDS: Final = 6
#: What a further page may turn out to be without its text being missing: some end in
#: a page of pictures.
_HARMLESS: Final = (None, Outcome.THIN)
#: A text that ends so goes on elsewhere.
_CUT_OFF: Final = ("...", "…", "[…]", "[...]", "(...)", "(…)", "[&hellip;]")
#: The feed's text has to be so many times as long as what the page shows.
_LONGER_BY: Final = 1.2


def join(pages: Sequence[Cleaned], missing: str | None = None) -> Cleaned:
    """The pages of an article as one; blocks are numbered on from page to page.

    What stood on an earlier page is not told twice. `missing` says why a page is not
    there; then, or if one has turned out to be none, the whole is PARTIAL.
    """
    first = pages[0]
    if first.outcome not in _HARMLESS:
        return first
    kept: list[Paragraph] = []
    removed: list[Removed] = []
    seen: set[tuple[str, ...]] = set()
    at = 0
    for number, page in enumerate(pages, start=1):
        texts, gone = _told(page, seen, at)
        kept += texts
        removed += gone
        at += _count(page)
        if number > 1 and page.outcome not in _HARMLESS and missing is None:
            missing = f"page {number} is none: {page.outcome}, {page.detail}"
    whole = Cleaned(
        title=first.title,
        paragraphs=tuple(kept),
        removed=tuple(sorted(removed, key=lambda entry: entry.at)),
    )
    if missing is None:
        return whole
    detail = f"a part is missing: {missing}"
    return replace(whole, outcome=Outcome.PARTIAL, detail=detail, withheld=True)


def stand_in(page: Cleaned, feed: Cleaned) -> Cleaned | None:
    """The feed's text in the place of a page's that withholds it.

    None if the page shows as much, or the feed's text is cut off, too. The ledger
    has the page's blocks, then the feed's.
    """
    shown = sum(length(paragraph.text) for paragraph in page.paragraphs)
    told = sum(length(paragraph.text) for paragraph in feed.paragraphs)
    if feed.outcome is not None or told < max(1, _LONGER_BY * shown):
        return None
    if feed.paragraphs[-1].text.endswith(_CUT_OFF):
        return None
    evidence = "the feed's full text stands in for the page's"
    removed = put_aside(page, Reason.PAYWALL, evidence)
    start = _count(page)
    return Cleaned(
        title=page.title,
        paragraphs=tuple(replace(p, at=p.at + start) for p in feed.paragraphs),
        removed=removed + tuple(replace(r, at=r.at + start) for r in feed.removed),
    )


def _count(page: Cleaned) -> int:
    """How many blocks the page has, kept and removed."""
    return len(page.paragraphs) + len(page.removed)


def _told(
    page: Cleaned, seen: set[tuple[str, ...]], start: int
) -> tuple[list[Paragraph], list[Removed]]:
    """What a page adds to the text, and what is removed of it; `seen` grows."""
    kept, before = [], frozenset(seen)
    removed = [replace(entry, at=entry.at + start) for entry in page.removed]
    for paragraph in page.paragraphs:
        row, at = words(paragraph.text), paragraph.at + start
        if row in before and len(row) >= _REPEATED_WORDS:
            evidence = "stands on an earlier page of the article"
            removed.append(Removed(paragraph.text, Reason.REPEATED, at, evidence))
            continue
        seen.add(row)
        kept.append(replace(paragraph, at=at))
    return kept, removed
