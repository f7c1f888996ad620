"""Cleans text flattened by a naive scraper: one block a line, no markup left.

First the rules (`flat_rules.py`), whose evidence can be read off the lines; then what
is left is scored by its looks (`flat_scorer.py`).
"""

from __future__ import annotations

from pipelines.article import Cleaned, Paragraph, Reason, Removed
from pipelines.cleaning.flat_rules import Flat, Marks, kept, mark, read
from pipelines.cleaning.flat_scorer import unlike_text
from pipelines.cleaning.flat_shape import Page
from pipelines.cleaning.lines import Verdict


def clean_text(text: str) -> Cleaned:
    """The article in a flattened text, and the ledger of what was removed.

    Every non-empty line is the title, a paragraph or a removed block; `at` numbers
    them together from 0. Never raises, whatever the text.
    """
    flat = read(text)
    title, marks = mark(flat)
    return _cleaned(flat, title, marks | _scored(flat, title, marks))


def _scored(flat: Flat, title: int | None, marks: Marks) -> Marks:
    """What the scorer takes for furniture; nothing, if that would leave no text."""
    judged = dict(marks)
    if title is not None:
        judged[title] = Verdict(Reason.TITLE, "the title")
    page = Page(flat.lines, [judged.get(at) for at in range(len(flat.lines))])
    left = kept(flat, title, marks)
    found = unlike_text(page, left)
    return found if len(found) < len(left) else {}


def _cleaned(flat: Flat, title: int | None, marks: Marks) -> Cleaned:
    return Cleaned(
        title=None if title is None else flat.lines[title],
        paragraphs=tuple(
            Paragraph(flat.lines[at], at) for at in kept(flat, title, marks)
        ),
        removed=tuple(
            Removed(flat.lines[at], verdict.reason, at, verdict.evidence)
            for at, verdict in sorted(marks.items())
        ),
    )
