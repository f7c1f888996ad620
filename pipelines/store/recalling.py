"""What the memory of an outlet says of a text's blocks. Only reads."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from pipelines.article import Reason, Removed
from pipelines.decide import Submission
from pipelines.fingerprint import url_key
from pipelines.memory import (
    ENOUGH,
    HEADLINE_OF,
    RECENT,
    STANDS_IN,
    Line,
    Recall,
    Seen,
    is_headline_like,
    is_remembered,
)
from pipelines.store.columns import moment
from pipelines.store.session import Row, Session, Value
from pipelines.subject import Subject

#: Values in one query; SQLite takes 32,766 at most.
CHUNK: Final = 500

#: The URL of another article, listed or stored, with a title.
HEADLINES: Final = """
SELECT url FROM url WHERE outlet = ?1 AND json_extract(hints, '$.title') = ?2
    AND key <> ?3 AND id <> ?4
UNION ALL
SELECT a.url FROM revision r JOIN article a ON a.id = r.article_id
WHERE r.title = ?2 AND a.outlet = ?1 AND a.key <> ?3
LIMIT 1
"""

_BLOCKS: Final = "SELECT * FROM block_seen WHERE outlet = ? AND key IN ({})"

_STORIES: Final = """
SELECT s.block_id, s.story, o.subject FROM block_story s
LEFT JOIN outlet_story o ON o.outlet = ? AND o.story = s.story
WHERE s.block_id IN ({})
"""


class Recalling:
    """Looks up what recurs in the articles of each outlet."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def recall(
        self, submission: Submission, blocks: Sequence[Line], now: datetime
    ) -> Recall:
        """What is remembered of the blocks of a submission."""
        outlet = submission.outlet
        own = self._session.row(
            "SELECT id, revisions, coalesce(story, id) AS story FROM article"
            " WHERE outlet = ? AND key = ?",
            [outlet, url_key(submission.url)],
        )
        turn = self.turn(outlet)
        story = own["story"] if own is not None else None
        seen = self._seen(outlet, blocks, (story, turn), now)
        unsettled = any(each.where for each in seen.values())
        return Recall(
            turn=turn + 1,
            seen=seen,
            recent=self._recent(outlet) if unsettled else (),
            headlines=self._headlines(submission, blocks),
            dropped=self._dropped(own) if own is not None else {},
        )

    def turn(self, outlet: str) -> int:
        """How many stories of the outlet were counted so far."""
        latest = self._session.value(
            "SELECT max(turn) FROM outlet_story WHERE outlet = ?", [outlet]
        )
        return latest or 0

    def _seen(
        self,
        outlet: str,
        blocks: Sequence[Line],
        at: tuple[int | None, int],
        now: datetime,
    ) -> dict[bytes, Seen]:
        """What is remembered of these blocks, from other stories than their own."""
        story, turn = at
        keys = {line.key for line in blocks if line.key is not None}
        rows = [
            row
            for row in self._in_chunks(_BLOCKS, [outlet], keys)
            if counts(row, turn, now)
        ]
        # Where else a block stood matters while that is to be judged.
        open_ = [row for row in rows if story is not None or _is_open(row)]
        where = self._where(outlet, [row["id"] for row in open_])
        seen = {row["key"]: _seen(row, where.get(row["id"], {}), story) for row in rows}
        return {key: each for key, each in seen.items() if each.stories or each.revoked}

    def _where(
        self, outlet: str, ids: Sequence[int]
    ) -> dict[int, dict[int, Subject | None]]:
        """The latest stories of each block, with their subjects where still known."""
        found: dict[int, dict[int, Subject | None]] = {}
        for row in self._in_chunks(_STORIES, [outlet], ids):
            subjects = found.setdefault(row["block_id"], {})
            subjects[row["story"]] = _subject(row["subject"])
        return found

    def _recent(self, outlet: str) -> tuple[Subject, ...]:
        rows = self._session.rows(
            "SELECT subject FROM outlet_story WHERE outlet = ?"
            " ORDER BY turn DESC LIMIT ?",
            [outlet, RECENT],
        )
        return tuple(_unpacked(row["subject"]) for row in rows)

    def _headlines(
        self, submission: Submission, blocks: Sequence[Line]
    ) -> dict[str, str]:
        own = submission.reading.title
        told = {line.text for line in blocks if is_headline_like(line)} - {own}
        found = {text: self._story_of(submission, text) for text in told}
        return {text: url for text, url in found.items() if url is not None}

    def _story_of(self, submission: Submission, headline: str) -> str | None:
        """The URL of another article of the outlet that has this headline."""
        outlet, key = submission.outlet, url_key(submission.url)
        found = self._session.value(
            HEADLINES, [outlet, headline, key, submission.url_id]
        )
        return None if found is None else str(found)

    def _dropped(self, own: Row) -> dict[str, Removed]:
        rows = self._session.rows(
            "SELECT l.* FROM removal l JOIN revision r ON r.id = l.revision_id"
            " WHERE r.article_id = ? AND r.n = ?",
            [own["id"], own["revisions"]],
        )
        return {
            row["text"]: Removed(
                row["text"], Reason(row["reason"]), row["at"], row["evidence"]
            )
            for row in rows
            if row["evidence"].startswith((STANDS_IN, HEADLINE_OF))
        }

    def _in_chunks(
        self, sql: str, before: Sequence[Value], values: Iterable[Value]
    ) -> Iterator[Row]:
        left = list(values)
        while left:
            some, left = left[:CHUNK], left[CHUNK:]
            places = ", ".join("?" * len(some))
            yield from self._session.rows(sql.format(places), [*before, *some])


def counts(row: Row, turn: int, now: datetime) -> bool:
    """Whether a block is remembered still; what the operator said always is."""
    ago = now - moment(row["last_at"])
    return row["revoked_at"] is not None or is_remembered(turn - row["last_turn"], ago)


def _is_open(row: Row) -> bool:
    return row["stories"] >= ENOUGH and row["learnt_at"] is None


def _seen(row: Row, where: Mapping[int, Subject | None], own: int | None) -> Seen:
    return Seen(
        stories=row["stories"] - (own in where),
        since=moment(row["first_at"]),
        first_turn=row["first_turn"],
        where=tuple(
            about for at, about in where.items() if about is not None and at != own
        ),
        learnt=row["learnt_at"] is not None,
        revoked=row["revoked_at"] is not None,
    )


def _unpacked(column: bytes) -> Subject:
    words = array("I")
    words.frombytes(column)
    return frozenset(words)


def _subject(column: bytes | None) -> Subject | None:
    return None if column is None else _unpacked(column)
