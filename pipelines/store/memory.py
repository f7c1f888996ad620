"""Keeping the outlets' memory: gathered for a text, applied to it, told to operators.

`pipelines.memory` judges. Blocks stand under a hash of their wording; the wording
itself is kept from the time on that a block is known to be boilerplate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipelines.article import Cleaned, Reading, Removed
from pipelines.decide import Submission
from pipelines.fingerprint import content_hash, text_hash, url_key
from pipelines.memory import (
    Line,
    judge,
    lines,
    settle,
    without,
)
from pipelines.store.columns import micros, moment, moment_or_none
from pipelines.store.errors import UnknownBlock
from pipelines.store.noting import Heard, Noting
from pipelines.store.recalling import Recalling, counts
from pipelines.store.session import Row, Session
from pipelines.subject import subject


@dataclass(frozen=True, slots=True)
class Remembered:
    """A block that the memory takes out of an outlet's articles, or did.

    `stories` it stood in since `since`, in the latest at `last_seen`. `removals`
    counts the articles it was taken out of. `revoked_at`: the operator wants it kept.
    `forgotten`: it has stopped recurring.
    """

    id: int
    outlet: str
    text: str
    stories: int
    removals: int
    since: datetime
    last_seen: datetime
    learnt_at: datetime
    revoked_at: datetime | None
    forgotten: bool


class Memory:
    """What recurs in the articles of each outlet."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._recalling = Recalling(session)
        self._noting = Noting(session, self._recalling)

    def hear(
        self, submission: Submission, blocks: tuple[Line, ...], now: datetime
    ) -> Heard:
        """The submission without those of its blocks that are known to recur.

        A text that is known as it stands is left as it is: a page that was read
        before has no revision, and a copy stays one, whatever was learnt since.
        """
        reading = submission.reading
        recall = self._recalling.recall(submission, blocks, now)
        dropped = settle(blocks, recall.dropped)
        if not self._is_known(submission, without(reading.cleaned, dropped)):
            dropped = judge(blocks, recall)
        about = subject(
            reading.title,
            (line.words for line in blocks if line.key not in recall.seen),
        )
        return Heard(_less(submission, dropped), blocks, dropped, about)

    def reread(self, submission: Submission, now: datetime) -> Reading:
        """The reading of a stored page without what the memory knows today.

        Nothing is noted. What the operator revoked since is back in the text.
        """
        blocks = lines(submission.reading.cleaned.paragraphs)
        recall = self._recalling.recall(submission, blocks, now)
        revoked = {
            line.text
            for line in blocks
            if (seen := recall.seen.get(line.key or b"")) is not None and seen.revoked
        }
        still = {t: block for t, block in recall.dropped.items() if t not in revoked}
        dropped = judge(blocks, replace(recall, dropped=still))
        return _less(submission, dropped).reading

    def note(self, heard: Heard, article_id: int, now: datetime) -> None:
        """Remember the blocks of an article that was stored."""
        self._noting.note(heard, article_id, now)

    def list(self, outlet: str, now: datetime) -> list[Remembered]:
        """The boilerplate of an outlet, what stands in most articles first."""
        turn = self._recalling.turn(outlet)
        rows = self._session.rows(
            "SELECT * FROM block_seen WHERE outlet = ? AND learnt_at IS NOT NULL"
            " ORDER BY stories DESC, id",
            [outlet],
        )
        return [_remembered(row, turn, now) for row in rows]

    def knows(self, outlet: str) -> bool:
        """Whether the outlet ever listed anything."""
        found = "SELECT EXISTS (SELECT 1 FROM url WHERE outlet = ?)"
        return bool(self._session.value(found, [outlet]))

    def revoke(self, outlet: str, block_id: int, now: datetime) -> None:
        """Keep this block in the outlet's texts from now on."""
        self._rule(outlet, block_id, micros(now))

    def restore(self, outlet: str, block_id: int) -> None:
        """Take back `revoke`."""
        self._rule(outlet, block_id, None)

    def _is_known(self, submission: Submission, cleaned: Cleaned) -> bool:
        title = cleaned.title or submission.reading.metadata.title
        return bool(
            self._session.value(
                "SELECT EXISTS (SELECT 1 FROM text_seen WHERE text_hash = ?1) OR EXISTS"
                " (SELECT 1 FROM article a JOIN revision r ON r.article_id = a.id"
                "  AND r.n = a.revisions WHERE a.outlet = ?2 AND a.key = ?3"
                "  AND r.content_hash = ?4)",
                [
                    text_hash(cleaned.text),
                    submission.outlet,
                    url_key(submission.url),
                    content_hash(title, cleaned.text),
                ],
            )
        )

    def _rule(self, outlet: str, block_id: int, revoked_at: int | None) -> None:
        with self._session.write() as db:
            ruled = db.conn.execute(
                "UPDATE block_seen SET revoked_at = ? WHERE id = ? AND outlet = ?"
                " AND learnt_at IS NOT NULL",
                [revoked_at, block_id, outlet],
            )
        if not ruled.rowcount:
            raise UnknownBlock(
                self._session.path,
                f"the memory of {outlet} has no block {block_id}",
                f"`presswatch outlets memory {outlet}` lists them",
            )


def _less(submission: Submission, dropped: Sequence[Removed]) -> Submission:
    """The submission without those blocks."""
    reading = submission.reading
    cleaned = without(reading.cleaned, dropped)
    return replace(submission, reading=replace(reading, cleaned=cleaned))


def _remembered(row: Row, turn: int, now: datetime) -> Remembered:
    return Remembered(
        id=row["id"],
        outlet=row["outlet"],
        text=row["text"],
        stories=row["stories"],
        removals=row["removals"],
        since=moment(row["first_at"]),
        last_seen=moment(row["last_at"]),
        learnt_at=moment(row["learnt_at"]),
        revoked_at=moment_or_none(row["revoked_at"]),
        forgotten=not counts(row, turn, now),
    )
