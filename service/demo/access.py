"""The access log of the demo's servers: what was asked, and how many at a time."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from service.demo.web import Request

#: Request headers that tests ask about.
_NOTED = (
    "host",
    "user-agent",
    "accept-encoding",
    "authorization",
    "proxy-authorization",
    "cookie",
    "if-modified-since",
    "if-none-match",
    "referer",
)


@dataclass(slots=True)
class Entry:
    """One request. Times are seconds of the system clock and of a steady one.

    `concurrent` counts the requests of this port in flight when it arrived, itself
    included; `status` stays None if no status line was ever sent. `sent` counts the
    bytes of the answer, status line and headers included.
    """

    outlet: str
    method: str
    target: str
    at: float
    steady: float
    concurrent: int
    headers: dict[str, str]
    status: int | None = None
    fault: str | None = None
    sent: int = 0
    seconds: float | None = None


@dataclass(slots=True)
class AccessLog:
    """Entries in order of arrival, and connections counted by outlet."""

    entries: list[Entry] = field(default_factory=list)
    connections: Counter[str] = field(default_factory=Counter)
    _in_flight: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def request(self, outlet: str, request: Request) -> Iterator[Entry]:
        """An entry for as long as its request is in flight."""
        self._in_flight[outlet] += 1
        entry = Entry(
            outlet=outlet,
            method=request.method,
            target=request.target,
            at=time.time(),
            steady=time.monotonic(),
            concurrent=self._in_flight[outlet],
            headers={k: request.headers[k] for k in _NOTED if k in request.headers},
        )
        self.entries.append(entry)
        try:
            yield entry
        finally:
            self._in_flight[outlet] -= 1
            entry.seconds = time.monotonic() - entry.steady

    def clear(self) -> None:
        """Forget what was asked; what is in flight still counts."""
        self.entries.clear()
        self.connections.clear()

    def as_json(self) -> dict[str, Any]:
        """Everything, for the control port."""
        return {
            "requests": [asdict(entry) for entry in self.entries],
            "connections": dict(self.connections),
        }
