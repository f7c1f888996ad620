"""What a lookup and an insert cost as the memory of texts grows.

    python -m benchmarks.duplicate_growth [--shared DIR] [--sizes 10000,100000,1000000]

The memory is filled with sketches of as many prints and lines as texts of real words
have, drawn as winnowing draws them; then texts made of real words are related to it,
while it holds the prints of half as many latest texts as are moved together. What a
text costs before it meets the memory (folding, hashing) does not grow and is told
apart, as is its share of the upkeep: of the moving, and of forgetting lines that have
not come again, once a day.
"""

from __future__ import annotations

import argparse
import gc
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from statistics import fmean

from benchmarks.duplicates import START, gold_texts, made_up
from pipelines.similarity.candidates import to_post
from pipelines.similarity.relating import nearest, sketched
from pipelines.similarity.texts import Text
from pipelines.store.outlet_lines import KEYS, day_of
from pipelines.store.postings import PRINTS, TOGETHER
from pipelines.store.scratch import Scratch

#: Texts that are related to each memory, after some to warm up.
TEXTS = 400
WARM_UP = 100
CHUNK = 20_000
#: So many days' texts are in the memory; lines that do not come again stay for 15.
DAYS = 60
LINES_KEPT = 15


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--sizes", default="10000,100000,1000000")
    options = parser.parse_args(argv)
    gold = list(gold_texts(options.shared / "corpus"))
    texts = (replace(one, seen_at=START) for one in made_up(gold, 10_000))
    memory = Scratch()
    prints, lines = shape(list(islice(texts, TEXTS)), memory)
    print(f"{prints:.0f} prints and {lines:.0f} lines a text, CPU milliseconds a text:")
    counts = (round(prints), round(lines))
    rng = random.Random(3)
    for wanted in map(int, options.sizes.split(",")):
        ids = range(memory.newest() + 1, wanted + 1)
        fill(memory, ids, counts, rng)
        report(memory, list(islice(texts, TEXTS + WARM_UP)))
    memory.close()


def shape(texts: Sequence[Text], memory: Scratch) -> tuple[float, float]:
    """How many prints and lines a text has."""
    sketches = [sketched(text, memory) for text in texts]
    return (
        fmean(len(sketch.prints) for sketch in sketches),
        fmean(len(set(sketch.lines)) for sketch in sketches),
    )


def fill(
    memory: Scratch, ids: range, counts: tuple[int, int], rng: random.Random
) -> None:
    """Sketches as of unlike texts, in order, a few thousand at a time."""
    prints, lines = counts
    db = memory._session.db.conn
    db.execute("INSERT OR IGNORE INTO teller VALUES (1, 'filler')")
    latest = ids.stop - TOGETHER // 2
    for start in range(ids.start, ids.stop, CHUNK):
        some = range(start, min(start + CHUNK, ids.stop))
        db.executemany(
            "INSERT INTO sketch VALUES (?1, ?1, 1, ?2, ?2, 400, 0)",
            ((one, rng.getrandbits(62)) for one in some),
        )
        post(memory, range(some.start, min(some.stop, latest)), prints, rng)
        memory.merge()
        db.executemany(
            "INSERT OR IGNORE INTO outlet_line VALUES (?, 1, ?, ?)",
            sorted(
                (rng.randrange(KEYS), day_of(START), i)
                for i in some[:: DAYS // LINES_KEPT]
                for _ in range(lines)
            ),
        )
    post(memory, range(max(ids.start, latest), ids.stop), prints, rng)


def post(memory: Scratch, ids: range, prints: int, rng: random.Random) -> None:
    """Prints of those texts, as if they had just come."""
    memory._session.db.conn.executemany(
        "INSERT OR IGNORE INTO fresh_posting VALUES (?, ?)",
        # Text by text, which leaves room in the pages; in order they would be full.
        ((one, i) for i in ids for one in winnowed(prints, rng)),
    )


def winnowed(count: int, rng: random.Random) -> Iterator[int]:
    """The smallest of 16 values, so many times."""
    for _ in range(count):
        yield int((1 - rng.random() ** (1 / 16)) * PRINTS)


def report(memory: Scratch, texts: Sequence[Text]) -> None:
    """Mean CPU times over the texts, which are kept."""
    size, count = memory.size(), memory.newest()
    spent = [0.0, 0.0, 0.0]
    gc.collect()
    gc.disable()
    for at, text in enumerate(texts):
        times = [time.process_time()]
        sketch = sketched(text, memory)
        times.append(time.process_time())
        posted = memory.posted(sketch.prints)
        found = nearest(sketch, posted, memory)
        times.append(time.process_time())
        memory.keep(sketch, found.story, to_post(sketch, posted, found.story))
        times.append(time.process_time())
        if at >= WARM_UP:
            for part in range(3):
                spent[part] += times[part + 1] - times[part]
    gc.enable()
    sketching, lookup, insert = (1000 * part / TEXTS for part in spent)
    upkeep = moved(memory) + forgotten(memory, count)
    print(
        f"{count:>9,} texts: sketch {sketching:.2f}, lookup {lookup:.2f},"
        f" insert {insert:.2f}, upkeep {upkeep:.2f},"
        f" together {sketching + lookup + insert + upkeep:.2f};"
        f" {size / count:.0f} bytes a text",
        flush=True,
    )


def moved(memory: Scratch) -> float:
    """CPU milliseconds that a text takes to be moved with half of TOGETHER others."""
    started = time.process_time()
    memory.merge()
    return 1000 * (time.process_time() - started) / (TOGETHER / 2 + TEXTS + WARM_UP)


def forgotten(memory: Scratch, count: int) -> float:
    """CPU milliseconds a text: once a day all lines are looked at."""
    started = time.process_time()
    memory._lines.forget(0)
    return 1000 * (time.process_time() - started) / (count / DAYS)


if __name__ == "__main__":
    main()
