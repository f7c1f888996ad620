"""What was asked and is not yet written down. No SQL, no clock.

Requests are noted here as they end, and go into the database with the next thing
that is written anyway, so that the ledger costs no sync of its own. What a crash
takes are the requests since the last commit of their host: one, as a rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from pipelines.store.requests import RequestLine


class Errand(StrEnum):
    """What a request is for, as the ledger tells it."""

    ROBOTS = "robots"
    FEED = "feed"
    SITEMAP = "sitemap"
    SECTION = "section"
    ARTICLE = "article"
    REVISIT = "revisit"
    RESERVATION = "reservation"  # /.well-known/tdmrep.json
    REDIRECT = "redirect"  # where another request was sent on to
    TRY = "try"  # dry runs of the operator: `try`, `capture`
    ADD = "add"  # looking for the sources of an outlet: `outlets add`


@dataclass(slots=True)
class Meter:
    """What one request became on the wire.

    `sent` counts how often it was written to a connection (0: none stood).
    `received` is in bytes. `first_byte` and `began` are monotonic seconds.
    """

    host: str
    url: str
    errand: Errand
    outlet: str | None
    at: datetime
    began: float = 0.0
    sent: int = 0
    received: int = 0
    reused: bool = False  # went over a connection that was kept from before
    first_byte: float | None = None
    status: int | None = None

    @property
    def latency(self) -> float | None:
        """Seconds until the first byte of the answer."""
        return None if self.first_byte is None else self.first_byte - self.began

    @property
    def lost_on_the_way(self) -> bool:
        """Whether the kept connection turned out to be closed: nobody read it."""
        return self.reused and self.received == 0

    def line(self) -> RequestLine:
        """The line of the ledger."""
        return RequestLine(
            self.at,
            self.host,
            self.errand,
            self.url,
            self.status,
            self.received,
            self.outlet,
        )


@dataclass(slots=True)
class Ledger:
    """The lines that wait to be written."""

    _waiting: list[RequestLine] = field(default_factory=list)
    _writing: list[RequestLine] = field(default_factory=list)

    def note(self, meter: Meter) -> None:
        """Notes a request that has ended, if it was ever sent."""
        if meter.sent:
            self._waiting.append(meter.line())

    def take(self) -> tuple[RequestLine, ...]:
        """The lines, to be written now; `written` or `put_back` has to follow."""
        taken = tuple(self._waiting)
        self._writing.extend(taken)
        self._waiting.clear()
        return taken

    def written(self, lines: tuple[RequestLine, ...]) -> None:
        """They are in the database."""
        for line in lines:
            self._writing.remove(line)

    def put_back(self, lines: tuple[RequestLine, ...]) -> None:
        """They could not be written; they wait for the next time."""
        self.written(lines)
        self._waiting[:0] = lines

    def unwritten(self, host: str, day: date) -> int:
        """How many requests of a day to a host are not in the database yet."""
        lines = (*self._waiting, *self._writing)
        return sum(line.host == host and line.at.date() == day for line in lines)
