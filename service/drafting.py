"""Which of the sources that were found are worth watching, and how often. Pure.

The cheapest ones that together list everything: feeds before sitemaps before section
pages, and of each only what adds to those before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from config import addresses
from config.models import SourceKind
from config.outlet_file import Draft, SourceLine
from crawlers.discovery.leads import Lead, is_comments
from pipelines import urls
from pipelines.candidate import Candidate, Listing

#: A source whose newest article is older is dead, or no news.
STALE: Final = timedelta(days=60)
#: What the last days brought is compared: feeds hold no more.
LATELY: Final = timedelta(days=2)
#: A further source is taken if it lists so many, and so large a share, of its latest
#: articles beyond the others. Feeds and sitemaps of one desk differ by a few always.
ADDS: Final = 3
ADDS_SHARE: Final = 0.15
#: A file of everything the outlet ever published is no list of news.
MOST_LISTED: Final = 2_000

_NOBODY: Final[Mapping[str, str]] = MappingProxyType({})
_ORDER: Final = (SourceKind.FEED, SourceKind.SITEMAP, SourceKind.SECTION)


@dataclass(frozen=True, slots=True)
class Found:
    """A lead that was asked: what it lists on the outlet's site, or why nothing."""

    lead: Lead
    listed: tuple[Candidate, ...] = ()
    problem: str | None = None
    language: str | None = None

    @property
    def newest(self) -> datetime | None:
        """When its latest article is from, as it says."""
        return max((at for at in map(said, self.listed) if at), default=None)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A source that is worth watching, or not, and why, in words."""

    found: Found
    taken: bool
    why: str


def said(candidate: Candidate) -> datetime | None:
    """When an article is from, as its source says."""
    return candidate.published or candidate.updated


def found(lead: Lead, listing: Listing, site: str) -> Found:
    """What a lead lists of the outlet's own site."""
    own = tuple(c for c in listing.candidates if urls.same_site(c.url, {site}))
    foreign = len(listing.candidates) - len(own)
    if own or not foreign:
        problem = None if own else "lists nothing"
        return Found(lead, own, problem, listing.language)
    return Found(lead, problem=f"lists {foreign} links off {site} only")


def choose(
    all_found: Iterable[Found], now: datetime, watched: Mapping[str, str] = _NOBODY
) -> tuple[Chosen, ...]:
    """Which sources to watch; those first, each with the reason.

    `watched` names, by a source's identity, the outlet that has it already.
    """
    fit: list[Found] = []
    unfit: list[Chosen] = []
    for one in all_found:
        why = _unfit(one, now) or _taken_elsewhere(one, watched)
        if why is None:
            fit.append(one)
        else:
            unfit.append(Chosen(one, taken=False, why=why))
    fit.sort(key=lambda one: _rank(one, now))
    taken: list[Chosen] = []
    rest: list[Chosen] = []
    covered: set[str] = set()
    for one in fit:
        chosen = _judge(one, covered, now, first=not taken)
        (taken if chosen.taken else rest).append(chosen)
        if chosen.taken:
            covered |= {candidate.url for candidate in one.listed}
    return (*taken, *rest, *unfit)


def _unfit(one: Found, now: datetime) -> str | None:
    if one.problem is not None:
        return one.problem
    if is_comments(one.lead):
        return "comments of readers"
    if one.newest is not None and now - one.newest > STALE:
        return f"stale: its latest is of {one.newest:%Y-%m-%d}"
    if one.lead.kind is SourceKind.SITEMAP and len(one.listed) >= MOST_LISTED:
        return f"lists {len(one.listed)} pages: an archive"
    return None


def _taken_elsewhere(one: Found, watched: Mapping[str, str]) -> str | None:
    """The config refuses a source that stands in two files."""
    key = watched.get(addresses.identity(one.lead.url))
    return None if key is None else f"{key} watches it already"


def _rank(one: Found, now: datetime) -> tuple[int, int, str]:
    """Cheapest kind first; within it, what lists most of late."""
    return _ORDER.index(one.lead.kind), -len(_lately(one, now)), one.lead.url


def _lately(one: Found, now: datetime) -> frozenset[str]:
    """What it lists of the last days; undated ones count as such."""
    return frozenset(
        candidate.url
        for candidate in one.listed
        if (at := said(candidate)) is None or now - at <= LATELY
    )


def _judge(one: Found, covered: set[str], now: datetime, *, first: bool) -> Chosen:
    fresh = _lately(one, now)
    beyond = fresh - covered
    count = f"{len(one.listed)} articles, {len(fresh)} of them of the last two days"
    if first:
        return Chosen(one, taken=True, why=f"{count}; {one.lead.found}")
    adds = len(beyond) >= ADDS and len(beyond) >= ADDS_SHARE * len(fresh)
    words = f"{len(beyond)} that the sources above do not list"
    if adds:
        return Chosen(one, taken=True, why=f"{count}; {words}; {one.lead.found}")
    words = words if beyond else "nothing that the sources above do not list"
    return Chosen(one, taken=False, why=f"lists {words}; {one.lead.found}")


def interval(chosen: Sequence[Chosen], now: datetime) -> tuple[str, str]:
    """How often to poll, by how much the sources brought of late; and why, in words."""
    listed = {
        candidate.url: at
        for one in chosen
        if one.taken
        for candidate in one.found.listed
        if (at := said(candidate)) is not None
    }
    day = sum(now - at <= timedelta(hours=24) for at in listed.values())
    if not listed:
        return "30m", "its sources give no dates"
    for least, every in ((100, "5m"), (25, "10m"), (5, "30m")):
        if day >= least:
            return every, f"{day} articles in the last 24 h"
    return "1h", f"{day} articles in the last 24 h"


def draft(
    key: str,
    name: str,
    home: str,
    language: str | None,
    chosen: Sequence[Chosen],
    now: datetime,
) -> Draft:
    """The outlet's file: what was chosen, and what was not in comments."""
    every, why = interval(chosen, now)
    said_by_feed = (one.found.language for one in chosen if one.taken)
    usable = [one for one in chosen if one.taken or one.found.problem is None]
    return Draft(
        key=key,
        name=name,
        home=home,
        language=language or next((code for code in said_by_feed if code), None),
        every=every,
        every_why=why,
        sources=tuple(
            SourceLine(one.found.lead.kind, one.found.lead.url, one.why, one.taken)
            for one in usable
        ),
        notes=(
            f"Found on {now:%Y-%m-%d} by presswatch outlets add. What stands in a",
            "comment was found as well and is not watched, for the reason given.",
            f"Look at what it brings: presswatch try {key}",
        ),
    )
