"""Taking articles out for good, and keeping them out.

Texts, titles, ledgers, raw pages, words and what sources said of them go; messages
that nobody has taken are called back, others are followed by a withdrawal. What stays
is the tombstone: URL, hashes and ids, so that nothing of it is fetched or queued
again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from pipelines.article import Metadata
from pipelines.decide import Kind
from pipelines.fingerprint import message_id, url_key
from pipelines.outcome import Outcome
from pipelines.store.columns import dumped, metadata_column, micros
from pipelines.store.deliveries import Deliveries, Message
from pipelines.store.neighbours import Neighbours
from pipelines.store.pages import Pages
from pipelines.store.session import Row, Session

#: URLs forgotten in one transaction: some 20 ms of holding the write lock.
CHUNK: Final = 10

FORGOTTEN: Final = "forgotten"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was taken out. `called_back` messages had not been taken by anybody."""

    urls: int = 0
    articles: int = 0
    pages: int = 0
    called_back: int = 0
    withdrawals: int = 0

    def __add__(self, other: Forgotten) -> Forgotten:
        return Forgotten(
            self.urls + other.urls,
            self.articles + other.articles,
            self.pages + other.pages,
            self.called_back + other.called_back,
            self.withdrawals + other.withdrawals,
        )


class Forgetting:
    """Takes URLs and outlets out of one database."""

    def __init__(self, session: Session, pages: Pages, queue: Deliveries) -> None:
        self._session = session
        self._pages = pages
        self._queue = queue
        self._neighbours = Neighbours(session)

    def of_url(self, url: str) -> list[int]:
        """The URLs, as the frontier numbers them, that lead to what stands there."""
        rows = self._session.rows(
            "SELECT id FROM url WHERE key = ?1 OR article_id IN ("
            " SELECT id FROM article WHERE key = ?1"
            " UNION SELECT article_id FROM url WHERE key = ?1)",
            [url_key(url)],
        )
        return [row["id"] for row in rows]

    def of_outlet(self, outlet: str) -> list[int]:
        """Every URL that the outlet ever listed and that is not forgotten."""
        rows = self._session.rows(
            "SELECT id FROM url WHERE outlet = ? AND forgotten_at IS NULL", [outlet]
        )
        return [row["id"] for row in rows]

    def forget(self, url_ids: Sequence[int], now: datetime) -> Forgotten:
        """Take those URLs out, with their articles: a few at a time."""
        done = Forgotten()
        # Freed space is overwritten, so that the file holds nothing of it.
        self._session.db.conn.execute("PRAGMA secure_delete = ON")
        for start in range(0, len(url_ids), CHUNK):
            with self._session.write():
                for url_id in url_ids[start : start + CHUNK]:
                    done += self._url(url_id, now)
        return done

    def forget_outlet(self, outlet: str) -> None:
        """Take out what is remembered of an outlet's blocks and stories."""
        with self._session.write() as db:
            for table in ("block_seen", "outlet_story"):
                db.conn.execute(
                    f"DELETE FROM {table} WHERE outlet = ?",  # noqa: S608 - ours
                    [outlet],
                )

    def finish(self) -> None:
        """Clear the write-ahead logs, as far as nobody is reading in them."""
        self._session.patiently(
            lambda: self._session.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        )
        self._pages.clear_logs()

    def _url(self, url_id: int, now: datetime) -> Forgotten:
        execute = self._session.db.conn.execute
        row = self._session.row("SELECT * FROM url WHERE id = ?", [url_id])
        if row is None:
            return Forgotten()
        done = Forgotten(urls=1, pages=self._drop_pages(url_id))
        execute("DELETE FROM rejection WHERE url_id = ?", [url_id])
        execute("UPDATE attempt SET detail = NULL WHERE url_id = ?", [url_id])
        detail = f"{FORGOTTEN} on {now:%Y-%m-%d}"
        execute(
            "UPDATE url SET forgotten_at = ?, state = 'done', next_at = NULL,"
            " page_id = NULL, outcome = ?, detail = ?, hints = '{}' WHERE id = ?",
            [micros(now), Outcome.DENIED, detail, url_id],
        )
        if row["article_id"] is not None:
            done += self._article(row["article_id"], now)
        return done

    def _article(self, article_id: int, now: datetime) -> Forgotten:
        article = self._session.one(
            f"article {article_id}", "SELECT * FROM article WHERE id = ?", [article_id]
        )
        if article["forgotten_at"] is not None:
            return Forgotten()
        execute = self._session.db.conn.execute
        self._neighbours.forget(article_id)
        done = self._messages(article, now)
        execute(
            "DELETE FROM removal WHERE revision_id IN"
            " (SELECT id FROM revision WHERE article_id = ?)",
            [article_id],
        )
        execute(
            "UPDATE revision SET text = '', title = NULL, authors = '[]',"
            " section = NULL, published = NULL, updated = NULL, metadata = ?,"
            " passages = NULL, credit = NULL, changes = NULL, expired_at = ?"
            " WHERE article_id = ?",
            [metadata_column(Metadata()), micros(now), article_id],
        )
        execute(
            "UPDATE article SET forgotten_at = ? WHERE id = ?",
            [micros(now), article_id],
        )
        return replace(done, articles=1)

    def _drop_pages(self, url_id: int) -> int:
        rows = self._session.rows("SELECT id FROM page WHERE url_id = ?", [url_id])
        for row in rows:
            drop_page(self._session, self._pages, row["id"])
        return len(rows)

    def _messages(self, article: Row, now: datetime) -> Forgotten:
        """Empty the article's messages; what was taken is followed by a withdrawal."""
        rows = self._session.rows(
            "SELECT m.seq, m.msg_id, m.kind, m.body, m.revision, m.priority,"
            " max(d.attempts) > 0 AS taken FROM message m"
            " LEFT JOIN delivery d ON d.seq = m.seq"
            " WHERE m.article_id = ? GROUP BY m.seq ORDER BY m.seq",
            [article["id"]],
        )
        called_back = sum(self._call_back(row, now) for row in rows)
        told = any(row["taken"] for row in rows)
        if not told or rows[-1]["kind"] == Kind.WITHDRAWAL:
            return Forgotten(called_back=called_back)
        self._withdraw(article, rows, now)
        return Forgotten(called_back=called_back, withdrawals=1)

    def _call_back(self, message: Row, now: datetime) -> bool:
        """Empty a message and settle its deliveries; whether any was outstanding.

        Who holds a lease may still acknowledge it; it comes back to nobody.
        """
        execute = self._session.db.conn.execute
        execute(
            "UPDATE message SET body = ? WHERE seq = ?",
            [dumped(_emptied(message["body"])), message["seq"]],
        )
        settled = execute(
            "UPDATE delivery SET state = 'done', done_token = token, token = NULL,"
            " lease_until = NULL, done_at = ?, last_error = ?, history = NULL"
            " WHERE seq = ? AND state <> 'done'",
            [micros(now), FORGOTTEN, message["seq"]],
        )
        return settled.rowcount > 0

    def _withdraw(self, article: Row, messages: Sequence[Row], now: datetime) -> None:
        latest = messages[-1]
        content: bytes = self._session.value(
            "SELECT content_hash FROM revision WHERE article_id = ? AND n = ?",
            [article["id"], article["revisions"]],
        )
        msg_id = message_id(
            article["outlet"],
            article["url"],
            Kind.WITHDRAWAL,
            content,
            len(messages) + 1,
        )
        message = Message(
            msg_id=msg_id,
            kind=Kind.WITHDRAWAL,
            article_id=article["id"],
            revision=latest["revision"],
            supersedes=latest["msg_id"],
            priority=latest["priority"],
            text_hash=None,
            body=dumped(_emptied(latest["body"])),
        )
        self._queue.add(message, now)


def drop_page(session: Session, pages: Pages, page_id: int) -> None:
    """Take out a raw page, and its body if no other page has the same one."""
    page = session.row("SELECT file, body_key FROM page WHERE id = ?", [page_id])
    if page is None:
        return
    session.db.conn.execute("DELETE FROM page WHERE id = ?", [page_id])
    kept = session.value(
        "SELECT EXISTS (SELECT 1 FROM page WHERE file = ? AND body_key = ?)",
        [page["file"], page["body_key"]],
    )
    if not kept:
        pages.drop(page["file"], page["body_key"])


def _emptied(body: str) -> dict[str, object]:
    """What is left of a message's article: which one it was."""
    article: dict[str, object] = json.loads(body)
    article.pop("changes", None)
    return article | {"title": None, "authors": [], "published": None, "text": ""}
