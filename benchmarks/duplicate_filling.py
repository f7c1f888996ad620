"""A memory of many texts, made up at once: what the next text costs is what counts.

Sketches of as many prints and lines as texts of real words have, drawn as winnowing
draws them. `MinHash.fill` of the peers does the like.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean

from pipelines.similarity.relating import sketched
from pipelines.similarity.texts import Text
from pipelines.store.outlet_lines import KEYS, day_of
from pipelines.store.postings import PRINTS, TOGETHER
from pipelines.store.scratch import Scratch

CHUNK = 20_000
#: So many days' texts are in the memory; lines that do not come again stay for 15.
DAYS = 60
LINES_KEPT = 15


@dataclass(frozen=True, slots=True)
class Shape:
    """How many prints and lines a text has, and when it came."""

    prints: int
    lines: int
    at: datetime | None

    @classmethod
    def of(cls, texts: Sequence[Text]) -> Shape:
        """Of texts that are all of one day, on average."""
        memory = Scratch()
        sketches = [sketched(text, memory) for text in texts]
        memory.close()
        return cls(
            round(fmean(len(sketch.prints) for sketch in sketches)),
            round(fmean(len(set(sketch.lines)) for sketch in sketches)),
            texts[0].seen_at,
        )


def fill(memory: Scratch, count: int, shape: Shape, rng: random.Random) -> None:
    """Have it hold so many texts, half as many as are moved together of them fresh."""
    ids = range(memory.newest() + 1, count + 1)
    db = memory._session.db.conn
    db.execute("INSERT OR IGNORE INTO teller VALUES (1, 'filler')")
    latest = ids.stop - TOGETHER // 2
    for start in range(ids.start, ids.stop, CHUNK):
        some = range(start, min(start + CHUNK, ids.stop))
        db.executemany(
            "INSERT INTO sketch VALUES (?1, ?1, 1, ?2, ?2, 400, 0)",
            ((one, rng.getrandbits(62)) for one in some),
        )
        post(memory, range(some.start, min(some.stop, latest)), shape, rng)
        memory.merge()
        db.executemany(
            "INSERT OR IGNORE INTO outlet_line VALUES (?, 1, ?, ?)",
            sorted(
                (rng.randrange(KEYS), day_of(shape.at), i)
                for i in some[:: DAYS // LINES_KEPT]
                for _ in range(shape.lines)
            ),
        )
    post(memory, range(max(ids.start, latest), ids.stop), shape, rng)


def post(memory: Scratch, ids: range, shape: Shape, rng: random.Random) -> None:
    """Prints of those texts, as if they had just come."""
    memory._session.db.conn.executemany(
        "INSERT OR IGNORE INTO fresh_posting VALUES (?, ?)",
        # Text by text, which leaves room in the pages; in order they would be full.
        ((one, i) for i in ids for one in winnowed(shape.prints, rng)),
    )


def winnowed(count: int, rng: random.Random) -> Iterator[int]:
    """The smallest of 16 values, so many times."""
    for _ in range(count):
        yield int((1 - rng.random() ** (1 / 16)) * PRINTS)
