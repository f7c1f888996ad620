"""Kills `once` at random moments, and counts what was lost or queued twice.

    python -m benchmarks.kills --kills 200 --seed 1

Articles are published before every round, so that each kill meets work at some stage:
polling, fetching, cleaning, storing. After the last kill one undisturbed pass runs;
then every article of the site must be in the queue exactly once (or be a copy of a
text that is), and the database must be sound. Exit code 1 if it is not so.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.store import Store
from service.demo.client import Site

#: Seconds after its start at which a pass may be killed: before the first import is
#: done, and after the last article is stored.
EARLIEST, LATEST = 0.3, 5.0
OUTLETS = ("courier", "talbote", "upland", "gaceta")


@dataclass(slots=True)
class Verdict:
    """What a run of kills came to. Lists hold URLs or message ids."""

    kills: int = 0
    survived: int = 0  # passes that were done before their kill
    articles: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not (self.lost or self.twice or self.damage)


def torment(site: Site, config: Path, kills: int, seed: int) -> Verdict:
    """Kills `kills` passes over the site's outlets, then judges what is stored."""
    rng = random.Random(seed)
    verdict = Verdict()
    while verdict.kills < kills:
        site.publish(rng.choice(OUTLETS), generate=3)
        if _killed(config, rng.uniform(EARLIEST, LATEST)):
            verdict.kills += 1
        else:
            verdict.survived += 1
        _progress(verdict, kills)
    subprocess.run(_once(config), check=True, stdout=subprocess.DEVNULL)
    return _judge(site, config, verdict)


def _once(config: Path) -> list[str]:
    return [sys.executable, "-m", "service.cli", "once", "--config", str(config)]


def _killed(config: Path, after: float) -> bool:
    process = subprocess.Popen(
        _once(config), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def _judge(site: Site, config: Path, verdict: Verdict) -> Verdict:
    published = {article["url"] for article in site.truth()}
    database = config / "data" / "presswatch.db"
    with Store.open(database, read_only=True) as store:
        messages = list(store.queue.export(0))
        stored = {row.url for row in store.articles.list(limit=10**6)}
        verdict.damage = store.damage()
    urls = Counter(str(message.article["url"]) for message in messages)
    ids = Counter(message.id for message in messages)
    copies = stored - set(urls)
    verdict.articles = len(published)
    verdict.lost = sorted(published - set(urls) - copies)
    verdict.twice = [url for url, n in (urls + ids).items() if n > 1]
    if len(copies) > 1:  # the one wire story that two outlets carry
        verdict.lost += sorted(copies)[1:]
    return verdict


def _progress(verdict: Verdict, kills: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{verdict.kills} of {kills} killed")
        sys.stderr.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name, Site.start(window=2000) as site:
        config = site.config(Path(name), sources=["feed", "sitemap"])
        verdict = torment(site, config, options.kills, options.seed)
    print(f"\r{verdict.kills} kills in {time.monotonic() - started:.0f} s")
    print(f"articles published {verdict.articles}")
    for name in ("lost", "twice", "damage"):
        found = getattr(verdict, name)
        print(f"{name:18} {len(found)} {json.dumps(found[:5]) if found else ''}")
    return 0 if verdict.sound else 1


if __name__ == "__main__":
    sys.exit(main())
