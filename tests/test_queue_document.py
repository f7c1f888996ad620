"""What docs/queue.md promises: its consumer, its figures of speech, its commands."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from pipelines.store.deliveries import MOST_ATTEMPTS, retry_delay
from program import PROGRAM, once, records
from service.cli.queue import queue
from service.demo.client import Site

DOCUMENT = (Path(__file__).parents[1] / "docs" / "queue.md").read_text(encoding="utf-8")
CONSUMER = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)[0]


def run_consumer(code: str, directory: Path) -> None:
    path = f"{Path(PROGRAM).parent}:{os.environ['PATH']}"
    subprocess.run(
        [sys.executable, "-c", code],
        cwd=directory,
        env={**os.environ, "PATH": path},
        timeout=100,
        check=True,
    )


def facts(directory: Path) -> list[tuple[str, str]]:
    database = sqlite3.connect(directory / "facts.db")
    found = database.execute("SELECT message, url FROM fact").fetchall()
    database.close()
    return found


def test_an_effect_is_there_once_although_its_ack_was_not(
    site: Site, tmp_path: Path
) -> None:
    config = site.config(tmp_path / "config", outlets=["talbote"], sources=["feed"])
    queued = once(config)["queued"]
    ack = 'queue("ack", "-", input=lines)'
    dies = CONSUMER.replace(ack, "raise SystemExit").replace('"10m"', '"0s"')
    assert dies.count("SystemExit") == dies.count('"0s"') == 1
    run_consumer(dies, tmp_path)
    assert len(facts(tmp_path)) == queued
    run_consumer(CONSUMER, tmp_path)
    assert len(facts(tmp_path)) == queued
    urls = {article["url"] for article in site.truth("talbote")}
    assert {url for _, url in facts(tmp_path)} == urls
    (stats,) = records("queue", "stats", "--json", "--config", config)
    assert (stats["done"], stats["ready"], stats["leased"]) == (queued, 0, 0)
    exported = records("queue", "export", "--config", config)
    assert {message["attempt"] for message in exported} == {2}


@pytest.mark.parametrize(
    ("attempt", "minutes"),
    [
        pytest.param(1, 1, id="first"),
        pytest.param(2, 2, id="second"),
        pytest.param(MOST_ATTEMPTS - 1, 64, id="last"),
    ],
)
def test_the_delays_that_are_named(attempt: int, minutes: int) -> None:
    assert "after 1, 2, 4, ... 64 minutes" in DOCUMENT
    assert retry_delay(attempt, 1.0) == timedelta(minutes=minutes)


def test_the_attempts_that_are_named() -> None:
    assert MOST_ATTEMPTS == 8
    assert "After 8 attempts" in DOCUMENT
    assert "the 8th lease" in DOCUMENT


def test_every_command_is_told() -> None:
    (table,) = re.findall(r"\| command \|.*?\n\n", DOCUMENT, re.DOTALL)
    told = {
        word
        for row in table.splitlines()
        for span in re.findall(r"`([^`]+)`", row.split(" | ")[0])
        for word in span.split()[:1]
    }
    assert told == set(queue.commands)
