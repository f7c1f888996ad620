"""Moving the prints of the latest texts to those of all others, a little at a time.

See `postings`. A pass moves all postings that were there when it began, some in each
transaction. One that is broken off goes on where it was.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Final

from pipelines.store.columns import dumped
from pipelines.store.meta import Meta
from pipelines.store.postings import PRINTS, TOGETHER, Postings
from pipelines.store.session import Session

_KEY: Final = "prints-moved"


@dataclass(frozen=True, slots=True)
class _Pass:
    """What is moved: the prints of texts up to `until`, so far those below `print`."""

    until: int = 0
    print: int = PRINTS

    @property
    def is_done(self) -> bool:
        return self.print >= PRINTS


def merge(session: Session) -> bool:
    """Move some prints, when there are those of TOGETHER texts; False when not."""
    with session.write():
        meta = Meta(session)
        moved = _due(session, meta)
        if moved is None:
            return False
        moved = replace(moved, print=Postings(session).move(moved.print))
        meta.put(_KEY, dumped(asdict(moved)))
    return True


def _due(session: Session, meta: Meta) -> _Pass | None:
    """The pass that is on its way, or is to begin."""
    kept = meta.get(_KEY)
    last = _Pass() if kept is None else _Pass(**json.loads(kept))
    if not last.is_done:
        return last
    newest = int(session.value("SELECT coalesce(max(id), 0) FROM sketch"))
    # Counted by ids, of which few lead to no text.
    return _Pass(newest, 0) if newest - last.until >= TOGETHER else None
