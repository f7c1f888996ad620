"""What a lookup and an insert cost as the memory of texts grows.

    python -m benchmarks.duplicate_growth [--shared DIR] [--sizes 10000,100000,1000000]

The memory is filled (`duplicate_filling`), then texts made of real words are related
to it. What a text costs before it meets the memory (folding, hashing) does not grow
and is told apart, as is its share of the upkeep: of the moving, and of forgetting
lines that have not come again, once a day.
"""

from __future__ import annotations

import argparse
import gc
import random
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from benchmarks.duplicate_filling import DAYS, Shape, fill
from benchmarks.duplicates import START, gold_texts, made_up
from pipelines.similarity.candidates import to_post
from pipelines.similarity.relating import nearest, sketched
from pipelines.similarity.texts import Text
from pipelines.store.postings import TOGETHER
from pipelines.store.scratch import Scratch

#: Texts that are related to each memory, after some to warm up.
TEXTS = 400
WARM_UP = 100


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--sizes", default="10000,100000,1000000")
    options = parser.parse_args(argv)
    gold = list(gold_texts(options.shared / "corpus"))
    texts = (replace(one, seen_at=START) for one in made_up(gold, 10_000))
    shape = Shape.of(list(islice(texts, TEXTS)))
    print(f"{shape.prints} prints and {shape.lines} lines, CPU milliseconds a text:")
    memory, rng = Scratch(), random.Random(3)
    for wanted in map(int, options.sizes.split(",")):
        fill(memory, wanted, shape, rng)
        report(memory, list(islice(texts, TEXTS + WARM_UP)))
    memory.close()


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
