"""When a source that redirects for good is asked at its new address. Pure.

A 301 or 308 is often a mistake of an afternoon, or a consent page. So the new address
is adopted only after it has stood over several good polls and a day. The config keeps
the last word: its address is asked again as soon as the new one is no good.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from pipelines.outcome import Outcome
from pipelines.store.sources import Move

#: Good polls in a row that have to lead to one address, and how long at least.
STABLE_POLLS: Final = 3
STABLE_FOR: Final = timedelta(hours=24)
#: How a poll of an adopted address ends that is no good any more.
_LOST: Final = frozenset({Outcome.GONE, Outcome.DENIED, Outcome.BLOCKED})


def adopted(move: Move, now: datetime) -> bool:
    """Whether the new address is asked from now on."""
    return move.polls >= STABLE_POLLS and now - move.since >= STABLE_FOR


def answered(
    known: Move | None, asked: str, final: str, moved: bool, at: datetime
) -> Move | None:
    """What is known after a good poll of `asked` that ended at `final`.

    `moved` says that all redirects on the way were 301 or 308.
    """
    if known is not None and asked == known.to == final:  # adopted, and it answers
        return replace(known, polls=known.polls + 1)
    if not moved or final == asked:
        return None
    if known is not None and known.to == final:
        return replace(known, polls=known.polls + 1)
    return Move(final, 1, at)


def failed(
    known: Move | None, asked: str, outcome: Outcome, unreachable: bool
) -> Move | None:
    """What is known after a poll of `asked` that failed."""
    if known is None or asked != known.to:
        return known
    return None if unreachable or outcome in _LOST else known
