"""Does it grow? Thousands of polls, a third of them broken, in one process.

python -m benchmarks.soak [--polls 3000] [--seed N]

Forty hosts are polled as often as can be. Every second, other faults are ordered for
30 % of them: errors, resets, bodies and gzip cut short, garbage, floods of headers,
redirect loops, pages instead of feeds. Memory, descriptors and threads of the main
process are taken every hundred polls; the slope of memory is that of the line of
least squares after the warm-up (a third of the polls).
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.hosts import Measure, World, add_source, crawl, port_of, ticking
from service.demo.client import Site

HOSTS = 40
SHARE = 0.3
EVERY = 100  # polls between two measurements
#: Megabytes a thousand polls.
MOST_SLOPE = 1.0

FAULTS = (
    ("status", {"status": 500}),
    ("status", {"status": 404}),
    ("drop", {}),
    ("close", {}),
    ("short", {}),
    ("truncated_gzip", {}),
    ("bad_chunk", {}),
    ("garbage", {}),
    ("header_flood", {}),
    ("redirect", {}),
    ("page", {"page": "captcha"}),
    ("body", {"text": "<rss><channel><item>"}),
)


class Soak:
    """Breaks hosts at random and measures."""

    def __init__(self, site: Site, polls: int, seed: int) -> None:
        self._site, self._polls = site, polls
        self._random = random.Random(seed)
        self.measures: list[Measure] = []

    async def drive(self, world: World) -> None:
        tick = asyncio.create_task(ticking(world))
        while world.tally.sources < self._polls:
            await asyncio.to_thread(self._break)
            await asyncio.sleep(1)
            done = world.tally.sources
            if done >= EVERY * (len(self.measures) + 1):
                self.measures.append(Measure.now(done))
                _progress(done, self._polls)
        tick.cancel()

    def _break(self) -> None:
        self._site.clear_faults()
        for host in self._random.sample(range(HOSTS), int(HOSTS * SHARE)):
            kind, args = self._random.choice(FAULTS)
            self._site.fault("courier", f"k={host}$", kind, **args)


def slope(measures: Sequence[Measure]) -> float:
    """Megabytes of memory a thousand polls, by least squares."""
    polls = [float(each.polls) for each in measures]
    sizes = [each.resident / 1e6 for each in measures]
    middle, size = sum(polls) / len(polls), sum(sizes) / len(sizes)
    spread = sum((poll - middle) ** 2 for poll in polls)
    pairs = zip(polls, sizes, strict=True)
    return 1000 * sum((p - middle) * (s - size) for p, s in pairs) / spread


def soak(site: Site, directory: Path, polls: int, seed: int) -> Soak:
    """Runs it; the measurements are in `measures`."""
    config = site.config(directory, outlets=[], console={"bind": "127.0.0.1:0"})
    for number in range(HOSTS):
        url = f"http://n{number}.test:{port_of(site)}/rss.xml?k={number}"
        add_source(config, f"n{number}", url)
    running = Soak(site, polls, seed)
    crawl(config, running.drive, seconds=3600)
    return running


def _progress(done: int, polls: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done} of {polls} polls")
        sys.stderr.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--polls", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name, Site.start() as site:
        ran = soak(site, Path(name), options.polls, options.seed)
    print(f"\n{'polls':>8} {'memory':>10} {'descriptors':>12} {'threads':>8}")
    step = max(1, len(ran.measures) // 10)
    for each in ran.measures[::step]:
        size = f"{each.resident / 1e6:.1f} MB"
        print(f"{each.polls:8} {size:>10} {each.descriptors:12} {each.threads:8}")
    late = ran.measures[len(ran.measures) // 3 :]
    grows = slope(late)
    descriptors = max(m.descriptors for m in late) - min(m.descriptors for m in late)
    print(f"memory after the warm-up: {grows:+.2f} MB in 1,000 polls")
    print(f"descriptors vary by {descriptors}")
    return 0 if grows < MOST_SLOPE else 1


if __name__ == "__main__":
    sys.exit(main())
