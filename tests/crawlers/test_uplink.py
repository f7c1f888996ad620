"""Several names that do not resolve are our fault, one is its own."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from scrapy.exceptions import CannotResolveHostError, DownloadTimeoutError
from scrapy.http import Response

from config.models import Config
from crawlers.fetch import Fetcher, Order, Purpose
from crawlers.gate import HostGate
from crawlers.refusal import Miss
from crawlers.uplink import SEVERAL, TRY_AGAIN, WINDOW, Uplink, spread, try_again

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CONFIG = Config.model_validate({"directory": "config", "outlets": {}})


class Engine:
    """Answers by host: an exception to raise, or a response."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.engine = self
        self._answers = answers

    async def download_async(self, request: Any) -> Response:
        answer = self._answers[request.url]
        if isinstance(answer, Exception):
            raise answer
        return answer


def fetch_all(answers: dict[str, Any]) -> tuple[list[Any], HostGate, Uplink]:
    gate, uplink = HostGate(lambda host: 0.0, clock=lambda: 0.0), Uplink()
    crawler: Any = Engine(answers)
    fetcher = Fetcher(crawler, lambda: CONFIG, gate, lambda: NOW, uplink)

    async def run() -> list[Any]:
        return [await fetcher.fetch(Order(url, Purpose.PAGE)) for url in answers]

    return asyncio.run(run()), gate, uplink


def unresolved(count: int) -> dict[str, Any]:
    return {f"https://n{n}.example/a": CannotResolveHostError() for n in range(count)}


def test_one_name_that_does_not_resolve_is_a_failure_of_its_host() -> None:
    (missed,), _, uplink = fetch_all(unresolved(1))
    assert isinstance(missed, Miss)
    assert (missed.blame, missed.held) == (True, 0)
    assert not uplink.down


def test_several_are_ours_and_are_tried_again_soon() -> None:
    missed, gate, uplink = fetch_all(unresolved(SEVERAL))
    assert uplink.down
    last = f"n{SEVERAL - 1}.example"
    assert (missed[-1].blame, missed[-1].held) == (False, try_again(last))
    assert gate.held_for(last) == try_again(last)


def test_hosts_are_not_tried_again_all_at_once() -> None:
    waits = [try_again(f"n{n}.example") for n in range(300)]
    assert min(waits) >= TRY_AGAIN
    assert max(waits) <= 2 * TRY_AGAIN
    seconds = [int(wait) for wait in waits]
    assert max(map(seconds.count, seconds)) < 30
    assert try_again("n.example:8080") == try_again("n.example")


def test_an_answer_ends_it() -> None:
    url = "https://up.example/a"
    up = {url: Response(url, status=500)}
    _, _, uplink = fetch_all({**unresolved(SEVERAL), **up})
    assert not uplink.down


def test_the_same_name_again_and_again_is_one_host() -> None:
    uplink = Uplink()
    for _ in range(SEVERAL * 2):
        uplink.silent("n.example", NOW)
    assert not uplink.down


def test_time_outs_are_no_evidence() -> None:
    hosts = {f"https://n{n}.example/a": DownloadTimeoutError() for n in range(9)}
    _, _, uplink = fetch_all(hosts)
    assert not uplink.down


def seen(silent: int, answering: int, *, unresolved: bool) -> Uplink:
    uplink = Uplink()
    for n in range(answering):
        uplink.answered(f"up{n}.example", NOW)
    for n in range(silent):
        uplink.silent(f"n{n}.example", NOW, unresolved=unresolved)
    return uplink


def test_of_many_hosts_the_share_counts_whatever_the_cause() -> None:
    assert seen(17, 3, unresolved=False).down
    assert not seen(16, 4, unresolved=False).down
    assert not seen(19, 0, unresolved=False).down


def test_what_was_long_ago_says_nothing() -> None:
    uplink = Uplink()
    for n in range(SEVERAL):
        uplink.silent(f"n{n}.example", NOW + n * 1.1 * WINDOW)
    assert not uplink.down


def test_after_an_outage_hosts_are_asked_one_after_the_other() -> None:
    url = "https://up.example/a"
    up = {url: Response(url, status=200)}
    count = SEVERAL + 3
    _, gate, _ = fetch_all({**unresolved(count), **up})
    held = [f"n{n}.example" for n in range(SEVERAL - 1, count)]
    waits = [gate.ready_in(host) for host in held]
    assert waits == [float(n) for n in range(len(held))]
    assert [gate.held_for(host) for host in held] == [0.0] * len(held)
    assert spread(5000) == 300.0
