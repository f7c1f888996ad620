"""What a lookup and an insert cost as the memory of texts grows.

    python -m benchmarks.duplicate_growth [--shared DIR] [--sizes 10000,100000,1000000]

The memory is filled with sketches of as many prints and lines as texts of real words
have, drawn as winnowing draws them; then texts made of real words are related to it,
while it holds the prints of half as many latest texts as are moved together. What a
text costs before it meets the memory (folding, hashing) does not grow and is told
apart, as is its share of the moving.
"""

from __future__ import annotations

import argparse
import gc
import random
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from statistics import fmean

from benchmarks.duplicates import gold_texts, made_up
from pipelines.similarity.relating import Text, nearest, sketched, to_post
from pipelines.store.outlet_lines import KEYS
from pipelines.store.postings import PRINTS, TOGETHER
from pipelines.store.scratch import Scratch

#: Texts that are related to each memory, after some to warm up.
TEXTS = 400
WARM_UP = 100
CHUNK = 20_000


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--sizes", default="10000,100000,1000000")
    options = parser.parse_args(argv)
    gold = list(gold_texts(options.shared / "corpus"))
    texts = made_up(gold, 10_000)
    memory = Scratch()
    prints, lines = shape(list(islice(texts, TEXTS)), memory)
    print(f"{prints:.0f} prints and {lines:.0f} lines a text, CPU milliseconds a text:")
    counts = (round(prints), round(lines))
    rng = random.Random(3)
    for wanted in map(int, options.sizes.split(",")):
        ids = range(memory.newest() + 1, wanted + 1)
        fill(memory, ids, counts, rng)
        report(memory, list(islice(texts, TEXTS + WARM_UP)), counts, rng)
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
    for start in range(ids.start, ids.stop, CHUNK):
        some = range(start, min(start + CHUNK, ids.stop))
        db.executemany(
            "INSERT INTO sketch VALUES (?1, ?1, 1, ?2, ?2, 400, 0)",
            ((one, rng.getrandbits(62)) for one in some),
        )
        post(memory, some, prints, rng)
        memory.merge()
        db.executemany(
            "INSERT OR IGNORE INTO outlet_line VALUES (?, 1, 0, ?)",
            # Lines that do not come again are forgotten after 15 days of 60.
            sorted((rng.randrange(KEYS), i) for i in some[::4] for _ in range(lines)),
        )


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


def report(
    memory: Scratch, texts: Sequence[Text], counts: tuple[int, int], rng: random.Random
) -> None:
    """Mean CPU times over the texts, which are kept."""
    size, count = memory.size(), memory.newest()
    latest = range(count - TOGETHER // 2 + 1, count + 1)
    post(memory, latest, counts[0], rng)
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
    moving = merged(memory, latest, counts[0], rng)
    print(
        f"{count:>9,} texts: sketch {sketching:.2f}, lookup {lookup:.2f},"
        f" insert {insert:.2f}, move {moving:.2f},"
        f" together {sketching + lookup + insert + moving:.2f};"
        f" {size / count:.0f} bytes a text",
        flush=True,
    )


def merged(memory: Scratch, latest: range, prints: int, rng: random.Random) -> float:
    """CPU milliseconds that a text takes to be moved with TOGETHER others."""
    missing = TOGETHER - len(latest) - TEXTS - WARM_UP
    post(memory, range(latest.start - missing, latest.start), prints, rng)
    started = time.process_time()
    memory.merge()
    return 1000 * (time.process_time() - started) / TOGETHER


if __name__ == "__main__":
    main()
