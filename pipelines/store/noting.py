"""What the memory of an outlet keeps of an article that was stored."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pipelines.article import Reason, Removed
from pipelines.decide import Submission
from pipelines.memory import ARTICLES, SPAN, Line
from pipelines.store.columns import micros, printable
from pipelines.store.recalling import Recalling
from pipelines.store.session import Session
from pipelines.subject import Subject

#: Stories whose subjects are kept of a block, and of an outlet. The latter are more
#: than a block can be older than, if it has recurred often enough to be looked at.
STORIES_OF_BLOCK: Final = 8
STORIES_OF_OUTLET: Final = STORIES_OF_BLOCK * ARTICLES

# A story counts once, however many revisions and copies of it have the block.
_SEE: Final = """
INSERT INTO block_seen
    (outlet, key, stories, first_at, last_at, first_turn, last_turn)
VALUES (?1, ?2, 1, ?3, ?3, ?4, ?4)
ON CONFLICT (outlet, key) DO UPDATE SET
    last_at = max(last_at, ?3), last_turn = ?4,
    stories = stories + NOT EXISTS
        (SELECT 1 FROM block_story s WHERE s.block_id = block_seen.id AND s.story = ?5)
"""

_SEE_IN: Final = """
INSERT OR IGNORE INTO block_story (block_id, story, turn)
SELECT id, ?3, ?4 FROM block_seen WHERE outlet = ?1 AND key = ?2
"""

_THIN_OUT: Final = """
DELETE FROM block_story WHERE (block_id, story) IN (
    SELECT s.block_id, s.story FROM block_seen b JOIN block_story s ON s.block_id = b.id
    WHERE b.outlet = ?1 AND b.key = ?2 AND b.stories > ?3
    ORDER BY s.turn DESC, s.story DESC LIMIT -1 OFFSET ?3
)
"""


@dataclass(frozen=True, slots=True)
class Heard:
    """A submission as the memory hands it on, and what is to be noted of it.

    `blocks` are all that the page had, before the memory took some out.
    """

    submission: Submission
    blocks: tuple[Line, ...]
    dropped: tuple[Removed, ...]
    subject: Subject


class Noting:
    """Remembers the blocks of stored articles; within the transaction of its caller."""

    def __init__(self, session: Session, recalling: Recalling) -> None:
        self._session = session
        self._recalling = recalling

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

    def _take_turn(self, outlet: str, story: int, about: Subject) -> int:
        """The outlet's latest turn; a story it has not had before makes a new one."""
        execute = self._session.db.conn.execute
        turn = self._recalling.turn(outlet)
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


def _packed(about: Subject) -> bytes:
    return array("I", sorted(about)).tobytes()
