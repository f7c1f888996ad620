"""Who carries a story: its articles, the first one first. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from pipelines.similarity.judging import Likeness
from pipelines.store.columns import dumped, moment
from pipelines.store.session import Row, Session

#: Whoever has less of the other text has a cut one; whoever has less of its own text
#: from it has an extended one. Between them lie a dateline and a credit.
WHOLE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Kin:
    """Two articles that share text and are not one story.

    `here` is the one of the story in question; `relation` is what the later one of
    both was found to be, `coverage` the share of the later one found in the other.
    """

    relation: Likeness
    here: int
    there: int
    later: int
    outlet: str
    url: str
    title: str | None
    coverage: float | None
    coverage_of: float | None


@dataclass(frozen=True, slots=True)
class Carrier:
    """An article that carries a story.

    `lag` is the time since the first of them. `of` is the URL of the article that the
    text was found to be a copy of, None for the one that was first. `coverage` is the
    share of this text found there, `coverage_of` the reverse.
    """

    article_id: int
    outlet: str
    url: str
    seen_at: datetime
    lag: timedelta
    of: str | None
    coverage: float | None
    coverage_of: float | None
    credit: str | None

    @property
    def cut(self) -> bool:
        """Whether it lacks some of the other text."""
        return self.coverage_of is not None and self.coverage_of < WHOLE

    @property
    def extended(self) -> bool:
        """Whether it has more than the other text."""
        return self.coverage is not None and self.coverage < WHOLE


def carriers(session: Session, article_id: int | None) -> tuple[Carrier, ...]:
    """All articles of the story that an article belongs to, itself among them."""
    rows = session.rows(_CARRIERS, [article_id, Likeness.SAME])
    if not rows:
        return ()
    first = moment(rows[0]["first_seen"])
    return tuple(_carrier(row, first) for row in rows)


def kin(session: Session, article_id: int) -> tuple[Kin, ...]:
    """What shares text with the story of an article, and is none of it."""
    rows = session.rows(_KIN, [article_id, dumped(sorted(_APART))])
    return tuple(
        Kin(
            relation=Likeness(row["relation"]),
            here=row["here"],
            there=row["there"],
            later=row["later"],
            outlet=row["outlet"],
            url=row["url"],
            title=row["title"],
            coverage=row["coverage"],
            coverage_of=row["coverage_of"],
        )
        for row in rows
    )


def also_at(session: Session, article_id: int | None) -> list[dict[str, Any]]:
    """Where else the story of an article is, for consumers."""
    others = carriers(session, article_id)
    return [as_json(one) for one in others if one.article_id != article_id]


def as_json(carrier: Carrier) -> dict[str, Any]:
    """A carrier as consumers get it. `lag` in seconds."""
    return {
        "outlet": carrier.outlet,
        "url": carrier.url,
        "seen_at": carrier.seen_at.isoformat(),
        "lag": carrier.lag // timedelta(seconds=1),
        "of": carrier.of,
        "coverage": _share(carrier.coverage),
        "coverage_of": _share(carrier.coverage_of),
        "cut": carrier.cut,
        "extended": carrier.extended,
        "credit": carrier.credit,
    }


# The latest revision of each that was found to be a copy says how it is one.
_CARRIERS: Final = """
WITH told AS (
    SELECT coalesce(story, id) AS story FROM article WHERE id = ?1
)
SELECT a.id, a.outlet, a.url, a.first_seen, a.story, o.url AS of_url, r.coverage,
    r.coverage_of, l.credit
FROM told JOIN article a ON a.id = told.story OR a.story = told.story
    JOIN revision l ON l.article_id = a.id AND l.n = a.revisions
    LEFT JOIN revision r ON a.story IS NOT NULL AND r.id = (
        SELECT max(id) FROM revision WHERE article_id = a.id AND relation = ?2)
    LEFT JOIN article o ON o.id = r.relation_of
WHERE a.forgotten_at IS NULL
ORDER BY a.first_seen, a.id
"""


_APART: Final = (Likeness.OVERLAP, Likeness.CONTAINED, Likeness.TEMPLATE)

_KIN: Final = """
WITH told AS (
    SELECT coalesce(story, id) AS story FROM article WHERE id = ?1
), own AS (
    SELECT a.id FROM told JOIN article a ON a.id = told.story OR a.story = told.story
), pair AS (
    SELECT own.id AS here, r.relation_of AS there, r.article_id AS later, r.*
    FROM own JOIN revision r ON r.article_id = own.id
    UNION ALL
    SELECT own.id AS here, r.article_id AS there, r.article_id AS later, r.*
    FROM own JOIN revision r ON r.relation_of = own.id
)
SELECT p.here, p.there, p.later, p.relation, p.coverage, p.coverage_of, a.outlet,
    a.url, l.title
FROM pair p JOIN article a ON a.id = p.there
    JOIN revision l ON l.article_id = a.id AND l.n = a.revisions
WHERE p.relation IN (SELECT value FROM json_each(?2))
    AND p.there NOT IN (SELECT id FROM own) AND a.forgotten_at IS NULL
GROUP BY p.here, p.there HAVING p.id = max(p.id) ORDER BY p.there, p.here
"""


def _carrier(row: Row, first: datetime) -> Carrier:
    seen_at = moment(row["first_seen"])
    return Carrier(
        article_id=row["id"],
        outlet=row["outlet"],
        url=row["url"],
        seen_at=seen_at,
        lag=seen_at - first,
        of=row["of_url"],
        coverage=row["coverage"],
        coverage_of=row["coverage_of"],
        credit=row["credit"],
    )


def _share(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
