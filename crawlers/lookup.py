"""Host names to addresses, each look-up in a thread of its own and within a deadline.

Twisted's resolver shares ten threads: thirty names whose servers do not answer keep
every other outlet waiting for twenty seconds (measured). Here a name that hangs costs
its own host, and only that. What is asked again soon is remembered. It judges no
address: the guard (guard.py) stands in front of it.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver
from zope.interface import implementer

#: A name that takes longer has no address for us (seconds).
DEADLINE: Final = 5.0
#: Seconds for which answers are believed. The C library tells no lifetimes; a host
#: that moves is found again after this long.
KEPT: Final = 60.0
#: The same for names that do not resolve.
KEPT_FAILURE: Final = 15.0
#: Look-ups that may hang at a time. A thread that waits costs a few pages of memory.
MOST_RUNNING: Final = 256
#: Names remembered; beyond it the oldest is forgotten.
MOST_KEPT: Final = 4096

HANGS: Final = f"its name server did not answer within {DEADLINE:g} s"
CROWDED: Final = "too many look-ups of names hang"

#: A row of getaddrinfo: family, type, protocol, name, socket address.
Row = tuple[Any, ...]


@dataclass(slots=True)
class _Known:
    rows: Sequence[Row]
    until: float
    reason: str | None = None


@dataclass(slots=True)
class _Running:
    """A look-up under way, and who waits for it. `late` once its deadline passed."""

    waiting: list[Callable[[Sequence[Row]], None]] = field(default_factory=list)
    timer: Any = None
    late: bool = False


@implementer(IHostnameResolver)
class Lookups:
    """A name resolver for Twisted's reactor, over the C library's getaddrinfo."""

    def __init__(
        self,
        reactor: Any,
        getaddrinfo: Callable[..., Sequence[Row]] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._reactor = reactor
        self._ask = getaddrinfo
        self._clock = clock
        self._known: dict[str, _Known] = {}
        self._running: dict[str, _Running] = {}

    def resolveHostName(  # noqa: N802 - Twisted's interface
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[Any] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        resolutionReceiver.resolutionBegan(self)

        def tell(rows: Sequence[Row]) -> None:
            for row in rows:
                address = _address(row, portNumber)
                if addressTypes is None or isinstance(address, tuple(addressTypes)):
                    resolutionReceiver.addressResolved(address)
            resolutionReceiver.resolutionComplete()

        self._resolve(hostName.lower(), tell)
        return self

    def cancel(self) -> None:
        """Does nothing: a look-up cannot be called back (IHostResolution)."""

    def reason(self, name: str) -> str | None:
        """Why a name has no address, if it is more than that there is none."""
        known = self._known.get(name.lower())
        return known.reason if known is not None else None

    def _resolve(self, name: str, tell: Callable[[Sequence[Row]], None]) -> None:
        literal = numeric(name)
        if literal is not None:
            tell(literal)
            return
        known = self._known.get(name)
        if known is not None and known.until > self._clock():
            tell(known.rows)
            return
        running = self._running.get(name)
        if running is not None and running.late:
            tell(())  # one thread a name is enough to find out that it hangs
        elif running is not None:
            running.waiting.append(tell)
        elif len(self._running) >= MOST_RUNNING:
            self._keep(name, (), CROWDED)
            tell(())
        else:
            self._start(name, tell)

    def _start(self, name: str, tell: Callable[[Sequence[Row]], None]) -> None:
        running = self._running[name] = _Running([tell])
        running.timer = self._reactor.callLater(DEADLINE, self._too_late, name)
        threading.Thread(
            target=self._look_up, args=(name,), name=f"look-up {name}", daemon=True
        ).start()

    def _look_up(self, name: str) -> None:
        """In the thread."""
        ask = self._ask or socket.getaddrinfo
        try:
            rows = ask(name, 0, socket.AF_UNSPEC, socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            rows = ()
        self._reactor.callFromThread(self._ended, name, rows)

    def _ended(self, name: str, rows: Sequence[Row]) -> None:
        running = self._running.pop(name)
        self._keep(name, rows, None)
        if not running.late:
            running.timer.cancel()
            self._tell(running, rows)

    def _too_late(self, name: str) -> None:
        running = self._running[name]
        running.late = True
        self._keep(name, (), HANGS)
        self._tell(running, ())

    def _tell(self, running: _Running, rows: Sequence[Row]) -> None:
        waiting, running.waiting = running.waiting, []
        for tell in waiting:
            tell(rows)

    def _keep(self, name: str, rows: Sequence[Row], reason: str | None) -> None:
        self._known.pop(name, None)
        if len(self._known) >= MOST_KEPT:
            del self._known[next(iter(self._known))]
        until = self._clock() + (KEPT if rows else KEPT_FAILURE)
        self._known[name] = _Known(rows, until, reason)


def numeric(name: str) -> Sequence[Row] | None:
    """The address that a name spells in digits, in any way that C knows; else None.

    `127.1`, `0x7f000001` and `017700000001` are addresses to `connect`, and so to us.
    No name server is asked.
    """
    try:
        flags = socket.AI_NUMERICHOST
        return socket.getaddrinfo(name, 0, type=socket.SOCK_STREAM, flags=flags)
    except (OSError, UnicodeError):
        return None


def _address(row: Row, port: int) -> IPv4Address | IPv6Address:
    family, _, _, _, (host, _, *rest) = row
    if family == socket.AF_INET6:
        return IPv6Address("TCP", host, port, *rest)
    return IPv4Address("TCP", host, port)
