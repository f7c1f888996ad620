"""Addresses of this machine and its network, in every spelling, by every path.

python -m benchmarks.spellings [--verbose]

Each spelling is asked for directly, by its robots.txt, as what a feed redirects to,
as a link of a feed and as a nested sitemap, through Scrapy's engine, the middlewares
and the network guard as they run in the service. Every attempt to connect is counted
(and none gets out: only the newspapers on loopback are let through). Then every eighth
is asked for again under a guard that lets everything through, which says what the
count is worth.
"""

from __future__ import annotations

import argparse
import ipaddress
import socket
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from config import load
from crawlers import discovery, runtime
from crawlers.fetch import Order, Purpose
from crawlers.guard import Allowed
from crawlers.refusal import Miss, Refused
from crawlers.session import Session
from service import crawling
from service.demo.client import Site


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


LOOPBACK = _words(
    "127.0.0.1 127.0.0.2 127.255.255.254 127.1 127.0.1 127.000.000.001 0177.0.0.1"
    " 0177.1 0x7f.0.0.1 0x7f.1 0x7f000001 0X7F000001 2130706433 017700000001"
    " 00000177.0.0.1 0x7f.0x0.0x0.0x1 127.0.0x1 0 0.0.0.0 0x0 00.0.0.0"
)
INNER = _words(
    "10.0.0.1 10.255.255.255 0xa000001 012.1 167772161 172.16.0.1 172.31.255.254"
    " 192.168.0.1 0xc0a80001 3232235521 100.64.0.1 100.127.255.254 169.254.169.254"
    " 0xa9fea9fe 2852039166 0251.0376.0251.0376 169.254.1 192.0.0.8 192.0.2.1"
    " 192.88.99.1 198.18.0.1 198.51.100.7 203.0.113.7 224.0.0.1 240.0.0.1"
    " 255.255.255.255"
)
SIX = _words(
    "::1 :: ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:10.0.0.1"
    " ::ffff:169.254.169.254 0:0:0:0:0:ffff:127.0.0.1 0000::0001 64:ff9b::127.0.0.1"
    " 64:ff9b::a9fe:a9fe 64:ff9b:1::7f00:1 2002:7f00:1:: 2002:a00:1::1"
    " 2001:0:4136:e378:8000:63bf:80ff:fffe 2001:db8::1 2606:4700::5efe:7f00:1"
    " fe80::1 fec0::1 fc00::1 fd00:ec2::254 ff02::1 3fff::1 100::1"
)
DISGUISED = _words(
    "localhost LOCALHOST localhost. 127.0.0.1. １２７.0.0.1 ⑫7.0.0.1 127。0。0。1"
    " ⓛocalhost user@127.0.0.1 public.test@127.0.0.1 127.0.0.1\\@public.test"
    " inner.test mixed.test rebinding.test [::1%25lo] [fe80::1%251] [::1"
)

SPELLINGS: tuple[str, ...] = (*LOOPBACK, *INNER, *(f"[{a}]" for a in SIX), *DISGUISED)
PATHS = ("direct", "robots", "redirect", "feed link", "sitemap")

#: What name servers of the outlets answer; a second question gets the second answer.
_NAMES: dict[str, tuple[tuple[str, ...], ...]] = {
    "inner.test": (("10.0.0.1",),),
    "mixed.test": (("10.0.0.1", "127.0.0.1"),),
    "rebinding.test": (("169.254.169.254",), ("127.0.0.1",)),
    "localhost": (("127.0.0.1", "::1"),),
    "localhost.": (("127.0.0.1",),),
}


@dataclass(slots=True)
class Count:
    """Attempts to connect by path, and how what was asked for ended."""

    asked: int = 0
    attempts: Counter[str] = field(default_factory=Counter)
    connected: list[tuple[str, str, str]] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)


class Wires:
    """Hears of every attempt to connect, and stops those that lead elsewhere."""

    def __init__(self, known: set[int]) -> None:
        self._known = known
        self.heard: list[str] = []

    @contextmanager
    def watched(self) -> Iterator[None]:
        connect_ex = socket.socket.connect_ex

        def heard(sock: socket.socket, address: Any) -> int:
            if isinstance(address, tuple) and address[1] in self._known:
                return connect_ex(sock, address)
            self.heard.append(str(address[0]))
            return 111  # ECONNREFUSED

        socket.socket.connect_ex = heard  # type: ignore[method-assign, assignment]
        try:
            yield
        finally:
            socket.socket.connect_ex = connect_ex  # type: ignore[method-assign]


class Prober:
    """Stands in for the crawl: asks for every spelling by every path."""

    def __init__(
        self, session: Session, site: Site, wires: Wires, spellings: Sequence[str]
    ) -> None:
        self._session, self._site, self._wires = session, site, wires
        self._port = urlsplit(site.forbidden).port or 80
        self._origin = site.outlets["courier"]
        self._spellings = spellings
        self.count = Count()

    async def run(self) -> AsyncIterator[Any]:
        for number, spelling in enumerate(self._spellings):
            for path in PATHS:
                await self._try(path, spelling, number)
        return
        yield  # the spider iterates over what a crawl finished: nothing

    async def _try(self, path: str, spelling: str, number: int) -> None:
        before = len(self._wires.heard)
        url = f"http://{spelling}:{self._port}/{number}"
        try:
            ended = await self._ask(path, url, number)
        except Refused as refused:
            ended = str(refused.outcome)
        except (ValueError, UnicodeError) as error:
            ended = f"no URL ({type(error).__name__})"
        self.count.asked += 1
        self.count.outcomes[ended] += 1
        for address in self._wires.heard[before:]:
            self.count.attempts[path] += 1
            self.count.connected.append((path, spelling, address))

    async def _ask(self, path: str, url: str, number: int) -> str:
        if path == "direct":
            return await self._fetch(url, Purpose.PAGE)
        if path == "robots":
            verdict = await self._session.robots.verdict(url, None)
            return "robots allow" if verdict.allowed else "blocked"
        if path == "redirect":
            here = f"/moved/{number}"
            self._site.fault("courier", f"^{here}$", "redirect", to=url, count=1)
            return await self._fetch(self._origin + here, Purpose.SOURCE)
        return await self._listed(path, url)

    async def _listed(self, path: str, url: str) -> str:
        kind, text = _LISTINGS[path]
        body = text.format(url=escape(url)).encode()
        found = discovery.read(kind, body, self._origin + "/x", None)
        links = [*(each.url for each in found.candidates), *found.children]
        if not links:
            return "refused as a link"
        purpose = Purpose.SOURCE if path == "sitemap" else Purpose.PAGE
        return await self._fetch(links[0], purpose)

    async def _fetch(self, url: str, purpose: Purpose) -> str:
        answer = await self._session.fetcher.fetch(Order(url, purpose))
        return str(answer.outcome) if isinstance(answer, Miss) else "answered"

    # What the spider and the runner ask of a crawl

    refusal = None
    in_flight = 0

    def overdue(self, patience: float) -> bool:
        return False


_LISTINGS = {
    "feed link": (
        "feed",
        "<rss><channel><item><title>A</title><link>{url}</link></item></channel></rss>",
    ),
    "sitemap": (
        "sitemap",
        "<sitemapindex><sitemap><loc>{url}</loc></sitemap></sitemapindex>",
    ),
}


def name_server() -> Callable[..., list[tuple[Any, ...]]]:
    """A getaddrinfo over `_NAMES`."""
    asked: Counter[str] = Counter()

    def answer(name: str, *_: Any) -> list[tuple[Any, ...]]:
        answers = _NAMES.get(name)
        if answers is None:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        addresses = answers[min(asked[name], len(answers) - 1)]
        asked[name] += 1
        return [_row(address) for address in addresses]

    return answer


def _row(address: str) -> tuple[Any, ...]:
    if ipaddress.ip_address(address).version == 6:
        return (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, 0, 0, 0))
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0))


async def probe(
    session: Session,
    site: Site,
    allowed: tuple[Allowed, ...],
    spellings: Sequence[str],
) -> Count:
    """Asks for the spellings, with `allowed` let through; what came of it."""
    known = {urlsplit(origin).port or 80 for origin in site.outlets.values()}
    wires = Wires(known)
    session.guard.allowed = allowed
    session.guard.resolver._ask = name_server()
    session.guard.resolver._known.clear()
    prober = Prober(session, site, wires, spellings)
    with wires.watched():
        await crawling.crawl(session, prober)  # type: ignore[arg-type]
    return prober.count


def measure(
    site: Site, directory: Path, control: Sequence[str] = SPELLINGS[::8]
) -> tuple[Count, Count]:
    """The counts of all spellings, and of `control` with everything let through."""
    config = load(site.config(directory, outlets=["courier"]))
    everything = (Allowed.parse("0.0.0.0/0"), Allowed.parse("::/0"))
    with runtime.open_session(config) as session:
        guarded = runtime.allowed(config)

        async def both() -> tuple[Count, Count]:
            first = await probe(session, site, guarded, SPELLINGS)
            return first, await probe(session, site, everything, control)

        return runtime.run_async(both)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--verbose", action="store_true", help="list the outcomes")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name, Site.start() as site:
        guarded, open_ = measure(site, Path(name))
    print(f"{len(SPELLINGS)} spellings by {len(PATHS)} paths: {guarded.asked} requests")
    print(f"{'connections tried':30} {'guarded':>8} {'unguarded, of 1 in 8':>22}")
    for path in PATHS:
        print(f"{path:30} {guarded.attempts[path]:8} {open_.attempts[path]:22}")
    if options.verbose:
        for outcome, number in guarded.outcomes.most_common():
            print(f"  {outcome:40} {number}")
    for path, spelling, address in guarded.connected:
        print(f"LEAK by {path}: {spelling} reached {address}")
    return 1 if guarded.connected or not all(open_.attempts[p] for p in PATHS) else 0


if __name__ == "__main__":
    sys.exit(main())
