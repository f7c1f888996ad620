"""Politeness, told by the server's own log alone, whoever asks and what for."""

from __future__ import annotations

import subprocess
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from pipelines.store import Store
from program import DEADLINE, PROGRAM, once, records, run
from service.demo.client import Site

GAP = 0.15

Line = tuple[str, int | None, int]


def watching(site: Site, directory: Path, **each: Any) -> Path:
    """Three outlets on one host: by its feed, its sitemap, its section pages."""
    said = {"delay": f"{GAP * 1000:.0f}ms", "request": {"timeout": "3s"}, **each}
    config = site.config(directory, outlets=["gaceta"], each=said)
    file = config / "outlets" / "gaceta.yaml"
    whole = yaml.safe_load(file.read_text())
    for kind in ("feed", "sitemap", "section"):
        sources = [source for source in whole["sources"] if kind in source][:1]
        one = config / "outlets" / f"gaceta-{kind}.yaml"
        one.write_text(yaml.safe_dump({**whole, "name": kind, "sources": sources}))
    file.unlink()
    return config


def at_once(*commands: tuple[object, ...]) -> None:
    """Runs commands at the same time, each in a process of its own."""
    running = [
        subprocess.Popen(
            [PROGRAM, *map(str, words)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for words in commands
    ]
    for process in running:
        assert process.wait(DEADLINE) in (0, 1)


def served(site: Site) -> list[Line]:
    """The server's lines. Of answers that were broken off, bytes are not compared."""
    return [
        (one["target"], one["status"], -1 if one["fault"] else one["sent"])
        for one in site.log()
    ]


def entered(config: Path, lines: list[Line]) -> list[Line]:
    """The ledger's lines, told as the server tells them."""
    told = records("requests", "--lines", "--json", "--config", config)
    found = []
    for one, line in zip(told, lines, strict=False):
        _, _, target = one["url"].partition("://")[2].partition("/")
        broken = line[2] == -1
        status = line[1] if broken else one["status"]
        found.append((f"/{target}", status, -1 if broken else one["bytes"]))
    assert len(told) == len(lines)
    return found


def test_all_that_fetches_takes_turns_and_is_in_the_ledger(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = watching(fresh_site, tmp_path, revisit="0s")
    first, second, third, *_ = [one["url"] for one in fresh_site.truth("gaceta")]
    one, two, three = (
        url.partition("//")[2].partition("/")[2] for url in (first, second, third)
    )
    fresh_site.fault("gaceta", _exactly(one), "redirect", to=f"/{two}", count=1)
    fresh_site.fault("gaceta", _exactly(three), "drop", after=200, count=1)
    # The sitemap says of each page when it changed; the feed, only when it appeared.
    once(config, "gaceta-sitemap")
    fresh_site.publish("gaceta", generate=4)
    fresh_site.update(second, add="Y algo más, que no se sabía.")
    at_once(
        ("once", "--config", config),
        ("try", "gaceta-section", "--config", config),
        ("try", second, "--config", config),
    )
    log = fresh_site.log()
    assert max(entry["concurrent"] for entry in log) == 1
    gaps = [later["steady"] - before["steady"] for before, later in pairwise(log)]
    assert min(gaps) >= GAP - 0.001
    lines = served(fresh_site)
    assert entered(config, lines) == lines
    sums = records("requests", "--json", "--config", config)
    purposes: Counter[str] = Counter()
    for day in sums:
        purposes.update(day["purposes"])
    assert purposes.total() == len(log)
    sources = {"feed", "sitemap", "section"}
    pages = {"article", "redirect", "revisit", "try"}
    assert set(purposes) == {"robots", *sources, *pages}


def _exactly(target: str) -> str:
    return f"^/{target.replace('.', '[.]').replace('?', '[?]')}$"


def test_nobody_asks_during_retry_after_whoever_was_told(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = watching(fresh_site, tmp_path)
    once(config, "gaceta-feed")
    fresh_site.fault("gaceta", "", "status", status=429, retry_after=3600)
    fresh_site.clear_log()
    run("try", "gaceta-section", "--config", config, code=1)
    assert [entry["status"] for entry in fresh_site.log()] == [429]
    fresh_site.clear_log()
    once(config, code=1)
    run("try", "gaceta-feed", "--config", config, code=1)
    assert fresh_site.log() == []


def test_a_second_try_over_a_new_connection_waits_for_its_turn(
    fresh_site: Site, tmp_path: Path
) -> None:
    fresh_site.fault("gaceta", "^/rdf", "drop", count=1)
    config = watching(fresh_site, tmp_path, on_add="skip")
    once(config, "gaceta-feed")  # the connection of robots.txt is kept, and torn down
    log = fresh_site.log()
    assert [entry["target"] for entry in log] == ["/robots.txt", "/rdf.xml", "/rdf.xml"]
    gaps = [later["steady"] - before["steady"] for before, later in pairwise(log)]
    assert min(gaps) >= GAP - 0.001
    told = records("requests", "--lines", "--json", "--config", config)
    assert [one["status"] for one in told] == [200, None, 200]


def test_nobody_asks_for_more_than_an_unreachable_robots_txt(
    fresh_site: Site, tmp_path: Path
) -> None:
    fresh_site.fault("gaceta", "^/robots", "status", status=500)
    config = watching(fresh_site, tmp_path)
    once(config, "gaceta-feed", code=1)
    at_once(("once", "--config", config), ("try", "gaceta-feed", "--config", config))
    assert {entry["target"] for entry in fresh_site.log()} == {"/robots.txt"}


def test_a_used_up_budget_is_kept_by_all_and_told_once(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = watching(fresh_site, tmp_path, requests_per_day=6)
    once(config, code=None)
    run("try", "gaceta-feed", "--config", config, code=1)
    assert len(fresh_site.log()) == 6
    (alert,) = records("alerts", "--json", "--config", config)
    assert alert["key"].startswith("budget:")
    assert "its budget of 6 requests a day is used up" in alert["evidence"]
    with Store.open(tmp_path / "data" / "presswatch.db", read_only=True) as store:
        (host,) = {line.host for line in store.requests.lines()}
        assert store.requests.spent(host, store.requests.lines()[0].at.date()) == 6
    for file in (config / "outlets").iterdir():
        said = yaml.safe_load(file.read_text())
        file.write_text(yaml.safe_dump({**said, "requests_per_day": 400}))
    assert (
        once(config, "gaceta-feed")["fetched"] > 0
    )  # nothing was lost, and the alert is over
    assert records("alerts", "--json", "--config", config) == []
