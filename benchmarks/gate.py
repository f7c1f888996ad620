"""The quick benchmarks as gates: what must not get worse unnoticed.

    python -m benchmarks.gate [NAME...]

Prints a line a gate and, at the end, which failed; exits 1 if one did. Everything is
made here, but for the corpus: where it is not, cleaning is held to the project's own
golden pages alone. The long forms of these measurements: docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks import cleaning, feeds, kills, queue_latency
from service.demo.client import Site

#: Seconds of one round of the latency gate, and its rounds: another program's burst
#: on a small machine spoils a round, not three.
LATENCY_SECONDS: Final = 3.0
LATENCY_ROUNDS: Final = 3
KILLS: Final = 3
#: Generated articles of each of the four outlets, beside those written by hand.
ARTICLES: Final = 40
#: How many times longer feedparser has to take at least; some three is measured.
FEEDS_RATIO: Final = 1.5


@dataclass(frozen=True, slots=True)
class Result:
    """Whether a gate is passed, and the figures or problems in a few words."""

    passed: bool
    words: str


def cleaning_floors() -> Result:
    """Golden pages come out to the letter, the corpora above their floors."""
    problems = cleaning.gate()
    found = [path.name for path in cleaning.CORPORA if path.exists()]
    corpora = [name for name in found if name in cleaning.FLOORS]
    beside = f" and the corpora {', '.join(corpora)}" if corpora else ", no corpus here"
    passed = f"{len(cleaning.golden())} golden pages{beside}"
    return Result(not problems, "; ".join(problems) or passed)


def feed_speed() -> Result:
    """A large feed is read faster than by feedparser."""
    body = feeds.rss(2_000, sentences=1)
    (figures,) = feeds.measure({"2,000 items": body}, rounds=2)
    complete = figures.our_entries == figures.their_entries == 2_000
    words = f"feedparser takes {figures.ratio:.1f} times as long (floor {FEEDS_RATIO})"
    return Result(complete and figures.ratio >= FEEDS_RATIO, words)


def latency() -> Result:
    """An outside `ack` is quick while a writer stores at full speed."""
    target, best = queue_latency.TARGET_P99_MS, float("inf")
    for _ in range(LATENCY_ROUNDS):
        with tempfile.TemporaryDirectory() as directory:
            figures = queue_latency.measure(Path(directory), LATENCY_SECONDS)
        best = min(best, figures["ack_ms_p99"])
        if best < target:
            break
    return Result(best < target, f"ack p99 {best:.0f} ms (target {target:.0f} ms)")


def killed_passes() -> Result:
    """Kills at random moments lose nothing and queue nothing twice."""
    return _torment(KILLS, generate=0)


def one_pass() -> Result:
    """One pass over a site queues every article exactly once."""
    return _torment(0, generate=ARTICLES)


def _torment(count: int, *, generate: int) -> Result:
    with (
        tempfile.TemporaryDirectory() as name,
        Site.start(generate=generate, window=2000) as site,
    ):
        config = site.config(Path(name), sources=["feed", "sitemap"])
        verdict = kills.torment(site, config, count, seed=1)
    problems = {
        "lost": len(verdict.lost),
        "twice": len(verdict.twice),
        "damaged": len(verdict.damage),
    }
    told = ", ".join(f"{n} {name}" for name, n in problems.items())
    killed = f"{verdict.kills} kills, " if count else ""
    return Result(verdict.sound, f"{killed}{verdict.articles} articles, {told}")


GATES: Final[dict[str, Callable[[], Result]]] = {
    "cleaning": cleaning_floors,
    "feeds": feed_speed,
    "latency": latency,
    "kills": killed_passes,
    "once": one_pass,
}


def run(gates: dict[str, Callable[[], Result]]) -> list[str]:
    """Runs gates, printing a line each; the names of those that failed."""
    failed = []
    for name, check in gates.items():
        print(f"{name:9}", end=" ", flush=True)  # before it runs: it may crash
        begun = time.monotonic()
        result = check()
        seconds = time.monotonic() - begun
        passed = "ok    " if result.passed else "FAILED"
        print(f"{passed} {seconds:4.0f} s  {result.words}", flush=True)
        if not result.passed:
            failed.append(name)
    return failed


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all gates, or those named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(GATES))
    names = parser.parse_args(arguments).names or list(GATES)
    if unknown := set(names) - set(GATES):
        parser.error(f"no such gate: {', '.join(sorted(unknown))}")
    failed = run({name: GATES[name] for name in names})
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
