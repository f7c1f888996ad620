"""Writing what a source listed into the frontier.

`judge` is the pure part: what a listing means for a URL already known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from pipelines.candidate import Candidate
from pipelines.fingerprint import url_key
from pipelines.outcome import Outcome, State
from pipelines.store.columns import (
    hints_column,
    micros,
    micros_or_none,
    printable_or_none,
)
from pipelines.store.coverage import source_bit
from pipelines.store.session import Row, Session

if TYPE_CHECKING:
    from sqlite_utils import Database

#: Entries written in one go: some 15 ms of holding the write lock if all are new.
CHUNK = 150

#: A page that was found unchanged although its source called it updated is believed
#: less each time, up to 2**6 times the least age: some sitemaps say "now" always.
MOST_DOUBLINGS = 6


@dataclass(frozen=True, slots=True)
class Listed:
    """A URL that a source listed. `host` is whom politeness is owed to.

    `outcome` None: to be fetched; else it is done with that outcome and `detail`
    (DENIED, "denied by articles.deny '/video/'"). A `standing` outcome holds when a
    later poll lists the URL without one (`on_add`); others then give way.
    """

    candidate: Candidate
    host: str
    outcome: Outcome | None = None
    detail: str | None = None
    standing: bool = False


@dataclass(frozen=True, slots=True)
class Poll:
    """The part of a poll that its entries need."""

    source_id: int
    outlet: str
    at: datetime
    revisit_after: timedelta | None


@dataclass(frozen=True, slots=True)
class Upserted:
    """What became of some entries. `url_ids` are of all, in listing order.

    `denied` of them were due or unknown until a rule turned them away.
    """

    new: int
    changed: int
    url_ids: tuple[int, ...]
    denied: int


@dataclass(frozen=True, slots=True)
class KnownUrl:
    """What of a known URL a new listing of it is judged by. Times in microseconds."""

    id: int
    state: State
    outcome: str | None
    standing: bool
    attempts: int
    unchanged: int
    fetched_at: int | None
    listed_updated: int | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a listing changes: nothing, the due time, or that the URL is done with."""

    due_at: int | None = None
    denied: bool = False


def judge(known: KnownUrl, listed: Listed, poll: Poll) -> Judgement:
    """What it means that a known URL is listed (again)."""
    if listed.outcome is not None:
        return Judgement(denied=known.state is State.DUE and known.fetched_at is None)
    if _was_denied(known):
        return Judgement(due_at=micros(poll.at))
    if known.state is State.DUE or not _is_newer(known, listed.candidate):
        return Judgement()
    return Judgement(due_at=_next_visit(known, poll))


def _was_denied(known: KnownUrl) -> bool:
    # Never attempted, so it was a rule that said no, and the rule is gone.
    return (
        known.state is State.DONE
        and known.outcome == Outcome.DENIED
        and known.attempts == 0
        and not known.standing
    )


def _is_newer(known: KnownUrl, candidate: Candidate) -> bool:
    """Whether the source says that the page changed since it was last looked at.

    Compared with what the source said before: clocks and zones of outlets are off,
    by the same amount each time.
    """
    updated = _said(candidate)
    before = known.listed_updated or known.fetched_at
    return updated is not None and before is not None and updated > before


def _said(candidate: Candidate) -> int | None:
    """When the page last changed, as its source says it.

    RSS has no such element; outlets that tell of a change move pubDate.
    """
    return micros_or_none(candidate.updated or candidate.published)


def _next_visit(known: KnownUrl, poll: Poll) -> int | None:
    if poll.revisit_after is None:
        return None
    if known.fetched_at is None:
        return micros(poll.at)
    age = poll.revisit_after * (1 << min(known.unchanged, MOST_DOUBLINGS))
    return max(micros(poll.at), known.fetched_at + age // timedelta(microseconds=1))


def chunks(entries: Sequence[Listed], size: int = CHUNK) -> Iterator[list[Listed]]:
    """The entries in order, in lists of at most `size`."""
    remaining = iter(entries)
    while part := list(islice(remaining, size)):
        yield part


def upsert(session: Session, poll: Poll, entries: Sequence[Listed]) -> Upserted:
    """Write entries, the first of each URL counting; one transaction."""
    by_key: dict[bytes, Listed] = {}
    for entry in entries:
        by_key.setdefault(url_key(entry.candidate.url), entry)
    with session.write() as db:
        bit = source_bit(session, poll.source_id)
        known = _known(session, poll.outlet, list(by_key))
        fresh = {key: e for key, e in by_key.items() if key not in known}
        inserted = {key: _insert(db, poll, key, e, bit) for key, e in fresh.items()}
        changed, closed = _refresh(db, poll, by_key, known, bit)
        ids = {key: row.id for key, row in known.items()} | inserted
    denied = closed + sum(entry.outcome is not None for entry in fresh.values())
    return Upserted(len(fresh), changed, tuple(ids[key] for key in by_key), denied)


def _known(session: Session, outlet: str, keys: list[bytes]) -> dict[bytes, KnownUrl]:
    found = (
        session.row(
            "SELECT key, id, state, outcome, standing, attempts, unchanged, fetched_at,"
            " listed_updated FROM url WHERE outlet = ? AND key = ?",
            [outlet, key],
        )
        for key in keys
    )
    return {row["key"]: _known_url(row) for row in found if row is not None}


def _known_url(row: Row) -> KnownUrl:
    return KnownUrl(
        id=row["id"],
        state=State(row["state"]),
        outcome=row["outcome"],
        standing=bool(row["standing"]),
        attempts=row["attempts"],
        unchanged=row["unchanged"],
        fetched_at=row["fetched_at"],
        listed_updated=row["listed_updated"],
    )


def _insert(db: Database, poll: Poll, key: bytes, entry: Listed, bit: int) -> int:
    at = micros(poll.at)
    done_at = None if entry.outcome is None else at
    cursor = db.conn.execute(
        "INSERT INTO url (outlet, key, url, host, state, outcome, detail, standing,"
        " discovered_at, last_listed_at, next_at, processed_at, source_id, listed_by,"
        " listed_updated, hints, seen_in)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, ?11, ?12, ?12, ?13, ?14,"
        " ?15)",
        [
            poll.outlet,
            key,
            entry.candidate.url,
            entry.host,
            State.DUE if done_at is None else State.DONE,
            entry.outcome,
            printable_or_none(entry.detail),
            entry.standing,
            at,
            at if done_at is None else None,
            done_at,
            poll.source_id,
            micros_or_none(entry.candidate.updated),
            hints_column(entry.candidate),
            bit,
        ],
    )
    return int(cursor.lastrowid or 0)


def _refresh(
    db: Database,
    poll: Poll,
    by_key: dict[bytes, Listed],
    known: dict[bytes, KnownUrl],
    bit: int,
) -> tuple[int, int]:
    """How many became due again, and how many were turned away."""
    at = micros(poll.at)
    # A feed and a sitemap date one page differently: until it is fetched, the later
    # of both counts as known.
    db.conn.executemany(
        "UPDATE url SET last_listed_at = ?, listed_by = ?, seen_in = seen_in | ?,"
        " listed_updated ="
        " iif(fetched_at IS NULL, max(coalesce(listed_updated, 0), ?), listed_updated)"
        " WHERE id = ?",
        [
            (at, poll.source_id, bit, _said(by_key[key].candidate) or 0, row.id)
            for key, row in known.items()
        ],
    )
    judged = [
        (row, by_key[key], judge(row, by_key[key], poll)) for key, row in known.items()
    ]
    denied = [(row, e) for row, e, j in judged if j.denied]
    _close_denied(db, at, denied)
    due = [(row, e, j.due_at) for row, e, j in judged if j.due_at is not None]
    _make_due(db, due)
    return len(due), len(denied)


def _close_denied(db: Database, at: int, denied: list[tuple[KnownUrl, Listed]]) -> None:
    db.conn.executemany(
        "UPDATE url SET state = 'done', outcome = ?, detail = ?, standing = ?,"
        " next_at = NULL, processed_at = ? WHERE id = ?",
        [
            (e.outcome, printable_or_none(e.detail), e.standing, at, row.id)
            for row, e in denied
        ],
    )


def _make_due(db: Database, due: list[tuple[KnownUrl, Listed, int]]) -> None:
    # A waiting URL stays waiting; its page was fetched before the change, so that it
    # is due again after that page is processed.
    db.conn.executemany(
        "UPDATE url SET next_at = min(coalesce(next_at, ?1), ?1), listed_updated = ?2,"
        " hints = ?3, state = iif(state = 'waiting', 'waiting', 'due') WHERE id = ?4",
        [
            (
                due_at,
                _said(entry.candidate),
                hints_column(entry.candidate),
                row.id,
            )
            for row, entry, due_at in due
        ],
    )
