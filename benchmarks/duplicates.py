"""How well copies, round-ups and form texts are told apart, and what it costs.

    python -m benchmarks.duplicates [--large] [--cost] [--halves] [--misses]

Real syndication (612 texts of 75 publishers on one event): pairs of which the shorter
text is covered to 70 % or more, and that are one story; pairs under 30 % that are.
Edits of gold texts: found or not. Form texts and briefs: merged or not. Cost: texts
made of real words, in an index that was filled. Peers are measured beside where they
can be imported.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import combinations
from pathlib import Path

from benchmarks.duplicate_filling import Shape, fill
from benchmarks.duplicate_peers import MinHash, Peer, peers
from benchmarks.edits import EDITS
from benchmarks.form_texts import briefs, issues
from pipelines.similarity.judging import Likeness
from pipelines.similarity.matching import match
from pipelines.similarity.relating import relate, related, sketched
from pipelines.similarity.texts import Text
from pipelines.similarity.wording import Wording, worded
from pipelines.store.scratch import Scratch

START = datetime(2026, 3, 2, tzinfo=UTC)
#: Texts that each cost is the mean of, after some to warm up.
MEASURED = 1000
WARM_UP = 300
#: Shorter texts are no reference: a caption is covered by every longer text.
FEWEST_WORDS = 80


@dataclass(frozen=True, slots=True)
class Gold:
    """A text of the corpus, to be edited."""

    id: str
    text: str


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--large", action="store_true", help="100,000 texts too")
    parser.add_argument("--cost", action="store_true", help="only what it costs")
    parser.add_argument("--halves", action="store_true", help="of publishers, too")
    parser.add_argument("--misses", action="store_true", help="print what was missed")
    options = parser.parse_args(argv)
    gold = list(gold_texts(options.shared / "corpus"))
    if not options.cost:
        event(options.shared / "duplicates" / "event.jsonl", halves=options.halves)
        edits(gold, misses=options.misses)
        forms(gold)
    for count in (10_000, 100_000) if options.large else (10_000,):
        cost(gold, count)


# Real syndication


def event(path: Path, *, halves: bool) -> None:
    """One event as 75 publishers told it."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    texts = [
        Text(one["outlet"], None, datetime.fromisoformat(one["seen_at"]), one["text"])
        for one in lines
    ]
    shares = coverages(texts)
    print(f"{path}: {len(texts)} texts, {sum(s >= 0.7 for s in shares.values())} pairs")
    report("presswatch", dict(enumerate(stories_of(texts))), shares)
    if halves:
        report_halves(texts, shares)
    for name, make in peers().items():
        report(name, dict(enumerate(peer_stories(make(), texts))), shares)


def coverages(texts: Sequence[Text]) -> dict[tuple[int, int], float]:
    """The pairs of two outlets -> the share of the shorter that the longer covers."""
    wordings = [Wording(worded(text.text)) for text in texts]
    shares = {}
    for (a, one), (b, other) in combinations(enumerate(wordings), 2):
        if texts[a].outlet == texts[b].outlet or min(len(one), len(other)) < (
            FEWEST_WORDS
        ):
            continue
        apart = one.run_set.isdisjoint(other.run_set)
        shares[a, b] = 0.0 if apart else match(one, other).shorter.coverage
    return shares


def stories_of(texts: Sequence[Text]) -> list[int]:
    """The story of each text, told apart in order."""
    memory = Scratch()
    told = (relate(text, memory) for text in texts)
    stories = [here if one.story is None else one.story for here, one in told]
    memory.close()
    return stories


def peer_stories(peer: Peer, texts: Sequence[Text]) -> list[int]:
    """As `stories_of`: the story of the first text that the peer names."""
    stories: list[int] = []
    for at, text in enumerate(texts):
        of = peer.nearest(text.text)
        peer.add(at, text.text)
        stories.append(at if of is None else stories[of])
    return stories


def report(
    name: str, stories: Mapping[int, int], shares: dict[tuple[int, int], float]
) -> None:
    found, copies, wrong = tallied(stories, shares)
    print(f"  {name:20} recall {found / copies:.3f}   under 0.3 merged {wrong}")


def tallied(
    stories: Mapping[int, int], shares: dict[tuple[int, int], float]
) -> tuple[int, int, int]:
    """Of the pairs with stories: copies in one story, copies, strange ones in one."""
    here = {pair: share for pair, share in shares.items() if stories.keys() >= {*pair}}
    one = {pair: stories[pair[0]] == stories[pair[1]] for pair in here}
    found = sum(one[pair] for pair, share in here.items() if share >= 0.7)
    wrong = sum(one[pair] for pair, share in here.items() if share < 0.3)
    return found, sum(share >= 0.7 for share in here.values()), wrong


def report_halves(texts: Sequence[Text], shares: dict[tuple[int, int], float]) -> None:
    """The same of random halves of the publishers, all pairs together."""
    outlets = sorted({text.outlet for text in texts})
    tallies = []
    for seed in range(6):
        chosen = set(random.Random(seed).sample(outlets, len(outlets) // 2))
        for inside in (True, False):
            ids = [at for at, t in enumerate(texts) if (t.outlet in chosen) is inside]
            told = stories_of([texts[at] for at in ids])
            tallies.append(tallied(dict(zip(ids, told, strict=True)), shares))
    found, copies, wrong = (sum(column) for column in zip(*tallies, strict=True))
    print(
        f"  in 12 halves         recall {found / copies:.3f}   under 0.3 merged {wrong}"
    )


# Edits


def gold_texts(corpus: Path) -> Iterator[Gold]:
    """The gold texts of the corpus that are long enough to be cut to a quarter."""
    for folder in ("outlets", "articles"):
        cases = (corpus / folder / "cases.jsonl").read_text("utf-8").splitlines()
        for case in map(json.loads, cases):
            text = "\n".join(case["body"])
            if len(worded(text)) >= 4 * FEWEST_WORDS // 2:
                yield Gold(case["id"], text)


def edits(gold: Sequence[Gold], *, misses: bool) -> None:
    """Every edit of every gold text, looked for among the gold texts."""
    memory = Scratch()
    ids = [relate(Text(g.id, None, START, g.text), memory)[0] for g in gold]
    others = {name: make() for name, make in peers().items()}
    for peer in others.values():
        for at, one in zip(ids, gold, strict=True):
            peer.add(at, one.text)
    tallies: defaultdict[str, Counter[str]] = defaultdict(Counter)
    by_edit: dict[str, Counter[str]] = {}
    for name, edit in EDITS.items():
        rng = random.Random(name)
        by_edit[name] = Counter()
        for at, one in zip(ids, gold, strict=True):
            text = edit(one.text, filler(one.text, rng), rng)
            of, likeness = found_in(memory, text, in_story=name != "in a round-up")
            score(tallies["presswatch"], at, of)
            score(by_edit[name], at, of)
            if misses and of != at:
                print(f"    {name}: {one.id} {likeness}")
            for other, peer in others.items():
                score(tallies[other], at, peer.nearest(text))
    memory.close()
    print(f"edits of {len(gold)} gold texts, F1")
    for name, tally in by_edit.items():
        print(f"    {name:20} {f1(tally):.3f}")
    for name, tally in tallies.items():
        print(f"  {name:20} {f1(tally):.3f}   wrong text {tally['wrong']}")


def found_in(
    memory: Scratch, text: str, *, in_story: bool
) -> tuple[int | None, Likeness]:
    """The text that a query belongs to; a round-up holds it, others are its copies."""
    query = Text("copying.example", None, START + timedelta(hours=3), text)
    sketch = sketched(query, memory)
    one = related(sketch, memory.posted(sketch.prints), memory)
    wanted = {Likeness.SAME} if in_story else {Likeness.SAME, Likeness.CONTAINED}
    return (one.of if one.likeness in wanted else None), one.likeness


def score(tally: Counter[str], right: int, told: int | None) -> None:
    tally["right" if told == right else "missed" if told is None else "wrong"] += 1


def f1(tally: Counter[str]) -> float:
    right, told = tally["right"], tally["right"] + tally["wrong"]
    return 2 * right / (told + tally.total()) if right else 0.0


def filler(text: str, rng: random.Random) -> str:
    """Other text in the same words, three times as long."""
    pieces = text.split() if text.count(" ") * 20 > len(text) else list(text)
    joint = " " if len(pieces) < len(text) else ""
    return joint.join(rng.choices(pieces, k=3 * len(pieces)))


# Form texts


def forms(gold: Sequence[Gold]) -> None:
    """Form texts a day apart, and briefs that end alike: every merger is wrong."""
    rng = random.Random(1)
    words = [word for one in gold for word in one.text.split()]
    streams = {
        "form texts": [
            Text(f"{form}.example", None, START + timedelta(days=n // 9), text)
            for n, (form, text) in enumerate(issues(40, rng))
        ],
        "briefs": [
            Text("briefs.example", None, START + timedelta(hours=n), text)
            for n, text in enumerate(briefs(200, words, rng))
        ],
    }
    for name, texts in streams.items():
        report_merged(name, "presswatch", stories_of(texts))
        for other, make in peers().items():
            report_merged(name, other, peer_stories(make(), texts))


def report_merged(name: str, who: str, stories: Sequence[int]) -> None:
    merged = 1 - len(set(stories)) / len(stories)
    print(f"{name:12} {who:20} merged {merged:.1%} of {len(stories)}")


# Cost


def cost(gold: Sequence[Gold], count: int) -> None:
    """CPU time a text, and bytes of the index, among so many that are made up.

    Each text goes to all in turn, so that what else the machine does hits all alike.
    """
    texts = list(made_up(gold, MEASURED + WARM_UP))
    memory = Scratch()
    shape = Shape.of([replace(text, seen_at=START) for text in texts])
    fill(memory, count, shape, random.Random(3))
    size = memory.size() / count
    actions = {"presswatch": partial(keep_in, memory)}
    for name, make in peers().items():
        peer = make()
        if isinstance(peer, MinHash):
            peer.fill(count)
            actions[name] = partial(keep_beside, peer)
    spent = timed(actions, iter(texts), WARM_UP)
    memory.close()
    print(f"{count:,} texts: {size:.0f} bytes a text")
    for name, seconds in spent.items():
        ratio = seconds / spent["presswatch"]
        print(f"{count:,} texts: {name:16} {1000 * seconds:.2f} ms  {ratio:.2f}")


def keep_in(memory: Scratch, text: Text) -> None:
    relate(text, memory)


def keep_beside(peer: Peer, text: Text) -> None:
    peer.nearest(text.text)
    peer.add(text.url_key or 0, text.text)


def timed(
    actions: dict[str, Callable[[Text], None]], texts: Iterator[Text], skipped: int
) -> dict[str, float]:
    """CPU seconds a text of each, after the first ones; making them does not count."""
    spent = dict.fromkeys(actions, 0.0)
    counted = 0
    gc.collect()
    for at, text in enumerate(texts):
        counted += at >= skipped
        for name, action in actions.items():
            start = time.process_time()
            action(text)
            if at >= skipped:
                spent[name] += time.process_time() - start
    return {name: seconds / counted for name, seconds in spent.items()}


def made_up(gold: Sequence[Gold], count: int) -> Iterator[Text]:
    """Unlike texts in the words, line lengths and numbers of lines of real ones."""
    rng = random.Random(2)
    words = [word for one in gold for word in one.text.split() if len(word) < 25]
    shapes = [[len(line.split()) for line in g.text.split("\n")] for g in gold]
    for at in range(count):
        shape = rng.choice(shapes)
        lines = (" ".join(rng.choices(words, k=max(1, size))) for size in shape)
        seen = START + timedelta(minutes=at * 60 * 24 * 60 // count)
        yield Text(f"outlet{at % 50}", at, seen, "\n".join(lines))


if __name__ == "__main__":
    main()
