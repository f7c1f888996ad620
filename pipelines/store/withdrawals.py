"""An article whose page is gone for good is withdrawn: one message says so.

One 404 proves little: servers give it while they are being mended.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from pipelines.fingerprint import message_id
from pipelines.outcome import Outcome
from pipelines.store import messages
from pipelines.store.columns import dumped, micros
from pipelines.store.messages import Message
from pipelines.store.session import Row, Session

WITHDRAWAL = "withdrawal"

#: Two visits at least this far apart have to find the page gone.
APART = timedelta(hours=2)

#: Between two such visits these say nothing of the page.
_SILENT = (Outcome.GONE, Outcome.FAILED, Outcome.ROBOTS, Outcome.BLOCKED)


def note_gone(session: Session, url_id: int, now: datetime) -> bool:
    """Withdraw the article of a URL that was just found gone, if it is time.

    True if a message was queued. In the caller's transaction, after the attempt was
    logged. Only what consumers were told of is withdrawn, and once: should the page
    come back, its text is news again (`decide`).
    """
    row = _announced(session, url_id)
    if row is None or row["kind"] == WITHDRAWAL:
        return False
    if micros(now) - _gone_since(session, url_id) < APART // timedelta(microseconds=1):
        return False
    return messages.add(session, _message(row), now)


def withdraw(session: Session, url_id: int, now: datetime) -> bool:
    """Withdraw the article of a URL, if consumers were told of it; whether they were.

    In the caller's transaction.
    """
    row = _announced(session, url_id)
    if row is None or row["kind"] == WITHDRAWAL:
        return False
    return messages.add(session, _message(row), now)


def _announced(session: Session, url_id: int) -> Row | None:
    """The latest message of the article that the URL is, or whose text it gave."""
    return session.row(
        "SELECT m.*, a.outlet, a.url, r.content_hash,"
        " (SELECT count(*) FROM revision WHERE article_id = a.id"
        "  AND content_hash = r.content_hash) AS times"
        " FROM url u JOIN article a ON a.id = u.article_id"
        " JOIN revision r ON r.article_id = a.id AND r.n = a.revisions"
        " JOIN message m ON m.seq ="
        "  (SELECT max(seq) FROM message WHERE article_id = a.id)"
        " WHERE u.id = ? AND (u.key = a.key OR u.id = r.url_id)",
        [url_id],
    )


def _gone_since(session: Session, url_id: int) -> int:
    """When the URL was first found gone since it last gave a page."""
    silent = ", ".join(f"'{outcome}'" for outcome in _SILENT)
    return int(
        session.value(
            "SELECT min(at) FROM attempt WHERE url_id = ?1"  # noqa: S608 - our own
            " AND outcome = 'gone' AND id > coalesce((SELECT max(id) FROM attempt"
            f" WHERE url_id = ?1 AND outcome NOT IN ({silent})), 0)",
            [url_id],
        )
    )


def _message(row: Row) -> Message:
    told = json.loads(row["body"])
    told.pop("changes", None)
    return Message(
        msg_id=message_id(
            row["outlet"], row["url"], WITHDRAWAL, row["content_hash"], row["times"]
        ),
        kind=WITHDRAWAL,
        article_id=row["article_id"],
        revision=row["revision"],
        supersedes=row["msg_id"],
        priority=row["priority"],
        text_hash=None,
        body=dumped({**told, "text": ""}),
    )
