"""What people look at over many articles and outlets at once. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pipelines.candidate import Candidate
from pipelines.fingerprint import url_key
from pipelines.outcome import Outcome
from pipelines.store import browsing, stories
from pipelines.store.browsing import Listed, Wanted
from pipelines.store.columns import (
    candidate_of,
    micros,
    micros_or_none,
    moment_or_none,
)
from pipelines.store.session import Row, Session
from pipelines.store.stories import ArticleRow

#: Articles read at a time by `each`, so that no read transaction stays open.
CHUNK = 200

#: Sorts behind every stored time and id.
_LAST = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class OutletCounts:
    """Where an outlet's URLs stand, and its articles.

    `due` are to be fetched by now, `later` at a set time, `waiting` are fetched and
    not yet processed. `recent` counts the articles since the time asked for.
    """

    outlet: str
    due: int
    later: int
    waiting: int
    done: int
    articles: int
    recent: int
    last_article: datetime | None


@dataclass(frozen=True, slots=True)
class ListedUrl:
    """A URL that a source listed last of all sources, and what was decided of it."""

    candidate: Candidate
    outcome: Outcome | None
    detail: str | None


@dataclass(frozen=True, slots=True)
class Totals:
    """How much a database holds; `latest` is when its last message was made."""

    articles: int
    messages: int
    latest: datetime | None


class Overview:
    """Questions over the whole database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def totals(self) -> Totals:
        """How much there is of everything."""
        row = self._session.one(
            "count",
            "SELECT (SELECT count(*) FROM article WHERE forgotten_at IS NULL)"
            " AS articles, count(*) AS messages, max(made_at) AS latest FROM message",
        )
        return Totals(row["articles"], row["messages"], moment_or_none(row["latest"]))

    def outlets(self, now: datetime, since: datetime) -> list[OutletCounts]:
        """The counts of every outlet that listed anything or has articles, by key."""
        rows = self._session.rows(_OUTLETS, [micros(now), micros(since)])
        return [_counts(row) for row in rows]

    def each(
        self, *, outlet: str | None = None, since: datetime | None = None
    ) -> Iterator[ArticleRow]:
        """All articles in their latest revision, latest stored first, bit by bit.

        What was forgotten is none any more.
        """
        before = (_LAST, _LAST)
        while rows := self._session.rows(
            f"{stories.LATEST} WHERE a.forgotten_at IS NULL"
            " AND (?1 IS NULL OR a.outlet = ?1)"
            " AND (?2 IS NULL OR r.stored_at >= ?2)"
            " AND (r.stored_at, r.id) < (?3, ?4)"
            " ORDER BY r.stored_at DESC, r.id DESC LIMIT ?5",
            [outlet, micros_or_none(since), *before, CHUNK],
        ):
            yield from map(stories.article_of, rows)
            before = (rows[-1]["stored_at"], rows[-1]["revision_id"])

    def page(
        self, wanted: Wanted, limit: int, *, newest_first: bool = False
    ) -> list[Listed]:
        """Articles page by page, in the order of storing or the other way round."""
        order = browsing.newest_first if newest_first else browsing.oldest_first
        return order(self._session, wanted, limit)

    def listed_by(self, source_id: int) -> list[ListedUrl]:
        """What a source listed that no other source has listed since, in order."""
        rows = self._session.rows(
            "SELECT url, hints, outcome, detail FROM url WHERE listed_by = ?"
            " ORDER BY id",
            [source_id],
        )
        return [
            ListedUrl(
                candidate_of(row["url"], row["hints"]),
                None if row["outcome"] is None else Outcome(row["outcome"]),
                row["detail"],
            )
            for row in rows
        ]

    def known(self, outlet: str, urls: Iterable[str]) -> frozenset[str]:
        """Those of the canonical URLs that the outlet has listed before."""
        with self._session.snapshot():
            return frozenset(url for url in urls if self._is_known(outlet, url))

    def _is_known(self, outlet: str, url: str) -> bool:
        found = self._session.value(
            "SELECT 1 FROM url WHERE outlet = ? AND key = ?", [outlet, url_key(url)]
        )
        return found is not None


_OUTLETS = """
WITH urls AS (
    SELECT outlet,
        count(*) FILTER (WHERE state <> 'waiting' AND next_at <= ?1) AS due,
        count(*) FILTER (WHERE state <> 'waiting' AND next_at > ?1) AS later,
        count(*) FILTER (WHERE state = 'waiting') AS waiting,
        count(*) FILTER (WHERE state <> 'waiting' AND next_at IS NULL) AS done
    FROM url GROUP BY outlet
), articles AS (
    SELECT outlet, count(*) AS articles,
        count(*) FILTER (WHERE first_seen >= ?2) AS recent,
        max(first_seen) AS last_article
    FROM article WHERE forgotten_at IS NULL GROUP BY outlet
)
SELECT outlet, coalesce(due, 0) AS due, coalesce(later, 0) AS later,
    coalesce(waiting, 0) AS waiting, coalesce(done, 0) AS done,
    coalesce(articles, 0) AS articles, coalesce(recent, 0) AS recent, last_article
FROM (SELECT outlet FROM urls UNION SELECT outlet FROM articles)
LEFT JOIN urls USING (outlet) LEFT JOIN articles USING (outlet) ORDER BY outlet
"""


def _counts(row: Row) -> OutletCounts:
    return OutletCounts(
        outlet=row["outlet"],
        due=row["due"],
        later=row["later"],
        waiting=row["waiting"],
        done=row["done"],
        articles=row["articles"],
        recent=row["recent"],
        last_article=moment_or_none(row["last_article"]),
    )
