"""The values that a page becomes on its way through cleaning to the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from pipelines.outcome import Outcome

#: What `Metadata.sources` says of a text that is the feed's and not the page's.
FROM_FEED: Final = "feed"


class Reason(StrEnum):
    """Why a block was removed."""

    CAPTION = "caption"
    CREDIT = "credit"
    TEASER = "teaser"
    RELATED = "related"
    NEWSLETTER = "newsletter"
    SHARE = "share"
    CONSENT = "consent"
    AUTHOR = "author"
    COMMENTS = "comments"
    PAYWALL = "paywall"
    PROMO = "promo"
    CHROME = "chrome"
    REPEATED = "repeated"
    RULE = "rule"
    TITLE = "title"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Removed:
    """A block that was taken out: its text, why, where it stood, on what evidence.

    `at` is the block's number among all blocks of its input, counted from 0, kept
    and removed together, in document order.
    """

    text: str
    reason: Reason
    at: int
    evidence: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block that was kept: a paragraph, crosshead or list item, one line."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An article's text as kept, and the ledger of what was removed.

    `outcome` is None when the text stands; otherwise it names what the page is
    instead of an article (THIN, WALL, NOT_ARTICLE, PARTIAL), with `detail`.
    `withheld`: there is an article, and the page does not show it. `partial` says why
    a text that stands is not all of the article.
    """

    title: str | None
    paragraphs: tuple[Paragraph, ...]
    removed: tuple[Removed, ...]
    outcome: Outcome | None = None
    detail: str | None = None
    withheld: bool = False
    partial: str | None = None

    @property
    def text(self) -> str:
        """The kept blocks, one a line."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class Dated:
    """A point in time and where the page said it.

    `source` is one of json-ld, meta, time, feed, sitemap, url, text; `precision`
    is second, minute or day.
    """

    at: datetime  # aware
    source: str
    precision: str = "second"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page, its URL and its listing say of the article.

    `sources` names for each field where its value came from ("title": "og:title"),
    and for "text" where the text did, if not from the page alone (`FROM_FEED`, ...).
    `canonical` is what the page declares, canonicalised, believed or not.
    """

    title: str | None = None
    authors: tuple[str, ...] = ()
    published: Dated | None = None
    updated: Dated | None = None
    canonical: str | None = None
    section: str | None = None
    description: str | None = None
    site_name: str | None = None
    declared_language: str | None = None
    free: bool | None = None  # JSON-LD isAccessibleForFree
    # noarchive, noai, tdm: what the page reserves, and where (`pipelines.reservations`)
    reserved: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything the worker makes of one page; a plain value that pickles.

    `language` is ISO 639-1 (`zh-cn`, `zh-tw`) or `und`.
    """

    cleaned: Cleaned
    metadata: Metadata
    language: str
    cleaner_version: str

    @property
    def title(self) -> str | None:
        """The headline: what cleaning kept of it, else what the page says it is."""
        return self.cleaned.title or self.metadata.title

    @property
    def from_feed(self) -> bool:
        """Whether the text is the feed's, standing in for a page that withholds it."""
        return self.metadata.sources.get("text") == FROM_FEED
