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

#: Revisions looked at, and texts sketched, in one transaction: some 10 ms of holding
#: the write lock.
STRETCH: Final = 500
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
        end = _sketch_some(session, int(last), since)
        meta.put(_KEY, _DONE if end is None else str(end))
    return end is not None


def _sketch_some(session: Session, after: int, since: datetime) -> int | None:
    """The revision that was looked at last; None if there is none after that one."""
    ids = [row[0] for row in session.rows(_IDS, [after, STRETCH])]
    if not ids:
        return None
    neighbours, sketched = Neighbours(session), 0
    for one in session.rows(_MISSING, [after, ids[-1]]):
        article = session.value(_ARTICLE, [one["id"], micros(since)])
        if article is None:
            continue
        neighbours.remember(article, one["id"])
        sketched += 1
        if sketched == TEXTS:
            return int(one["id"])
    return int(ids[-1])


_IDS: Final = "SELECT id FROM revision WHERE id > ? ORDER BY id LIMIT ?"

# Apart from the text, which lies in pages of its own that nobody needs to read.
_MISSING: Final = """
SELECT r.id FROM revision r LEFT JOIN sketch s ON s.id = r.id
WHERE r.id > ? AND r.id <= ? AND s.id IS NULL ORDER BY r.id
"""

_ARTICLE: Final = """
SELECT article_id FROM revision WHERE id = ? AND fetched_at >= ? AND text <> ''
"""
