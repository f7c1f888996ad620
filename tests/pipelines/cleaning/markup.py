"""Small pages for the tests of cleaning."""

from __future__ import annotations

from pipelines.article import Cleaned, Metadata
from pipelines.cleaning import CleanRules, clean_page
from pipelines.cleaning.blocks import Page, read_blocks
from pipelines.document import Document, parse

HEADLINE = "Council agrees to rebuild the old pier"
#: Running text that no rule has anything against.
PARAGRAPHS = (
    "The town council voted on Tuesday evening to rebuild the old pier by next summer.",
    "Work is to start in March, and the harbour will stay open while it lasts.",
    "Residents had collected more than four thousand signatures for the plan.",
)


def paragraphs(*texts: str) -> str:
    """`texts` as HTML paragraphs; the usual ones if none are given."""
    return "\n".join(f"<p>{text}</p>" for text in texts or PARAGRAPHS)


def article(body: str, head: str = "") -> str:
    """A page whose article has `body` between its first and its last paragraphs."""
    first, *rest = PARAGRAPHS
    return page(
        f"<article><h1>{HEADLINE}</h1><div class='story'>{paragraphs(first)}{body}"
        f"{paragraphs(*rest)}</div></article>",
        head,
    )


def page(body: str, head: str = "") -> str:
    """A page with a menu, `body` and a footer."""
    return (
        f"<!DOCTYPE html><html><head><title>{HEADLINE} - Pier Gazette</title>"
        f"{head}</head>"
        "<body><nav><a href='/'>Home</a> <a href='/town'>Town</a></nav>"
        f"{body}<footer><p>All rights reserved.</p></footer></body></html>"
    )


def document(html: str, url: str | None = "https://gazette.example/pier") -> Document:
    """`html` as a document."""
    return parse(html.encode(), "text/html; charset=utf-8", url)


def walked(html: str) -> Page:
    """The blocks of `html`."""
    return read_blocks(document(html).tree)


def clean(
    html: str, rules: CleanRules | None = None, metadata: Metadata | None = None
) -> Cleaned:
    """What cleaning makes of `html`."""
    return clean_page(document(html), metadata, rules)


def kept(cleaned: Cleaned) -> list[str]:
    """The lines that were kept."""
    return [paragraph.text for paragraph in cleaned.paragraphs]


def reason(cleaned: Cleaned, text: str) -> str | None:
    """Why the block that holds `text` was removed; None if it was not."""
    return next((str(r.reason) for r in cleaned.removed if text in r.text), None)
