"""Do hostile hosts hold up a healthy outlet, or the event loop?

python -m benchmarks.isolation [--seconds 240]

One outlet is polled every second, first alone, then beside fifty hosts that drip,
hang, flood, send bombs and endless bodies, or have names that never resolve; in one
run, so that a busy machine slows both alike. Told: how much later than due its polls
began (by the server's log), for how long the event loop kept others waiting, and how
much of the worst of that was work of this process (the rest is the machine's).
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.hosts import (
    Stalls,
    World,
    add_source,
    crawl,
    port_of,
    quantile_of,
    ticking,
)
from service.demo.client import Site

HOSTS = 50
WARM_UP = 8.0  # seconds: imports, the first articles
#: An interval of a second, a tenth more by jitter.
INTERVAL = 1.1
MOST_DELAY, MOST_STALL = 2.0, 0.5  # seconds

FAULTS = (
    ("drip", {"rate": 20}),
    ("slow_headers", {"rate": 20}),
    ("hang", {}),
    ("header_flood", {}),
    ("endless_1xx", {}),
    ("endless", {}),
    ("bomb", {"bytes": 100_000_000}),
    ("many_links", {}),
    ("status", {"status": 500}),
)


@dataclass(slots=True)
class Figures:
    """Of one phase: the delays of the healthy outlet's polls, the loop's stalls."""

    delays: list[float]
    stalls: Stalls


class Phases:
    """Alone, then among hostile hosts."""

    def __init__(self, site: Site, seconds: float) -> None:
        self._site, self._seconds = site, seconds
        self.alone = Figures([], Stalls.none())
        self.among = Figures([], Stalls.none())

    async def drive(self, world: World) -> None:
        tick = asyncio.create_task(ticking(world))
        await asyncio.sleep(WARM_UP)
        await self._phase(self.alone)
        self._order()
        await self._phase(self.among)
        tick.cancel()

    def _order(self) -> None:
        self._site.clear_faults()  # of the time before: they all answered with 503
        for number in range(HOSTS):
            kind, args = FAULTS[number % len(FAULTS)]
            self._site.fault("talbote", f"k={number}$", kind, **args)

    async def _phase(self, figures: Figures) -> None:
        await asyncio.to_thread(self._site.clear_log)
        watching = asyncio.create_task(figures.stalls.watch())
        await asyncio.sleep(self._seconds)
        watching.cancel()
        log = await asyncio.to_thread(self._site.log, "courier")
        times = [entry["at"] for entry in log if "rss" in entry["target"]]
        figures.delays = [
            max(0.0, later - earlier - INTERVAL) for earlier, later in pairwise(times)
        ]


def isolation(site: Site, directory: Path, seconds: float) -> Phases:
    """Runs both phases."""
    config = site.config(directory, outlets=[], console={"bind": "127.0.0.1:0"})
    add_source(config, "healthy", f"http://healthy.test:{port_of(site)}/rss.xml")
    port = port_of(site, "talbote")
    for number in range(HOSTS):
        hangs = "hang." if number % 10 == 9 else ""
        url = f"http://n{number}.{hangs}test:{port}/feed.atom?k={number}"
        add_source(config, f"n{number}", url)
    site.fault("talbote", "k=", "not_modified")
    phases = Phases(site, seconds)
    crawl(config, phases.drive, seconds=3 * seconds + 120)
    return phases


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=240, help="of each phase")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name, Site.start() as site:
        ran = isolation(site, Path(name), options.seconds)
    print(
        f"{'':24} {'polls':>6} {'delay p99':>10} {'longest':>8} {'stall p99':>10} "
        f"{'longest':>8} {'worked':>8}"
    )
    for title, each in (("alone", ran.alone), ("beside 50 hostile hosts", ran.among)):
        stalls, longest = each.stalls, max(each.delays, default=0)
        print(
            f"{title:24} {len(each.delays) + 1:6}"
            f" {quantile_of(each.delays, 0.99):8.2f} s {longest:6.2f} s"
            f" {stalls.waited(0.99) * 1000:7.0f} ms {stalls.longest * 1000:5.0f} ms"
            f" {stalls.most_work * 1000:5.0f} ms"
        )
    delay = quantile_of(ran.among.delays, 0.99)
    return 0 if delay < MOST_DELAY and ran.among.stalls.most_work < MOST_STALL else 1


if __name__ == "__main__":
    sys.exit(main())
