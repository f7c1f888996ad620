"""Walls known by coming back: the same text for several articles of one outlet.

`pipelines.strays` judges. What was taken for an article before is withdrawn, its text
taken out, and its URL is fetched again with the others. A text is remembered as long
as rejected pages show it: once they give their articles, it is forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.decide import Duplicates, Submission
from pipelines.outcome import Outcome
from pipelines.store import withdrawals
from pipelines.store.columns import dumped, micros, micros_or_none
from pipelines.store.neighbours import Neighbours
from pipelines.store.session import Row, Session, Value
from pipelines.strays import ENOUGH, Bearer, is_stray

#: Pages looked at; a wall has hundreds.
_MOST = 50

_ARTICLES = """
SELECT a.id AS article_id, u.id AS url_id, a.url, r.title,
    json_extract(u.hints, '$.title') AS listed_title, a.revisions, r.id AS revision_id,
    r.page_id
FROM revision r JOIN article a ON a.id = r.article_id AND a.revisions = r.n
    JOIN url u ON u.id = r.url_id
WHERE r.text_hash = ? AND a.outlet = ? AND r.expired_at IS NULL LIMIT ?
"""
_REJECTED = """
SELECT j.url_id, u.url, j.title, json_extract(u.hints, '$.title') AS listed_title
FROM rejection j JOIN url u ON u.id = j.url_id
WHERE j.text_hash = ? AND u.outlet = ? LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Stray:
    """A text, by its hash, that belongs to no article.

    `taken` are the articles that were made of it before.
    """

    wording: bytes
    detail: str
    taken: tuple[Row, ...]


class Strays:
    """Finds such texts, and takes back what was made of them."""

    def __init__(self, session: Session, neighbours: Neighbours) -> None:
        self._session = session
        self._neighbours = neighbours

    def find(self, submission: Submission, wording: bytes | None) -> Stray | None:
        """The submission's text as a stray, if it is one."""
        if wording is None or submission.duplicates == Duplicates.ALL:
            return None
        given: list[Value] = [wording, submission.outlet, _MOST]
        articles = self._session.rows(_ARTICLES, given)
        rejected = self._session.rows(_REJECTED, given)
        known = _bearers(submission, [*articles, *rejected])
        if len(known) < ENOUGH:
            return None
        if not is_stray(submission.reading.cleaned.text, known):
            return None
        others = [one.url for one in known if one.url != submission.url]
        detail = f"the same text came for {len(known)} articles, as for {others[0]}"
        return Stray(wording, detail, tuple(articles))

    def take_back(self, stray: Stray, now: datetime, next_at: datetime | None) -> None:
        """Withdraw what was taken for articles, and have their URLs fetched again."""
        for row in stray.taken:
            self._reject(row, stray, now, next_at)
            if row["revisions"] == 1:  # else the text of before is still the article's
                withdrawals.withdraw(self._session, row["url_id"], now)
                self._take_out(row, now)
        execute = self._session.db.conn.execute
        execute("DELETE FROM text_seen WHERE text_hash = ?", [stray.wording])

    def _reject(
        self, row: Row, stray: Stray, now: datetime, next_at: datetime | None
    ) -> None:
        execute = self._session.db.conn.execute
        execute(
            "INSERT OR REPLACE INTO rejection (url_id, page_id, at, outcome, detail,"
            " title, text, removed, text_hash) SELECT ?1, ?2, ?3, ?4, ?5, title, text,"
            " ?6, ?7 FROM revision WHERE id = ?8",
            [
                row["url_id"],
                row["page_id"],
                micros(now),
                Outcome.WALL,
                stray.detail,
                self._ledger(row["revision_id"]),
                stray.wording,
                row["revision_id"],
            ],
        )
        execute(
            "UPDATE url SET outcome = ?1, detail = ?2, failures = failures + 1,"
            " state = iif(state = 'waiting' OR ?3 IS NULL, state, 'due'),"
            " next_at = min(coalesce(next_at, ?3), coalesce(?3, next_at))"
            " WHERE id = ?4 AND forgotten_at IS NULL",
            [Outcome.WALL, stray.detail, micros_or_none(next_at), row["url_id"]],
        )

    def _ledger(self, revision_id: int) -> str:
        rows = self._session.rows(
            "SELECT text, reason, at, evidence FROM removal WHERE revision_id = ?"
            " ORDER BY ordinal",
            [revision_id],
        )
        return dumped([[*row] for row in rows])

    def _take_out(self, row: Row, now: datetime) -> None:
        execute = self._session.db.conn.execute
        self._neighbours.forget(row["article_id"])
        execute("DELETE FROM removal WHERE revision_id = ?", [row["revision_id"]])
        execute(
            "UPDATE revision SET text = '', expired_at = ? WHERE id = ?",
            [micros(now), row["revision_id"]],
        )


def _bearers(submission: Submission, rows: Sequence[Row]) -> list[Bearer]:
    """The pages that came with the text, this one among them, each once."""
    listed = submission.hints.title if submission.hints is not None else None
    mine = Bearer(submission.url, listed, submission.reading.title)
    others = [
        Bearer(row["url"], row["listed_title"], row["title"])
        for row in rows
        if row["url_id"] != submission.url_id and row["url"] != submission.url
    ]
    return list({bearer.url: bearer for bearer in [mine, *others]}.values())
