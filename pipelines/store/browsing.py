"""Articles page by page, by a cursor that stays valid while articles come. Reads only.

A revision's number grows with each that is stored, so an article that changes comes
again, behind all others: whoever goes on from the last number misses nothing. What was
forgotten is no article any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipelines.store import stories
from pipelines.store.columns import micros_or_none
from pipelines.store.session import Session
from pipelines.store.stories import ArticleRow

#: Behind every number.
_LAST = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which articles: after or before a cursor (both exclusive), and of what kind.

    `words` have to stand in the title, or in the URL, whatever their case.
    """

    after: int = 0
    before: int | None = None
    outlet: str | None = None
    language: str | None = None
    stored_after: datetime | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """An article, its cursor, and the article that told its text first, if another."""

    cursor: int
    article: ArticleRow
    original: ArticleRow | None


def oldest_first(session: Session, wanted: Wanted, limit: int) -> list[Listed]:
    """Articles in their latest revision, in the order of storing."""
    return _page(session, wanted, limit, "ASC")


def newest_first(session: Session, wanted: Wanted, limit: int) -> list[Listed]:
    """The same from the other end."""
    return _page(session, wanted, limit, "DESC")


def _page(session: Session, wanted: Wanted, limit: int, order: str) -> list[Listed]:
    with session.snapshot():
        rows = session.rows(
            f"{stories.LATEST} WHERE a.forgotten_at IS NULL"
            " AND r.id > ?1 AND r.id < ?2"
            " AND (?3 IS NULL OR a.outlet = ?3) AND (?4 IS NULL OR r.language = ?4)"
            " AND (?5 IS NULL OR r.stored_at >= ?5)"
            " AND (?6 IS NULL OR instr(lower(coalesce(r.title, '')), lower(?6))"
            " OR instr(lower(a.url), lower(?6)))"
            f" ORDER BY r.id {order} LIMIT ?7",
            [
                wanted.after,
                _LAST if wanted.before is None else wanted.before,
                wanted.outlet,
                wanted.language,
                micros_or_none(wanted.stored_after),
                wanted.words,
                limit,
            ],
        )
        found = [(row["revision_id"], stories.article_of(row)) for row in rows]
        return [
            Listed(cursor, article, _original(session, article))
            for cursor, article in found
        ]


def _original(session: Session, article: ArticleRow) -> ArticleRow | None:
    if article.story == article.id:
        return None
    return stories.by_id(session, article.story)
