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
#: URLs looked at, and pages given back to the disk, in one.
STRETCH = 5000
PAGES = 200


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
    # A feed's own copy of the text.
    execute(
        "UPDATE url SET hints = json_remove(hints, '$.text') WHERE article_id = ?"
        " AND json_type(hints, '$.text') IS NOT NULL",
        [row["article_id"]],
    )
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


def forget_addresses(session: Session, than: datetime, after: int) -> int | None:
    """Forget URLs that gave no article and were listed last before `than`.

    Looks at a stretch of them from the id `after` on; returns where it ended, None
    behind the last. A URL counts as listed for as long as its source confirms the
    listing that it is in ("not modified"). Those of articles stay for ever, so that
    no story comes back as new.
    """
    end: int | None = session.value(
        "SELECT max(id) FROM (SELECT id FROM url WHERE id > ? ORDER BY id LIMIT ?)",
        [after, STRETCH],
    )
    if end is None:
        return None
    with session.write() as db:
        db.conn.execute(
            "DELETE FROM url WHERE id IN (SELECT u.id FROM url u"
            " LEFT JOIN source s ON s.id = u.listed_by"
            " WHERE u.id > ?1 AND u.id <= ?2 AND u.state = 'done'"
            " AND u.next_at IS NULL AND u.article_id IS NULL"
            " AND u.last_listed_at < ?3 AND NOT coalesce("
            " u.last_listed_at >= s.listed_at AND s.confirmed_at >= ?3, 0))",
            [after, end, micros(than)],
        )
    return end


def tidy(session: Session) -> int:
    """Give some free pages back to the disk; returns how many are left.

    With the last of them the planner's statistics are brought up, if they are off.
    """
    before: int = session.value("PRAGMA freelist_count")
    with session.write() as db:
        db.conn.execute(f"PRAGMA incremental_vacuum({PAGES})").fetchall()
    left: int = session.value("PRAGMA freelist_count")
    if left < PAGES or left >= before:  # or a file that cannot give any back
        with session.write() as db:
            db.conn.execute("PRAGMA analysis_limit = 400")
            db.conn.execute("PRAGMA optimize").fetchall()
        return 0
    return left
