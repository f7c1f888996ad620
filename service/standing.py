"""How everything stands: the process, the outlets, the queue, the database.

`gather` reads one state of the database; the rest is pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from pipelines.store import Alert, HostRow, Store, lock
from pipelines.store.deliveries import Stats
from pipelines.store.lock import Holder
from pipelines.store.overview import OutletCounts
from pipelines.store.sources import SourceStatus
from service.queue_json import stats_json
from service.telling import iso

#: The service beats every ten seconds; without a beat for so long it hangs.
SILENCE: Final = timedelta(minutes=2)

#: What counts as lately.
RECENT: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class OutletStanding:
    """One outlet: its sources in the config, and what they brought."""

    key: str
    sources: tuple[SourceStatus, ...]
    counts: OutletCounts

    @property
    def last_ok(self) -> datetime | None:
        """The latest good poll of any of its sources."""
        return max((s.last_ok for s in self.sources if s.last_ok), default=None)

    @property
    def next_poll(self) -> datetime | None:
        """The earliest poll to come."""
        return min((source.next_at for source in self.sources), default=None)

    @property
    def why(self) -> str | None:
        """Why the earliest poll to come is when it is, in words."""
        first = min(self.sources, key=lambda source: source.next_at, default=None)
        return None if first is None else first.why

    @property
    def failing(self) -> tuple[SourceStatus, ...]:
        """The sources whose latest poll failed."""
        return tuple(s for s in self.sources if s.last_error is not None)


@dataclass(frozen=True, slots=True)
class Pulse:
    """Whether the process that fetches lives; see `Standing`."""

    now: datetime
    holder: Holder | None
    heartbeat: datetime | None

    @property
    def hangs(self) -> bool:
        """Whether the process that fetches has beaten before, and stopped to."""
        if self.holder is None or self.heartbeat is None:
            return False
        # `once` holds the lock as well, but never beats: an older beat is not its.
        beats = self.heartbeat >= self.holder.since
        return beats and self.now - self.heartbeat > SILENCE


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that `status` shows, as of `now`.

    `holder` is the process that fetches; `heartbeat` when the service last beat.
    Sizes are bytes.
    """

    now: datetime
    holder: Holder | None
    heartbeat: datetime | None
    outlets: tuple[OutletStanding, ...]
    queue: tuple[Stats, ...]
    alerts: Sequence[Alert]
    held: tuple[HostRow, ...]
    database: Path
    database_size: int
    pages_size: int

    @property
    def hangs(self) -> bool:
        """Whether the process that fetches has beaten before, and stopped to."""
        return Pulse(self.now, self.holder, self.heartbeat).hangs

    @property
    def ok(self) -> bool:
        """Whether nothing wants attention."""
        return not self.alerts and not self.hangs


def pulse(store: Store, now: datetime) -> Pulse:
    """Whether the process that fetches into a database lives."""
    beat = store.meta.get("heartbeat")
    heartbeat = None if beat is None else datetime.fromisoformat(beat)
    return Pulse(now, lock.holder(store.path), heartbeat)


def gather(store: Store, now: datetime) -> Standing:
    """How things stand in a database."""
    with store.snapshot():
        felt = pulse(store, now)
        return Standing(
            now=now,
            holder=felt.holder,
            heartbeat=felt.heartbeat,
            outlets=by_outlet(
                store.frontier.source_status(),
                store.overview.outlets(now, now - RECENT),
            ),
            queue=tuple(store.queue.stats(now)),
            alerts=store.alerts.list(),
            held=tuple(store.hosts.held(now)),
            database=store.path,
            database_size=_bytes(_with_log(store.path)),
            pages_size=sum(_bytes(_with_log(file)) for file in store.pages.files()),
        )


def by_outlet(
    sources: Iterable[SourceStatus], counts: Iterable[OutletCounts]
) -> tuple[OutletStanding, ...]:
    """The outlets, by key; those that left the config keep what they brought."""
    known = {one.outlet: one for one in counts}
    active: dict[str, list[SourceStatus]] = {key: [] for key in known}
    for source in sources:
        if source.active:
            active.setdefault(source.outlet, []).append(source)
    return tuple(
        OutletStanding(key, tuple(active[key]), known.get(key) or _nothing(key))
        for key in sorted(active)
    )


def _nothing(key: str) -> OutletCounts:
    return OutletCounts(key, 0, 0, 0, 0, 0, 0, None)


def _with_log(file: Path) -> tuple[Path, Path]:
    return file, file.with_name(f"{file.name}-wal")


def _bytes(files: Iterable[Path]) -> int:
    return sum(file.stat().st_size for file in files if file.exists())


def as_json(standing: Standing) -> dict[str, Any]:
    """The standing for programs."""
    return {
        "ok": standing.ok,
        "now": iso(standing.now),
        "running": standing.holder is not None,
        "hangs": standing.hangs,
        "process": _process(standing.holder),
        "heartbeat": iso(standing.heartbeat),
        "outlets": [_outlet(outlet) for outlet in standing.outlets],
        "queue": [stats_json(stats, standing.now) for stats in standing.queue],
        "alerts": [alert_json(alert) for alert in standing.alerts],
        "held": [_held(host) for host in standing.held],
        "database": {
            "file": str(standing.database),
            "bytes": standing.database_size,
            "pages_bytes": standing.pages_size,
        },
    }


def alert_json(alert: Alert) -> dict[str, Any]:
    """An alert for programs; `closed` is null while it is open."""
    return {
        "key": alert.key,
        "text": alert.text,
        "evidence": alert.evidence,
        "command": alert.command,
        "since": iso(alert.opened_at),
        "last_seen": iso(alert.last_seen),
        "closed": iso(alert.closed_at),
    }


def _process(holder: Holder | None) -> dict[str, Any] | None:
    if holder is None:
        return None
    return {"pid": holder.pid, "command": holder.command, "since": iso(holder.since)}


def _outlet(outlet: OutletStanding) -> dict[str, Any]:
    counts = outlet.counts
    return {
        "outlet": outlet.key,
        "active": bool(outlet.sources),
        "last_ok": iso(outlet.last_ok),
        "next_poll": iso(outlet.next_poll),
        "why": outlet.why,
        "last_article": iso(counts.last_article),
        "articles": counts.articles,
        "articles_24h": counts.recent,
        "urls": {
            "due": counts.due,
            "later": counts.later,
            "waiting": counts.waiting,
            "done": counts.done,
        },
        "failing": len(outlet.failing),
        "sources": [source_json(source) for source in outlet.sources],
    }


def source_json(source: SourceStatus) -> dict[str, Any]:
    """A source for programs; `error` is null unless its latest poll failed.

    `why` says why the next poll is when it is; null before the first one.
    """
    return {
        "kind": source.kind,
        "url": source.url,
        "last_polled": iso(source.last_polled),
        "last_ok": iso(source.last_ok),
        "last_new": iso(source.last_new),
        "next_poll": iso(source.next_at),
        "why": source.why,
        "failures": source.failures,
        "error": source.last_error,
    }


def _held(host: HostRow) -> dict[str, Any]:
    return {"host": host.host, "until": iso(host.next_at), "reason": host.reason}
