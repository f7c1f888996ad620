"""What is to be fetched: sources and their polls, URLs, attempts, stored raw pages."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pipelines.candidate import Candidate
from pipelines.fingerprint import url_key
from pipelines.outcome import RETRIED, Outcome
from pipelines.store import habits, listing, sources, withdrawals
from pipelines.store.columns import (
    candidate_of,
    dumped,
    micros,
    micros_or_none,
    moment,
    names_column,
    printable,
    printable_or_none,
)
from pipelines.store.pages import Pages
from pipelines.store.session import Row, Session
from pipelines.store.sources import (
    PollRecord,
    PollRow,
    PollStored,
    SourceSpec,
    SourceStatus,
    SourceWork,
)

#: Unfinished tries from which a page is processed after the others.
SUSPECT = 2

#: Attempts remembered of each URL.
ATTEMPTS_KEPT = 30


@dataclass(frozen=True, slots=True)
class UrlWork:
    """A URL to be fetched, with what its source said of it."""

    id: int
    outlet: str
    url: str
    host: str
    attempts: int
    failures: int
    source_id: int | None
    article_id: int | None
    candidate: Candidate
    discovered_at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that ended without a page to process. `next_at`: tried again then."""

    url_id: int
    at: datetime
    outcome: Outcome
    detail: str | None = None
    status: int | None = None
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as it came. `headers` are of the final answer."""

    url_id: int
    at: datetime
    requested_url: str
    final_url: str
    status: int
    content_type: str | None
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """A stored page to be processed. `tries` counts how often that was begun."""

    page_id: int
    url_id: int
    outlet: str
    url: str
    final_url: str
    status: int
    content_type: str | None
    candidate: Candidate
    tries: int
    failures: int
    fetched_at: datetime
    discovered_at: datetime
    source_id: int | None
    article_id: int | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How many URLs stand where. `due` counts those to be fetched by now."""

    due: int
    later: int
    waiting: int
    done: int


class Frontier:
    """The durable frontier. Due means: `next_at` has come and no page is waiting."""

    def __init__(self, session: Session, pages: Pages) -> None:
        self._session = session
        self._pages = pages

    # Sources

    def sync_sources(self, specs: Iterable[SourceSpec], now: datetime) -> None:
        """Make the active sources those given; see `sources.sync`."""
        sources.sync(self._session, specs, now)

    def due_sources(
        self,
        now: datetime,
        *,
        outlets: Collection[str] | None = None,
        everything: bool = False,
    ) -> list[SourceWork]:
        """Active sources to poll, longest due first; with `everything`, all."""
        return sources.due(self._session, now, outlets, everything)

    def note_move(self, source_id: int, move: sources.Move | None) -> None:
        """Remember where a source says it has moved."""
        sources.note_move(self._session, source_id, move)

    def source_status(self) -> list[SourceStatus]:
        """Every source and how it has been doing."""
        return sources.status(self._session)

    def polls(self, source_id: int) -> list[PollRow]:
        """The remembered polls of a source, latest first."""
        return sources.polls(self._session, source_id)

    def habits(self, source_id: int) -> habits.Habits | None:
        """What the polls of a source have taught; None before the first good one."""
        return habits.read(self._session, source_id)

    def outlet_hours(
        self, since: datetime, *, outlet: str | None = None
    ) -> dict[str, dict[int, float]]:
        """URLs that were new to each outlet, by hours since 1970, from a time on."""
        return habits.outlet_hours(self._session, since, outlet)

    def hasten_others(self, source_id: int, now: datetime) -> int:
        """Make the other sources of a source's outlet due; returns how many."""
        return sources.hasten_others(self._session, source_id, now)

    def record_poll(self, record: PollRecord) -> PollStored:
        """Store a poll: all its URLs, and only with the last of them its validators.

        One transaction; a listing of more than `listing.CHUNK` takes several, so
        that nobody waits long for the write lock.
        """
        first, last = self.split_poll(record)
        stored = PollStored(0, 0, 0, ())
        for entries in first:
            stored += self.record_entries(record, entries)
        return self.finish_poll(record, last, stored)

    def split_poll(
        self, record: PollRecord
    ) -> tuple[list[list[listing.Listed]], list[listing.Listed]]:
        """The entries to be stored before the last transaction, and those in it."""
        parts = list(listing.chunks(record.entries))
        return (parts[:-1], parts[-1]) if parts else ([], [])

    def record_entries(
        self, record: PollRecord, entries: list[listing.Listed]
    ) -> PollStored:
        """Store some of a poll's entries."""
        poll = listing.Poll(
            record.source_id,
            sources.outlet_of(self._session, record.source_id),
            record.at,
            record.revisit_after,
        )
        done = listing.upsert(self._session, poll, entries)
        return PollStored(
            len(done.url_ids), done.new, done.changed, done.url_ids, done.denied
        )

    def finish_poll(
        self, record: PollRecord, entries: list[listing.Listed], before: PollStored
    ) -> PollStored:
        """Store the last entries of a poll, and with them how it went."""
        with self._session.write():
            stored = before + self.record_entries(record, entries)
            sources.write_poll(self._session, record, stored)
            if record.learnt is not None and record.learnt.habitual:
                outlet = sources.outlet_of(self._session, record.source_id)
                count = stored.new - stored.denied
                habits.count_for_outlet(self._session, outlet, record.at, count)
        return stored

    # URLs

    def add_url(self, outlet: str, url: str, host: str, now: datetime) -> int:
        """Make a canonical URL, known or not, due at once; returns its id."""
        at = micros(now)
        with self._session.write() as db:
            db.conn.execute(
                "INSERT INTO url (outlet, key, url, host, state, discovered_at,"
                " last_listed_at, next_at) VALUES (?1, ?2, ?3, ?4, 'due', ?5, ?5, ?5)"
                " ON CONFLICT (outlet, key) DO UPDATE SET next_at = ?5, standing = 0,"
                " state = iif(state = 'waiting', 'waiting', 'due')",
                [outlet, url_key(url), url, host, at],
            )
            found = self._session.value(
                "SELECT id FROM url WHERE outlet = ? AND key = ?",
                [outlet, url_key(url)],
            )
        return int(found)

    def due_hosts(
        self, now: datetime, *, outlets: Collection[str] | None = None
    ) -> list[str]:
        """The hosts that have due URLs, longest due first."""
        rows = self._session.rows(
            "SELECT host FROM url INDEXED BY url_next WHERE next_at <= ?1"
            " AND next_at IS NOT NULL AND state <> 'waiting'"
            " AND (?2 IS NULL OR outlet IN (SELECT value FROM json_each(?2)))"
            " GROUP BY host ORDER BY min(next_at), host",
            [micros(now), names_column(outlets)],
        )
        return [row["host"] for row in rows]

    def due_urls(
        self,
        now: datetime,
        *,
        host: str,
        limit: int,
        outlets: Collection[str] | None = None,
    ) -> list[UrlWork]:
        """A host's due URLs, longest due first, then in listing order."""
        rows = self._session.rows(
            "SELECT * FROM url INDEXED BY url_due WHERE host = ?1 AND next_at <= ?2"
            " AND next_at IS NOT NULL AND state <> 'waiting'"
            " AND (?3 IS NULL OR outlet IN (SELECT value FROM json_each(?3)))"
            " ORDER BY next_at, id LIMIT ?4",
            [host, micros(now), names_column(outlets), limit],
        )
        return [_url_work(row) for row in rows]

    def next_due(
        self, now: datetime, *, outlets: Collection[str] | None = None
    ) -> datetime | None:
        """When the next source or URL is due; not before `now`; None: nothing is."""
        url = self._session.value(
            "SELECT min(next_at) FROM url WHERE next_at IS NOT NULL"
            " AND state <> 'waiting'"
            " AND (?1 IS NULL OR outlet IN (SELECT value FROM json_each(?1)))",
            [names_column(outlets)],
        )
        source = sources.next_due(self._session, outlets)
        times = [at for at in (url, source) if at is not None]
        return max(now, moment(min(times))) if times else None

    def record_attempt(self, attempt: Attempt) -> None:
        """End an attempt that brought no page: done, or due again at `next_at`.

        A visit asked for while it ran is kept, unless it comes later anyway. A page
        that is gone for good withdraws its article.
        """
        with self._session.write() as db:
            log_attempt(self._session, attempt)
            db.conn.execute(
                "UPDATE url SET state = iif(?1 IS NULL, 'done', 'due'), next_at = ?1,"
                " outcome = ?2, detail = ?3, attempts = attempts + 1,"
                " failures = iif(?4, failures + 1, 0), processed_at = ?5"
                " WHERE id = ?6",
                [
                    micros_or_none(attempt.next_at),
                    attempt.outcome,
                    printable_or_none(attempt.detail),
                    attempt.outcome in RETRIED,
                    micros(attempt.at),
                    attempt.url_id,
                ],
            )
            if attempt.outcome is Outcome.GONE:
                withdrawals.note_gone(self._session, attempt.url_id, attempt.at)

    # Raw pages

    def record_page(self, url_id: int, fetched: Fetched) -> int | None:
        """Keep a raw page; its URL waits until it is processed. Returns the page's id.

        The body is durable before anything refers to it. Nothing is kept of a URL that
        was taken out while it was fetched.
        """
        with self._session.write() as db:
            if was_taken_out(self._session, url_id):
                return None
            kept = self._pages.put(fetched.body, fetched.at)
            cursor = db.conn.execute(
                "INSERT INTO page (url_id, at, requested_url, final_url, status,"
                " content_type, headers, file, body_key, size)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    url_id,
                    micros(fetched.at),
                    printable(fetched.requested_url),
                    printable(fetched.final_url),
                    fetched.status,
                    printable_or_none(fetched.content_type),
                    dumped(dict(fetched.headers)),
                    kept.file,
                    kept.key,
                    kept.size,
                ],
            )
            db.conn.execute(
                "UPDATE url SET state = 'waiting', page_id = ?, fetched_at = ?,"
                " next_at = NULL WHERE id = ?",
                [cursor.lastrowid, micros(fetched.at), url_id],
            )
        return cursor.lastrowid

    def waiting_pages(self, limit: int, *, after: int = 0) -> list[WaitingPage]:
        """Pages to be processed, oldest first, with ids above `after`.

        Those that were begun SUSPECT times or more and never finished come last: a
        page that ends the program must not keep the others from their turn.
        """
        pages = self._waiting(limit, after, suspect=False)
        if len(pages) < limit:
            pages += self._waiting(limit - len(pages), after, suspect=True)
        return pages

    def _waiting(self, limit: int, after: int, *, suspect: bool) -> list[WaitingPage]:
        rows = self._session.rows(
            "SELECT page.id AS page_id, page.url_id, url.outlet, url.url, final_url,"
            " status, content_type, hints, tries, failures, page.at, discovered_at,"
            " source_id, article_id FROM url JOIN page ON page.id = url.page_id"
            " WHERE url.state = 'waiting' AND url.page_id > ? AND (tries >= ?) = ?"
            " ORDER BY url.page_id LIMIT ?",
            [after, SUSPECT, suspect, limit],
        )
        return [_waiting_page(row) for row in rows]

    def page_body(self, page_id: int) -> bytes:
        """The raw page; PageMissing when it is no longer kept."""
        row = self._session.one(
            f"page {page_id}", "SELECT file, body_key FROM page WHERE id = ?", [page_id]
        )
        return self._pages.get(row["file"], row["body_key"])

    def page_headers(self, page_id: int) -> dict[str, str]:
        """The headers a page came with."""
        row = self._session.one(
            f"page {page_id}", "SELECT headers FROM page WHERE id = ?", [page_id]
        )
        headers: dict[str, str] = json.loads(row["headers"])
        return headers

    def files_in_use(self) -> frozenset[str]:
        """The page files that hold waiting pages."""
        rows = self._session.rows(
            "SELECT DISTINCT file FROM url JOIN page ON page.id = url.page_id"
            " WHERE url.state = 'waiting'"
        )
        return frozenset(row["file"] for row in rows)

    def fetch_again(self, url_id: int, now: datetime) -> None:
        """Give up a stored page, as when its body is gone; its URL is due at once."""
        with self._session.write() as db:
            db.conn.execute(
                "UPDATE url SET state = 'due', next_at = ?, page_id = NULL"
                " WHERE id = ?",
                [micros(now), url_id],
            )

    def count_try(self, page_id: int) -> int:
        """Count that processing a page is begun; returns the tries so far.

        Durable before the page is touched, so that a page which takes the process
        down with it is recognised afterwards.
        """
        with self._session.write() as db:
            db.conn.execute("UPDATE page SET tries = tries + 1 WHERE id = ?", [page_id])
            tries = self._session.value(
                "SELECT tries FROM page WHERE id = ?", [page_id]
            )
        return int(tries)

    # Counts

    def progress(self, now: datetime) -> Progress:
        """How many URLs are due, due later, waiting and done."""
        with self._session.snapshot():
            due, later = self._session.one(
                "count",
                "SELECT count(*) FILTER (WHERE next_at <= ?1),"
                " count(*) FILTER (WHERE next_at > ?1) FROM url"
                " WHERE next_at IS NOT NULL AND state <> 'waiting'",
                [micros(now)],
            )
            waiting = self._session.value(
                "SELECT count(*) FROM url WHERE state = 'waiting'"
            )
            total = self._session.value("SELECT count(*) FROM url")
        return Progress(due, later, waiting, total - due - later - waiting)

    def outcomes(self, *, outlet: str | None = None) -> dict[Outcome, int]:
        """How many URLs show which outcome."""
        rows = self._session.rows(
            "SELECT outcome, count(*) AS n FROM url WHERE outcome IS NOT NULL"
            " AND (?1 IS NULL OR outlet = ?1) GROUP BY outcome",
            [outlet],
        )
        return {Outcome(row["outcome"]): row["n"] for row in rows}


def was_taken_out(session: Session, url_id: int) -> bool:
    """Whether a URL is forgotten: nothing that comes of it is kept."""
    query = "SELECT forgotten_at FROM url WHERE id = ?"
    return session.value(query, [url_id]) is not None


def log_attempt(session: Session, attempt: Attempt) -> None:
    """Add to a URL's remembered attempts, in the caller's transaction."""
    execute = session.db.conn.execute
    execute(
        "INSERT INTO attempt (url_id, at, outcome, detail, status)"
        " VALUES (?, ?, ?, ?, ?)",
        [
            attempt.url_id,
            micros(attempt.at),
            attempt.outcome,
            printable_or_none(attempt.detail),
            attempt.status,
        ],
    )
    execute(
        "DELETE FROM attempt WHERE url_id = ?1 AND id <= (SELECT id FROM attempt"
        " WHERE url_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
        [attempt.url_id, ATTEMPTS_KEPT],
    )


def _url_work(row: Row) -> UrlWork:
    return UrlWork(
        id=row["id"],
        outlet=row["outlet"],
        url=row["url"],
        host=row["host"],
        attempts=row["attempts"],
        failures=row["failures"],
        source_id=row["source_id"],
        article_id=row["article_id"],
        candidate=candidate_of(row["url"], row["hints"]),
        discovered_at=moment(row["discovered_at"]),
    )


def _waiting_page(row: Row) -> WaitingPage:
    return WaitingPage(
        page_id=row["page_id"],
        url_id=row["url_id"],
        outlet=row["outlet"],
        url=row["url"],
        final_url=row["final_url"],
        status=row["status"],
        content_type=row["content_type"],
        candidate=candidate_of(row["url"], row["hints"]),
        tries=row["tries"],
        failures=row["failures"],
        fetched_at=moment(row["at"]),
        discovered_at=moment(row["discovered_at"]),
        source_id=row["source_id"],
        article_id=row["article_id"],
    )
