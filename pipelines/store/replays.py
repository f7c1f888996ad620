"""The stored pages of the latest texts, to be read once more. Reads only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pipelines.candidate import Candidate
from pipelines.store import stories
from pipelines.store.columns import candidate_of, micros_or_none
from pipelines.store.pages import PageMissing, Pages
from pipelines.store.session import Row, Session
from pipelines.store.stories import ArticleRow

#: Articles read at a time, so that no read transaction stays open.
CHUNK = 200

#: Sorts behind every stored time and id.
_LAST = (1 << 63) - 1


_COLUMNS = f"""{stories.COLUMNS}, r.url_id, p.id AS page_id, p.final_url,
    p.content_type, p.file, p.body_key, u.url AS listed_url, u.hints
"""

_FROM = """
FROM article a JOIN revision r ON r.article_id = a.id AND r.n = a.revisions
    JOIN url u ON u.id = r.url_id LEFT JOIN page p ON p.id = r.page_id
WHERE r.expired_at IS NULL AND (?1 IS NULL OR a.outlet = ?1)
    AND r.stored_at >= coalesce(?2, r.stored_at)
"""


@dataclass(frozen=True, slots=True)
class Replay:
    """An article's latest text and the page that it was made of.

    `page_id` and `body` are None when the page is no longer kept; `candidate` is what
    sources say of the article.
    """

    article: ArticleRow
    url_id: int
    page_id: int | None
    final_url: str
    content_type: str | None
    candidate: Candidate
    body: bytes | None


class Replays:
    """Stored pages beside the texts that they gave."""

    def __init__(self, session: Session, pages: Pages) -> None:
        self._session = session
        self._pages = pages

    def count(self, *, outlet: str | None, since: datetime | None) -> int:
        """How many `each` gives."""
        found = self._session.value(
            f"SELECT count(*) {_FROM}", [outlet, micros_or_none(since)]
        )
        return int(found)

    def each(
        self, *, outlet: str | None = None, since: datetime | None = None
    ) -> Iterator[Replay]:
        """The articles whose text is kept, latest stored first, bit by bit.

        `since` is the earliest time of storing. What is stored while this runs is
        not among them.
        """
        before = (_LAST, _LAST)
        while rows := self._session.rows(
            f"{_COLUMNS} {_FROM} AND (r.stored_at, r.id) < (?3, ?4)"
            " ORDER BY r.stored_at DESC, r.id DESC LIMIT ?5",
            [outlet, micros_or_none(since), *before, CHUNK],
        ):
            before = (rows[-1]["stored_at"], rows[-1]["revision_id"])
            yield from map(self._replay, rows)

    def _replay(self, row: Row) -> Replay:
        article = stories.article_of(row)
        return Replay(
            article=article,
            url_id=row["url_id"],
            page_id=row["page_id"],
            final_url=row["final_url"] or article.url,
            content_type=row["content_type"],
            candidate=candidate_of(row["listed_url"], row["hints"]),
            body=self._body(row),
        )

    def _body(self, row: Row) -> bytes | None:
        if row["file"] is None:
            return None
        try:
            return self._pages.get(row["file"], row["body_key"])
        except PageMissing:
            return None
