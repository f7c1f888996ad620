"""What a listing teaches of its source, compared with the one before. Pure.

An entry is known if its address or its title is: an outlet that moves to another host
or another system keeps its headlines. So neither looks like a flood of new items, and
a listing with nothing in common with the last one is what it seems: a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import takewhile
from typing import Final

from crawlers.cadence import Hints
from crawlers.rhythm import MEMORY, hour_of
from pipelines.candidate import Candidate
from pipelines.store.habits import Habits, Learnt

#: Entries compared; of longer listings the newest.
MOST_COMPARED: Final = 1_000
#: Entries remembered: parts of large sitemaps are read at different polls.
MOST_REMEMBERED: Final = 4_000
#: A listing with fewer entries cannot show a gap.
FEWEST: Final = 3
#: Entries that a gap may have in common with the listing before it: what an outlet
#: pins to the top stays there.
PINNED: Final = 0.1
#: Shorter titles are rubrics ("Live", "Weather") and identify nothing.
TELLING: Final = 16
#: Dates further back are of old articles that were listed anew.
BELATED: Final = timedelta(days=1)

_SIZE: Final = 8
_NO_TITLE: Final = bytes(_SIZE)
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Look:
    """One good poll with a body. `complete`: it shows all that the source lists now.

    `before` is the poll before it; None if this is the first.
    """

    now: datetime
    before: datetime | None
    candidates: Sequence[Candidate]
    complete: bool = True
    hints: Hints = field(default_factory=Hints)


def learn(known: Habits | None, look: Look) -> Learnt:
    """What the poll adds to what is known."""
    listed = _newest(look.candidates)
    entries = [_entry(each) for each in listed]
    if known is None or look.before is None:
        return _first(look, listed, entries)
    fresh = _fresh(listed, entries, known)
    share = len(fresh) / len(listed) if listed else 0.0
    is_gap = look.complete and len(listed) >= FEWEST and bool(known.shown)
    is_gap = is_gap and len(listed) - len(fresh) <= PINNED * len(listed)
    shown = len(look.candidates)
    return Learnt(
        since=known.since,
        entries=_remembered(entries, known.entries, look.complete),
        # Nested sitemaps that have not changed are not read: this is a part only.
        shown=shown if look.complete else max(shown, known.shown),
        fresh=share,
        hours=_hours(_times(fresh, look.before, look.now)),
        gap_at=look.now if is_gap else known.gap_at,
        ttl=look.hints.ttl,
        cached=look.hints.cached,
        audited_at=known.audited_at,
        distrust=known.distrust,
    )


def unchanged(known: Habits) -> Learnt:
    """What a look at an unchanged document teaches: nothing new."""
    return Learnt(
        since=known.since,
        entries=known.entries,
        shown=known.shown,
        fresh=0.0,
        gap_at=known.gap_at,
        ttl=known.ttl,
        cached=known.cached,
        audited_at=known.audited_at,
        distrust=known.distrust,
    )


def until_known(known: Habits, candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """The candidates that stand before the first one that was known."""
    entries = [_entry(each) for each in candidates]
    fresh = {each.url for each in _fresh(candidates, entries, known)}
    return list(takewhile(lambda each: each.url in fresh, candidates))


def added(known: Habits | None, learnt: Learnt) -> Habits:
    """What is known after the poll."""
    hours = dict(known.hours) if known is not None else {}
    for hour, items in learnt.hours.items():
        hours[hour] = hours.get(hour, 0.0) + items
    return Habits(
        since=learnt.since,
        entries=learnt.entries,
        shown=learnt.shown,
        fresh=learnt.fresh,
        hours=hours,
        gap_at=learnt.gap_at,
        ttl=learnt.ttl,
        cached=learnt.cached,
        audited_at=learnt.audited_at,
        distrust=learnt.distrust,
    )


def moved(known: Habits | None, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates whose headline was known under another address.

    All of them if they are at least half of the listing, else none.
    """
    if known is None:
        return []
    addresses, titles = _known_parts(known)
    found = [
        candidate
        for candidate in candidates
        if (entry := _entry(candidate))[:_SIZE] not in addresses
        and entry[_SIZE:] in titles
    ]
    enough = len(found) >= FEWEST and len(found) * 2 >= len(candidates)
    return found if enough else []


def _first(look: Look, listed: Sequence[Candidate], entries: Sequence[bytes]) -> Learnt:
    """A first listing: its dates show a rhythm already."""
    oldest = look.now - MEMORY
    said = [each.published for each in listed if each.published is not None]
    dates = [at for at in said if oldest <= at <= look.now]
    return Learnt(
        since=min(dates, default=look.now),
        entries=b"".join(entries),
        shown=len(look.candidates),
        fresh=0.0,
        hours=_hours(dates),
        ttl=look.hints.ttl,
        cached=look.hints.cached,
        habitual=False,
    )


def _newest(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    if len(candidates) <= MOST_COMPARED:
        return candidates
    return sorted(candidates, key=_date, reverse=True)[:MOST_COMPARED]


def _date(candidate: Candidate) -> datetime:
    return candidate.published or candidate.updated or _LONG_AGO


def _entry(candidate: Candidate) -> bytes:
    title = " ".join((candidate.title or "").casefold().split())
    hashed = _hash(title) if len(title) >= TELLING else _NO_TITLE
    return _hash(candidate.url) + hashed


def _hash(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "replace"), digest_size=_SIZE).digest()


def _parts(entries: bytes) -> Iterable[bytes]:
    step = 2 * _SIZE
    return (entries[at : at + step] for at in range(0, len(entries), step))


def _known_parts(known: Habits) -> tuple[set[bytes], set[bytes]]:
    """The hashed addresses and headlines of what was listed before."""
    parts = list(_parts(known.entries))
    addresses = {each[:_SIZE] for each in parts}
    return addresses, {each[_SIZE:] for each in parts} - {_NO_TITLE}


def _fresh(
    listed: Sequence[Candidate], entries: Sequence[bytes], known: Habits
) -> list[Candidate]:
    addresses, titles = _known_parts(known)
    return [
        candidate
        for candidate, entry in zip(listed, entries, strict=True)
        if entry[:_SIZE] not in addresses and entry[_SIZE:] not in titles
    ]


def _remembered(entries: Sequence[bytes], before: bytes, complete: bool) -> bytes:
    """The entries of a listing, and of the ones before as many as it has again.

    What leaves a section page for an hour is not new when it is back.
    """
    most = 2 * len(entries) if complete else MOST_REMEMBERED
    kept = dict.fromkeys([*entries, *_parts(before)])
    return b"".join(list(kept)[: min(MOST_REMEMBERED, most)])


def _times(
    fresh: Sequence[Candidate], before: datetime, now: datetime
) -> list[datetime]:
    """When new items came: as they say, else evenly over the time since `before`."""
    start = max(before, now - BELATED)
    step = (now - start) / (len(fresh) + 1)
    return [
        at
        if (at := each.published) is not None and start - BELATED <= at <= now
        else start + step * (place + 1)
        for place, each in enumerate(fresh)
    ]


def _hours(times: Iterable[datetime]) -> dict[int, float]:
    counted: dict[int, float] = {}
    for at in times:
        hour = hour_of(at)
        counted[hour] = counted.get(hour, 0.0) + 1
    return counted
