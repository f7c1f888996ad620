"""The words of old texts go, a little at a time: one pass over all of them a day.

What is swept only serves to find copies that are cut or changed. That a text came
before, word for word, is known by `text_seen`, which stays.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Final

from pipelines.store.columns import dumped, micros
from pipelines.store.meta import Meta
from pipelines.store.outlet_lines import KEYS, OutletLines, day_of
from pipelines.store.postings import PRINTS, Postings
from pipelines.store.session import Session

#: Lines looked at in one transaction, and sketches taken out.
CHUNK: Final = 10_000
SKETCHES: Final = 1_000

_KEY: Final = "words-swept"


@dataclass(frozen=True, slots=True)
class _Pass:
    """How far the pass of a day has come: the next print, the next key of a line."""

    day: str
    print: int = 0
    line: int = 0

    @property
    def is_done(self) -> bool:
        return self.print >= PRINTS and self.line >= KEYS


def sweep(session: Session, than: datetime, now: datetime) -> bool:
    """Forget some words of texts that were seen before `than`.

    False once today's pass is through.
    """
    meta = Meta(session)
    swept = _last(meta)
    if swept is None or swept.day != f"{now:%Y-%m-%d}":
        swept = _Pass(f"{now:%Y-%m-%d}")
    if swept.is_done:
        return False
    with session.write():
        kept = _first_kept(session, than)
        if swept.print < PRINTS:
            stop = Postings(session).sweep(swept.print, kept)
            swept = replace(swept, print=stop)
        elif not _sweep_sketches(session, kept):
            swept = replace(swept, line=_sweep_lines(session, swept.line, now))
        meta.put(_KEY, dumped(asdict(swept)))
    return not swept.is_done


def _last(meta: Meta) -> _Pass | None:
    kept = meta.get(_KEY)
    return None if kept is None else _Pass(**json.loads(kept))


def _sweep_sketches(session: Session, kept: int) -> int:
    """Delete some sketches whose postings are gone; returns how many."""
    deleted = session.db.conn.execute(
        "DELETE FROM sketch WHERE id IN"
        " (SELECT id FROM sketch WHERE id < ? ORDER BY id LIMIT ?)",
        [kept, SKETCHES],
    )
    return deleted.rowcount


def _first_kept(session: Session, than: datetime) -> int:
    """The first text that is recent; what was stored before it is old."""
    found = session.value(
        "SELECT id FROM sketch WHERE seen_at >= ? ORDER BY id LIMIT 1", [micros(than)]
    )
    if found is None:
        found = session.value("SELECT coalesce(max(id), 0) + 1 FROM sketch")
    return int(found)


def _sweep_lines(session: Session, start: int, now: datetime) -> int:
    stop = session.value(
        "SELECT key FROM outlet_line WHERE key >= ? ORDER BY key LIMIT 1 OFFSET ?",
        [start, CHUNK],
    )
    stop = KEYS if stop is None else int(stop)
    OutletLines(session).forget(day_of(now), range(start, stop))
    return stop
