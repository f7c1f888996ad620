"""How often one client may ask: a bucket of tokens each, that refills. Pure."""

from __future__ import annotations

import math
from collections import OrderedDict

#: Clients remembered; the one not heard of for longest goes first.
MOST_CLIENTS = 4096
#: So many seconds' worth may come at once.
BURST = 2.0


class Buckets:
    """The requests that each client has left; times are seconds of one clock."""

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str, now: float, cost: float = 1.0) -> int:
        """0 if the client may ask; else the whole seconds until it may."""
        most = self.rate * BURST
        left, since = self._left.pop(client, (most, now))
        left = min(most, left + max(0.0, now - since) * self.rate)
        allowed = left >= min(cost, 1.0)
        self._left[client] = (left - cost if allowed else left, now)
        if len(self._left) > MOST_CLIENTS:
            self._left.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1.0 - left) / self.rate))
