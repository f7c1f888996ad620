"""Keeping the outlets' memory: gathered for a text, applied to it, told to operators.

`pipelines.memory` judges. Blocks stand under a hash of their wording; the wording
itself is kept from the time on that a block is known to be boilerplate.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipelines.article import Cleaned, Reading, Reason, Removed
from pipelines.decide import Submission
from pipelines.fingerprint import content_hash, text_hash, url_key
from pipelines.memory import (
    ARTICLES,
    ENOUGH,
    HEADLINE_OF,
    RECENT,
    SPAN,
    STANDS_IN,
    Line,
    Recall,
    Seen,
    is_headline_like,
    is_remembered,
    judge,
    lines,
    settle,
    without,
)
from pipelines.store.columns import micros, moment, moment_or_none, printable
from pipelines.store.errors import StoreError
from pipelines.store.session import Row, Session, Value
from pipelines.subject import Subject, subject

#: Stories whose subjects are kept of a block, and of an outlet. The latter are more
#: than a block can be older than, if it has recurred often enough to be looked at.
STORIES_OF_BLOCK = 8
STORIES_OF_OUTLET = STORIES_OF_BLOCK * ARTICLES
#: Values in one query; SQLite takes 32,766 at most.
CHUNK = 500


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


@dataclass(frozen=True, slots=True)
class Heard:
    """A submission as the memory hands it on, and what is to be noted of it.

    `blocks` are all that the page had, before the memory took some out.
    """

    submission: Submission
    blocks: tuple[Line, ...]
    dropped: tuple[Removed, ...]
    subject: Subject


class Memory:
    """What recurs in the articles of each outlet."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def hear(
        self, submission: Submission, blocks: tuple[Line, ...], now: datetime
    ) -> Heard:
        """The submission without those of its blocks that are known to recur.

        A text that is known as it stands is left as it is: a page that was read
        before has no revision, and a copy stays one, whatever was learnt since.
        """
        reading = submission.reading
        recall = self._recall(submission, blocks, now)
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
        recall = self._recall(submission, blocks, now)
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
        outlet = heard.submission.outlet
        story = self._session.value(
            "SELECT coalesce(story, id) FROM article WHERE id = ?", [article_id]
        )
        turn = self._take_turn(outlet, story, heard.subject)
        self._forget(outlet, turn, now)
        self._see(heard, story, (turn, micros(now)))
        self._learn(heard, micros(now))

    def list(self, outlet: str, now: datetime) -> list[Remembered]:
        """The boilerplate of an outlet, what stands in most articles first."""
        turn = self._turn(outlet)
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

    # Gathering

    def _recall(
        self, submission: Submission, blocks: Sequence[Line], now: datetime
    ) -> Recall:
        outlet = submission.outlet
        own = self._session.row(
            "SELECT id, revisions, coalesce(story, id) AS story FROM article"
            " WHERE outlet = ? AND key = ?",
            [outlet, url_key(submission.url)],
        )
        turn = self._turn(outlet)
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

    def _turn(self, outlet: str) -> int:
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
            if _counts(row, turn, now)
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

    def _in_chunks(
        self, sql: str, before: Sequence[Value], values: Iterable[Value]
    ) -> Iterator[Row]:
        left = list(values)
        while left:
            some, left = left[:CHUNK], left[CHUNK:]
            places = ", ".join("?" * len(some))
            yield from self._session.rows(sql.format(places), [*before, *some])

    # Remembering

    def _take_turn(self, outlet: str, story: int, about: Subject) -> int:
        """The outlet's latest turn; a story it has not had before makes a new one."""
        execute = self._session.db.conn.execute
        turn = self._turn(outlet)
        made = execute(
            "INSERT OR IGNORE INTO outlet_story (outlet, story, turn, subject)"
            " VALUES (?, ?, ?, ?)",
            [outlet, story, turn + 1, _packed(about)],
        )
        if not made.rowcount:
            return turn
        execute(
            "DELETE FROM outlet_story WHERE outlet = ? AND turn <= ?",
            [outlet, turn + 1 - STORIES_OF_OUTLET],
        )
        return turn + 1

    def _forget(self, outlet: str, turn: int, now: datetime) -> None:
        self._session.db.conn.execute(
            "DELETE FROM block_seen WHERE outlet = ? AND revoked_at IS NULL"
            " AND (last_turn < ? OR last_at < ?)",
            [outlet, turn - 1 - ARTICLES, micros(now - SPAN)],
        )

    def _see(self, heard: Heard, story: int, at: tuple[int, int]) -> None:
        outlet, (turn, when) = heard.submission.outlet, at
        keys = {line.key for line in heard.blocks if line.key is not None}
        many = self._session.db.conn.executemany
        many(_SEE, [(outlet, key, when, turn, story) for key in keys])
        many(_SEE_IN, [(outlet, key, story, turn) for key in keys])
        many(_THIN_OUT, [(outlet, key, STORIES_OF_BLOCK) for key in keys])

    def _learn(self, heard: Heard, when: int) -> None:
        by_at = {line.at: line.key for line in heard.blocks}
        learnt = {
            by_at[block.at]: block.text
            for block in heard.dropped
            if block.reason is Reason.REPEATED
        }
        self._session.db.conn.executemany(
            "UPDATE block_seen SET learnt_at = coalesce(learnt_at, ?), text = ?,"
            " removals = removals + 1 WHERE outlet = ? AND key = ?",
            [
                (when, printable(text), heard.submission.outlet, key)
                for key, text in learnt.items()
            ],
        )

    def _rule(self, outlet: str, block_id: int, revoked_at: int | None) -> None:
        with self._session.write() as db:
            ruled = db.conn.execute(
                "UPDATE block_seen SET revoked_at = ? WHERE id = ? AND outlet = ?"
                " AND learnt_at IS NOT NULL",
                [revoked_at, block_id, outlet],
            )
        if not ruled.rowcount:
            raise StoreError(
                self._session.path,
                f"the memory of {outlet} has no block {block_id}",
                f"`presswatch outlets memory {outlet}` lists them",
            )


#: The URL of another article, listed or stored, with a title.
HEADLINES = """
SELECT url FROM url WHERE outlet = ?1 AND json_extract(hints, '$.title') = ?2
    AND key <> ?3 AND id <> ?4
UNION ALL
SELECT a.url FROM revision r JOIN article a ON a.id = r.article_id
WHERE r.title = ?2 AND a.outlet = ?1 AND a.key <> ?3
LIMIT 1
"""

_BLOCKS = "SELECT * FROM block_seen WHERE outlet = ? AND key IN ({})"

_STORIES = """
SELECT s.block_id, s.story, o.subject FROM block_story s
LEFT JOIN outlet_story o ON o.outlet = ? AND o.story = s.story
WHERE s.block_id IN ({})
"""

# A story counts once, however many revisions and copies of it have the block.
_SEE = """
INSERT INTO block_seen
    (outlet, key, stories, first_at, last_at, first_turn, last_turn)
VALUES (?1, ?2, 1, ?3, ?3, ?4, ?4)
ON CONFLICT (outlet, key) DO UPDATE SET
    last_at = max(last_at, ?3), last_turn = ?4,
    stories = stories + NOT EXISTS
        (SELECT 1 FROM block_story s WHERE s.block_id = block_seen.id AND s.story = ?5)
"""

_SEE_IN = """
INSERT OR IGNORE INTO block_story (block_id, story, turn)
SELECT id, ?3, ?4 FROM block_seen WHERE outlet = ?1 AND key = ?2
"""

_THIN_OUT = """
DELETE FROM block_story WHERE (block_id, story) IN (
    SELECT s.block_id, s.story FROM block_seen b JOIN block_story s ON s.block_id = b.id
    WHERE b.outlet = ?1 AND b.key = ?2 AND b.stories > ?3
    ORDER BY s.turn DESC, s.story DESC LIMIT -1 OFFSET ?3
)
"""


def _less(submission: Submission, dropped: Sequence[Removed]) -> Submission:
    """The submission without those blocks."""
    reading = submission.reading
    cleaned = without(reading.cleaned, dropped)
    return replace(submission, reading=replace(reading, cleaned=cleaned))


def _counts(row: Row, turn: int, now: datetime) -> bool:
    """Whether it is remembered still; what the operator said always is."""
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
        forgotten=not _counts(row, turn, now),
    )


def _packed(about: Subject) -> bytes:
    return array("I", sorted(about)).tobytes()


def _unpacked(column: bytes) -> Subject:
    words = array("I")
    words.frombytes(column)
    return frozenset(words)


def _subject(column: bytes | None) -> Subject | None:
    return None if column is None else _unpacked(column)
