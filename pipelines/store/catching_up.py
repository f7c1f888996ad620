"""Texts that were stored before there was an index are put into it, a few at a time.

Programs up to schema 4 kept no sketches. Their texts of the time for which postings
are kept are sketched as if they had just come, the oldest first; only once, since
every text that is stored today is sketched when it comes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pipelines.store.columns import micros
from pipelines.store.meta import Meta
from pipelines.store.neighbours import Neighbours
from pipelines.store.session import Session

#: Texts in one transaction: some 10 ms of holding the write lock.
TEXTS: Final = 5

_KEY: Final = "texts-sketched"
_DONE: Final = "all"


def catch_up(session: Session, since: datetime) -> bool:
    """Sketch some texts fetched since then that have no sketch; False: there are none.

    Goes on where it was, and asks no more once it has come to the end.
    """
    with session.write():
        meta = Meta(session)
        last = meta.get(_KEY) or "0"
        if last == _DONE:
            return False
        rows = session.rows(
            "SELECT r.id, r.article_id FROM revision r WHERE r.id > ? AND r.text <> ''"
            " AND r.fetched_at >= ? AND NOT EXISTS"
            " (SELECT 1 FROM sketch WHERE id = r.id) ORDER BY r.id LIMIT ?",
            [int(last), micros(since), TEXTS],
        )
        neighbours = Neighbours(session)
        for row in rows:
            neighbours.remember(row["article_id"], row["id"])
        meta.put(_KEY, str(rows[-1]["id"]) if rows else _DONE)
    return bool(rows)
