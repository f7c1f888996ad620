"""Whether this machine is offline, so that no outlet is blamed for it. Pure.

One host whose name does not resolve is its own fault. When several names do not and
nobody answers, it is ours: nothing is counted against the hosts, and everything is
tried again soon. (Refusals and time-outs are no evidence: hosts do that by themselves.)
"""

from __future__ import annotations

#: So many hosts in a row without an answer mean that it is the uplink.
SEVERAL = 3
#: Seconds after which a host is tried again while the uplink seems down.
TRY_AGAIN = 30.0


class Uplink:
    """What the hosts' answers say of our own connection."""

    def __init__(self) -> None:
        self._silent: set[str] = set()

    @property
    def down(self) -> bool:
        """Whether several hosts are silent and none has answered since."""
        return len(self._silent) >= SEVERAL

    def answered(self) -> None:
        """Somebody answered, whatever they said."""
        self._silent.clear()

    def silent(self, host: str) -> None:
        """A host could not be reached at all."""
        self._silent.add(host)
