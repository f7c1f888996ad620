"""Faults to order: which request meets which fault.

A `Fault` waits for requests to an outlet whose target matches a pattern, and strikes
`count` times, or for ever. What it then does is in `distortions` (another response)
or `garbling` (other bytes on the wire).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

ANY_OUTLET = "*"


@dataclass(slots=True)
class Fault:
    """One order. `left` counts down; None strikes for ever."""

    outlet: str
    pattern: re.Pattern[str]
    kind: str
    left: int | None = None
    args: dict[str, Any] = field(default_factory=dict)

    def strikes(self, outlet: str, target: str) -> bool:
        """Whether this request is to be met by the fault."""
        if self.left == 0 or self.outlet not in {ANY_OUTLET, outlet}:
            return False
        return self.pattern.search(target) is not None


def order(said: dict[str, Any]) -> Fault:
    """A fault from the control port's JSON. ValueError says what is wrong with it."""
    missing = {"kind"} - said.keys()
    unknown = said.keys() - {"outlet", "path", "kind", "count", "args"}
    if missing or unknown:
        raise ValueError(f"missing keys {missing or '{}'}, unknown {unknown or '{}'}")
    try:
        pattern = re.compile(said.get("path", ""))
    except re.error as error:
        raise ValueError(f"path is no pattern: {error}") from error
    return Fault(
        outlet=said.get("outlet", ANY_OUTLET),
        pattern=pattern,
        kind=said["kind"],
        left=said.get("count"),
        args=said.get("args") or {},
    )


class Faults:
    """The faults that are ordered, oldest first; the first that matches strikes."""

    def __init__(self) -> None:
        self._ordered: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Order a fault."""
        self._ordered.append(fault)

    def clear(self) -> None:
        """Order nothing any more."""
        self._ordered.clear()

    def take(self, outlet: str, target: str) -> Fault | None:
        """The fault that this request meets, counted down; None for none."""
        for fault in self._ordered:
            if fault.strikes(outlet, target):
                if fault.left is not None:
                    fault.left -= 1
                return fault
        return None
