"""Whether this machine is offline, so that no outlet is blamed for it. Pure.

One host that cannot be reached is its own fault. When nearly all of many cannot, it
is ours: nothing is counted against them, and everything is tried again soon. With
few hosts only names that do not resolve are evidence, and only while nobody answers:
refusals and time-outs are what hosts do by themselves. With one or two hosts nothing
can be told, and their failures are counted as theirs (gently: DNS weighs least).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

#: How long an answer, or the lack of one, says something of the connection.
WINDOW: Final = timedelta(minutes=2)
#: From so many hosts on, the share of them counts that was not reached.
MANY: Final = 20
SHARE: Final = 0.8
#: With fewer, so many names in a row that do not resolve.
SEVERAL: Final = 3
#: Seconds after which the first hosts are tried again while the uplink seems down, and
#: within which all others follow.
TRY_AGAIN: Final = 30.0
#: Once the uplink is back, hosts are asked again one a second, all within this many.
SPREAD: Final = 300.0


@dataclass(frozen=True, slots=True)
class _Last:
    at: datetime
    silent: bool
    unresolved: bool


class Uplink:
    """What the hosts' latest answers say of our own connection."""

    def __init__(self) -> None:
        self._last: dict[str, _Last] = {}
        self._down = False

    @property
    def down(self) -> bool:
        """Whether it seems to be us who cannot be reached."""
        return self._down

    def answered(self, host: str, now: datetime) -> bool:
        """Somebody answered, whatever was said; True if that ends an outage."""
        was_down = self._down
        self._see(host, _Last(now, silent=False, unresolved=False))
        return was_down and not self._down

    def silent(self, host: str, now: datetime, *, unresolved: bool = True) -> None:
        """A host was not reached: its name did not resolve, or nothing connected."""
        self._see(host, _Last(now, silent=True, unresolved=unresolved))

    def _see(self, host: str, last: _Last) -> None:
        self._last[host] = last
        fresh = {
            h: seen for h, seen in self._last.items() if last.at - seen.at <= WINDOW
        }
        self._last = fresh
        silent = sum(seen.silent for seen in fresh.values())
        if len(fresh) >= MANY:
            self._down = silent > SHARE * len(fresh)
        else:
            self._down = self._names_are_gone(fresh)

    @staticmethod
    def _names_are_gone(fresh: dict[str, _Last]) -> bool:
        answers = [seen.at for seen in fresh.values() if not seen.silent]
        lost = [
            seen
            for seen in fresh.values()
            if seen.unresolved and all(seen.at > at for at in answers)
        ]
        return len(lost) >= SEVERAL


def try_again(host: str) -> float:
    """In how many seconds a host is tried again during an outage.

    Always the same for one name, so that not all that failed at one moment are asked at
    one moment, which may be the one at which the uplink comes back.
    """
    name = host.partition(":")[0]
    return TRY_AGAIN * (1 + zlib.crc32(name.encode()) / 2**32)


def spread(hosts: int) -> float:
    """Over how many seconds so many hosts are asked again after an outage."""
    return min(SPREAD, float(hosts))
