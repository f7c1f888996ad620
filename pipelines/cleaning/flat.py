"""Cleans text flattened by a naive scraper: one block a line, no markup left."""

from __future__ import annotations

from pipelines.article import Cleaned, Paragraph, Removed
from pipelines.cleaning.flat_rules import Flat, Marks, kept, mark, read


def clean_text(text: str) -> Cleaned:
    """The article in a flattened text, and the ledger of what was removed.

    Every non-empty line is the title, a paragraph or a removed block; `at` numbers
    them together from 0. Never raises, whatever the text.
    """
    flat = read(text)
    title, marks = mark(flat)
    return _cleaned(flat, title, marks)


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
