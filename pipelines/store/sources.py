"""The source and poll tables: what is polled, when next, and how it went."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipelines.store import habits
from pipelines.store.columns import (
    micros,
    moment,
    moment_or_none,
    names_column,
    printable_or_none,
)
from pipelines.store.listing import Listed
from pipelines.store.session import Row, Session

#: Polls remembered of each source.
POLLS_KEPT = 30

#: Poll outcomes after which the source's URLs are known to be stored.
GOOD = frozenset({"ok", "not_modified", "same_body"})


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A source as the config names it; `every` None leaves its times alone."""

    outlet: str
    kind: str
    url: str
    every: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """Where a source says it has moved: `polls` good ones in a row, since `since`."""

    to: str
    polls: int
    since: datetime


@dataclass(frozen=True, slots=True)
class SourceWork:
    """A source to be polled. `first`: no poll of it has succeeded yet.

    `listed_at`: when its latest listing was read; it may have been unchanged since.
    """

    id: int
    outlet: str
    kind: str
    url: str
    host: str
    etag: str | None
    last_modified: str | None
    body_hash: bytes | None
    failures: float
    first: bool
    next_at: datetime
    last_ok: datetime | None = None
    listed_at: datetime | None = None
    move: Move | None = None


@dataclass(frozen=True, slots=True)
class PollRecord:
    """How a poll went, and what its source listed.

    `outcome` is ok, not_modified, same_body, failed, robots or blocked. Validators
    and hash are of the body that listed `entries`. `revisit_after` is the least age
    at which a page is looked at again when its source calls it updated; None: never.
    `why` says in words why the next poll is at `next_at`; `learnt` is what the poll
    adds to the source's habits.
    """

    source_id: int
    at: datetime
    status: int | None
    outcome: str
    next_at: datetime
    error: str | None = None
    failures: float = 0.0
    etag: str | None = None
    last_modified: str | None = None
    body_hash: bytes | None = None
    entries: tuple[Listed, ...] = ()
    revisit_after: timedelta | None = timedelta(minutes=30)
    why: str | None = None
    learnt: habits.Learnt | None = None


@dataclass(frozen=True, slots=True)
class PollStored:
    """What a poll brought. `url_ids` are of all distinct URLs, in listing order.

    `denied` counts those that were turned away by it.
    """

    listed: int
    new: int
    changed: int
    url_ids: tuple[int, ...]
    denied: int = 0

    def __add__(self, other: PollStored) -> PollStored:
        """The sum over parts of one poll; a URL of both counts once."""
        ids = tuple(dict.fromkeys(self.url_ids + other.url_ids))
        new, changed = self.new + other.new, self.changed + other.changed
        return PollStored(len(ids), new, changed, ids, self.denied + other.denied)


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A source and how it has been doing."""

    id: int
    outlet: str
    kind: str
    url: str
    active: bool
    next_at: datetime
    failures: float
    last_polled: datetime | None
    last_ok: datetime | None
    last_new: datetime | None
    last_error: str | None
    why: str | None = None
    first_ok: datetime | None = None


@dataclass(frozen=True, slots=True)
class PollRow:
    """One poll of the past."""

    at: datetime
    outcome: str
    status: int | None
    listed: int
    new: int
    changed: int
    error: str | None


def sync(session: Session, specs: Iterable[SourceSpec], now: datetime) -> None:
    """Make the active sources those given: new and returning ones are due at once.

    One whose interval was shortened is due by the new one. The others become
    inactive; they and the URLs they listed stay.
    """
    from pipelines import urls

    at = micros(now)
    specs = list(specs)
    wanted = {(s.outlet, s.kind, s.url): urls.host(s.url) for s in specs}
    with session.write() as db:
        _follow(session, wanted)
        known = {
            (row["outlet"], row["kind"], row["url"]): row
            for row in session.rows("SELECT id, outlet, kind, url, active FROM source")
        }
        for identity, host in wanted.items():
            row = known.get(identity)
            if row is None:
                db.conn.execute(
                    "INSERT INTO source (outlet, kind, url, host, added_at, next_at)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    [*identity, host, at, at],
                )
            elif not row["active"]:
                db.conn.execute(
                    "UPDATE source SET active = 1, next_at = ? WHERE id = ?",
                    [at, row["id"]],
                )
        _hasten(session, specs)
        gone = [row for key, row in known.items() if key not in wanted]
        _dismiss(session, gone, at)


def _dismiss(session: Session, gone: Iterable[Row], at: int) -> None:
    """Make sources inactive, and close their alerts: no poll would do so any more."""
    for row in gone:
        session.db.conn.execute(
            "UPDATE source SET active = 0 WHERE id = ?", [row["id"]]
        )
        session.db.conn.execute(
            "UPDATE alert SET closed_at = ?1 WHERE closed_at IS NULL"
            " AND substr(key, -length(?2)) = ?2",
            [at, f":{row['outlet']}:{row['url']}"],
        )


def _follow(session: Session, wanted: dict[tuple[str, str, str], str]) -> None:
    """Let a source keep its past whose new address the config has taken over."""
    rows = session.rows("SELECT * FROM source WHERE moved_to IS NOT NULL")
    known = {
        (row["outlet"], row["kind"], row["url"])
        for row in session.rows("SELECT outlet, kind, url FROM source")
    }
    for row in rows:
        before = row["outlet"], row["kind"], row["url"]
        after = row["outlet"], row["kind"], row["moved_to"]
        if after in wanted and before not in wanted and after not in known:
            session.db.conn.execute(
                "UPDATE source SET url = ?, host = ?, moved_to = NULL, moved_polls = 0,"
                " moved_since = NULL WHERE id = ?",
                [row["moved_to"], wanted[after], row["id"]],
            )
            session.db.conn.execute(
                "UPDATE alert SET closed_at = last_seen WHERE closed_at IS NULL"
                " AND key = ?",
                [f"relocated:{row['outlet']}:{row['url']}"],
            )


def _hasten(session: Session, specs: Iterable[SourceSpec]) -> None:
    """Let no good source wait longer than its interval from its last poll."""
    session.db.conn.executemany(
        "UPDATE source SET next_at = last_polled + ?4 WHERE outlet = ?1 AND kind = ?2"
        " AND url = ?3 AND failures = 0 AND next_at > last_polled + ?4 * 1.1",
        [
            (s.outlet, s.kind, s.url, s.every // timedelta(microseconds=1))
            for s in specs
            if s.every is not None
        ],
    )


def due(
    session: Session,
    now: datetime,
    outlets: Collection[str] | None,
    everything: bool,
) -> list[SourceWork]:
    """Active sources to poll, longest due first; with `everything`, all of them."""
    rows = session.rows(
        "SELECT * FROM source WHERE active = 1 AND (?1 OR next_at <= ?2)"
        " AND (?3 IS NULL OR outlet IN (SELECT value FROM json_each(?3)))"
        " ORDER BY next_at, id",
        [everything, micros(now), names_column(outlets)],
    )
    return [_work(row) for row in rows]


def write_poll(session: Session, record: PollRecord, stored: PollStored) -> None:
    """Log a poll and set what follows for its source.

    Called in the transaction that stores the last of its URLs: a validator implies
    that every URL of its body is stored, or a crash and a 304 would lose them.
    """
    with session.write() as db:
        _log(session, record, stored)
        db.conn.execute(
            "UPDATE source SET next_at = ?, failures = ?, last_polled = ?,"
            " last_error = ?, why = ? WHERE id = ?",
            [
                micros(record.next_at),
                record.failures,
                micros(record.at),
                printable_or_none(record.error),
                printable_or_none(record.why),
                record.source_id,
            ],
        )
        if record.learnt is not None:
            habits.write(session, record.source_id, record.learnt, record.at)
        if record.outcome in GOOD:
            _mark_good(session, record, stored)


def _log(session: Session, record: PollRecord, stored: PollStored) -> None:
    execute = session.db.conn.execute
    execute(
        "INSERT INTO poll (source_id, at, outcome, status, listed, new, changed, error)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            record.source_id,
            micros(record.at),
            record.outcome,
            record.status,
            stored.listed,
            stored.new,
            stored.changed,
            printable_or_none(record.error),
        ],
    )
    execute(
        "DELETE FROM poll WHERE source_id = ?1 AND id <= (SELECT id FROM poll"
        " WHERE source_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
        [record.source_id, POLLS_KEPT],
    )


def _mark_good(session: Session, record: PollRecord, stored: PollStored) -> None:
    at = micros(record.at)
    session.db.conn.execute(
        "UPDATE source SET last_ok = ?1, first_ok = coalesce(first_ok, ?1),"
        " confirmed_at = ?1, last_new = iif(?2, ?1, last_new) WHERE id = ?3",
        [at, stored.new > 0, record.source_id],
    )
    if record.outcome == "ok":
        session.db.conn.execute(
            "UPDATE source SET etag = ?, last_modified = ?, body_hash = ?,"
            " listed_at = ? WHERE id = ?",
            [
                printable_or_none(record.etag),
                printable_or_none(record.last_modified),
                record.body_hash,
                at,
                record.source_id,
            ],
        )
        return
    # The body is the one we have; the server may have renewed its validators.
    session.db.conn.execute(
        "UPDATE source SET etag = coalesce(?, etag),"
        " last_modified = coalesce(?, last_modified) WHERE id = ?",
        [
            printable_or_none(record.etag),
            printable_or_none(record.last_modified),
            record.source_id,
        ],
    )


def next_due(session: Session, outlets: Collection[str] | None) -> int | None:
    """When the next active source is due, in microseconds."""
    found: int | None = session.value(
        "SELECT min(next_at) FROM source WHERE active = 1"
        " AND (?1 IS NULL OR outlet IN (SELECT value FROM json_each(?1)))",
        [names_column(outlets)],
    )
    return found


def status(session: Session) -> list[SourceStatus]:
    """Every source, by outlet."""
    rows = session.rows("SELECT * FROM source ORDER BY outlet, id")
    return [status_of(row) for row in rows]


def polls(session: Session, source_id: int) -> list[PollRow]:
    """The remembered polls of a source, latest first."""
    rows = session.rows(
        "SELECT * FROM poll WHERE source_id = ? ORDER BY id DESC", [source_id]
    )
    return [
        PollRow(
            at=moment(row["at"]),
            outcome=row["outcome"],
            status=row["status"],
            listed=row["listed"],
            new=row["new"],
            changed=row["changed"],
            error=row["error"],
        )
        for row in rows
    ]


def status_of(row: Row) -> SourceStatus:
    """A source row as a value."""
    return SourceStatus(
        id=row["id"],
        outlet=row["outlet"],
        kind=row["kind"],
        url=row["url"],
        active=bool(row["active"]),
        next_at=moment(row["next_at"]),
        failures=row["failures"],
        last_polled=moment_or_none(row["last_polled"]),
        last_ok=moment_or_none(row["last_ok"]),
        last_new=moment_or_none(row["last_new"]),
        last_error=row["last_error"],
        why=row["why"],
        first_ok=moment_or_none(row["first_ok"]),
    )


def _work(row: Row) -> SourceWork:
    return SourceWork(
        id=row["id"],
        outlet=row["outlet"],
        kind=row["kind"],
        url=row["url"],
        host=row["host"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        body_hash=row["body_hash"],
        failures=row["failures"],
        first=row["first_ok"] is None,
        next_at=moment(row["next_at"]),
        last_ok=moment_or_none(row["last_ok"]),
        listed_at=moment_or_none(row["listed_at"]),
        move=_move(row),
    )


def _move(row: Row) -> Move | None:
    if row["moved_to"] is None:
        return None
    return Move(row["moved_to"], row["moved_polls"], moment(row["moved_since"]))


def note_move(session: Session, source_id: int, move: Move | None) -> None:
    """Remember where a source says it has moved."""
    values: tuple[str | None, int, int | None] = (None, 0, None)
    if move is not None:
        values = (move.to, move.polls, micros(move.since))
    with session.write() as db:
        db.conn.execute(
            "UPDATE source SET moved_to = ?, moved_polls = ?, moved_since = ?"
            " WHERE id = ?",
            [*values, source_id],
        )


def outlet_of(session: Session, source_id: int) -> str:
    """The outlet a source belongs to."""
    row = session.one(
        f"source {source_id}", "SELECT outlet FROM source WHERE id = ?", [source_id]
    )
    outlet: str = row["outlet"]
    return outlet


def hasten_others(session: Session, source_id: int, now: datetime) -> int:
    """Make the other active sources of a source's outlet due; returns how many.

    Those that fail wait on.
    """
    with session.write() as db:
        cursor = db.conn.execute(
            "UPDATE source SET next_at = min(next_at, ?1) WHERE id <> ?2 AND active = 1"
            " AND failures = 0 AND outlet = (SELECT outlet FROM source WHERE id = ?2)",
            [micros(now), source_id],
        )
    return int(cursor.rowcount)
