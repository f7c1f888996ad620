"""What was asked of the outlets' hosts, from the ledger of requests. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines.store.requests import RequestLine, RequestSum
from service.telling import iso


@dataclass(frozen=True, slots=True)
class HostDay:
    """What one host was asked on one day (UTC), by purpose."""

    day: date
    host: str
    requests: Counter[str]
    bytes: int

    @property
    def total(self) -> int:
        """All requests, whatever for."""
        return self.requests.total()


def by_day(sums: Iterable[RequestSum]) -> list[HostDay]:
    """The sums of a day and host together, in the order they come."""
    days: dict[tuple[date, str], HostDay] = {}
    for one in sums:
        found = days.get((one.day, one.host))
        if found is None:
            found = HostDay(one.day, one.host, Counter(), 0)
        found.requests[one.purpose] += one.requests
        days[one.day, one.host] = HostDay(
            one.day, one.host, found.requests, found.bytes + one.bytes
        )
    return list(days.values())


def per_day(days: Sequence[HostDay]) -> dict[str, float]:
    """Requests a day by host, over the whole days that the ledger has of it.

    The latest day counts only where there is no other: it is not over yet.
    """
    hosts: dict[str, list[HostDay]] = {}
    for one in days:
        hosts.setdefault(one.host, []).append(one)
    latest = max((one.day for one in days), default=None)
    return {
        host: _mean([d for d in found if d.day != latest] or found)
        for host, found in hosts.items()
    }


def _mean(days: Sequence[HostDay]) -> float:
    return sum(day.total for day in days) / len(days)


def day_json(day: HostDay) -> dict[str, Any]:
    """A day of a host for programs."""
    return {
        "day": day.day.isoformat(),
        "host": day.host,
        "requests": day.total,
        "bytes": day.bytes,
        "purposes": dict(sorted(day.requests.items())),
    }


def line_json(line: RequestLine) -> dict[str, Any]:
    """A request for programs."""
    return {
        "at": iso(line.at),
        "host": line.host,
        "purpose": line.purpose,
        "url": line.url,
        "status": line.status,
        "bytes": line.bytes,
        "outlet": line.outlet,
    }
