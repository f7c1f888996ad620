"""When a host that fails is left alone, and for how long. Pure.

Closed: requests go out, and failures are counted. Open: no request for a time that
doubles each time. Half open: when that time is over, the next request is the probe;
one in flight a host makes it the only one. If it fails, the breaker opens again at
once, for longer; if it is answered, all is forgotten. No host is given up for good.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

#: Failures in a row after which a host is left alone, and the share of the latest
#: answers that has to have failed otherwise.
IN_A_ROW: Final = 5
LATEST: Final = 20
SHARE: Final = 0.5
#: Over how many seconds failures have to stretch: a handful of broken pages in a
#: moment is no host that is down.
OVER: Final = 60.0
#: Seconds: the first hold, the longest, and the longest for a host that has been
#: failing for `LONG` seconds.
FIRST: Final = 5 * 60.0
MOST: Final = 6 * 3600.0
MOST_AFTER_LONG: Final = 24 * 3600.0
LONG: Final = 30 * 86400.0
#: Holds vary by this share, so that hosts which failed together part again.
JITTER: Final = 0.2


@dataclass(frozen=True, slots=True)
class Breaker:
    """How a host has been answering. Times are seconds of any steady clock.

    `latest` holds when the last answers were, True beside the failures. `row` counts
    the failures in a row, the first of them at `since`; `opened` how often in a row
    they opened the breaker.
    """

    latest: tuple[tuple[float, bool], ...] = ()
    row: int = 0
    opened: int = 0
    since: float | None = None


def answered(breaker: Breaker, now: float) -> Breaker:
    """The host gave an answer that is not its failure."""
    if breaker.opened:  # this was the probe
        return Breaker()
    return Breaker((*breaker.latest, (now, False))[-LATEST:])


def failed(breaker: Breaker, now: float, jitter: float) -> tuple[Breaker, float]:
    """The host failed; with the seconds to leave it alone from now on, 0 for none.

    `jitter` is in [-1, 1].
    """
    since = now if breaker.since is None else breaker.since
    latest = (*breaker.latest, (now, True))[-LATEST:]
    counted = replace(breaker, latest=latest, row=breaker.row + 1, since=since)
    if not _opens(counted, now, since):
        return counted, 0.0
    held = hold(counted.opened, now - since) * (1 + jitter * JITTER)
    return replace(counted, latest=(), opened=counted.opened + 1), held


def hold(opened: int, failing_for: float) -> float:
    """Seconds of the next hold, after `opened` in a row, without jitter."""
    most = MOST if failing_for < LONG else MOST_AFTER_LONG
    return min(most, FIRST * float(2 ** min(opened, 20)))


def _opens(breaker: Breaker, now: float, since: float) -> bool:
    if breaker.opened:  # this was the probe
        return True
    if breaker.row >= IN_A_ROW and now - since >= OVER:
        return True
    failures = [at for at, failure in breaker.latest if failure]
    often = len(breaker.latest) == LATEST and len(failures) >= SHARE * LATEST
    return often and now - failures[0] >= OVER
