"""Taking texts out when they are no longer kept. What they were stays known."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pipelines.store.columns import micros
from pipelines.store.session import Row, Session

if TYPE_CHECKING:
    from sqlite_utils import Database

#: Revisions emptied in one transaction.
CHUNK = 200


def expire_texts(session: Session, than: datetime, now: datetime) -> int:
    """Empty revisions stored before `than`, CHUNK at most; returns how many.

    Text, ledger and the message's body go. URL, hashes, title and the message's id
    stay, so that nothing is taken for new again. A text that a consumer has yet to
    settle, or to be offered, is kept, as is one that is dead: somebody may redrive it.
    """
    with session.write() as db:
        old = session.rows(
            "SELECT r.id, r.article_id, r.n FROM revision r"
            " WHERE r.expired_at IS NULL AND r.stored_at < ? AND NOT EXISTS ("
            " SELECT 1 FROM message m JOIN delivery d ON d.seq = m.seq"
            " WHERE m.article_id = r.article_id AND m.revision = r.n"
            " AND d.state <> 'done') AND NOT EXISTS ("
            " SELECT 1 FROM message m JOIN subscription s"
            " ON m.seq > s.fill_from AND m.seq <= s.fill_to"
            " WHERE m.article_id = r.article_id AND m.revision = r.n)"
            " ORDER BY r.stored_at LIMIT ?",
            [micros(than), CHUNK],
        )
        for row in old:
            _expire(db, row, micros(now))
    return len(old)


def _expire(db: Database, row: Row, at: int) -> None:
    execute = db.conn.execute
    execute("DELETE FROM removal WHERE revision_id = ?", [row["id"]])
    execute(
        "UPDATE revision SET text = '', passages = NULL, changes = NULL,"
        " expired_at = ? WHERE id = ?",
        [at, row["id"]],
    )
    execute(
        "UPDATE message SET body = json_remove(json_set(body, '$.text', ''),"
        " '$.changes')"
        " WHERE article_id = ? AND revision = ?",
        [row["article_id"], row["n"]],
    )
