"""Pushes of the running service: killed and started anew, reloaded, refused."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml

from pipelines.store import Store
from program import PATIENCE, exported, waited
from service.demo.client import Site


def started(config: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "service.cli", "run", "--config", str(config)],
        stderr=subprocess.PIPE,
        text=True,
    )


def lines(directory: Path) -> list[str]:
    """The ids in all files, hidden ones too; a line that was cut is none."""
    files = sorted(directory.glob("*")) if directory.exists() else ()
    return [
        json.loads(line)["id"]
        for file in files
        for line in file.read_text().splitlines(keepends=True)
        if line.endswith("\n")
    ]


def end_leases(config: Path) -> None:
    """What a killed service held comes again, as if its leases were over."""
    with Store.open(config / "data" / "presswatch.db") as store:
        later = datetime.now(UTC) + timedelta(minutes=20)
        term = timedelta(0)
        for message in store.queue.lease("lake", limit=1000, duration=term, now=later):
            store.queue.release(message.id, message.token, "lake")


def test_killed_while_it_writes_each_text_is_there_once(
    fresh_site: Site, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    push = {"jsonl": str(out), "rotate_size": "2KB"}
    config = fresh_site.config(
        tmp_path / "config",
        outlets=["courier", "gaceta"],
        sources=["feed"],
        each={"every": "1s"},
        queue={"subscriptions": {"lake": {"push": push}}},
    )
    articles = len(fresh_site.truth("courier")) + len(fresh_site.truth("gaceta"))
    for enough in (1, 4, 7):
        process = started(config)
        try:
            waited(lambda enough=enough: len(lines(out)) >= enough)  # type: ignore[misc]
        finally:
            process.kill()
            process.communicate()
        end_leases(config)
    process = started(config)
    try:
        waited(lambda: len(set(lines(out))) >= articles)
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
        process.communicate()
    ids = [message["id"] for message in exported(config)]
    assert sorted(lines(out)) == sorted(ids)
    assert list(out.glob("lake-*.jsonl"))
    assert "Traceback" not in log


def test_a_push_is_taken_up_and_given_up_by_a_reload(
    fresh_site: Site, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    config = fresh_site.config(
        tmp_path / "config",
        outlets=["courier"],
        sources=["feed"],
        each={"every": "1s"},
    )
    settings = config / "presswatch.yaml"
    without = settings.read_text()
    said = yaml.safe_load(without)
    lake = {"start": "beginning", "push": {"jsonl": str(out)}}
    said["queue"] = {"subscriptions": {"lake": lake}}
    articles = len(fresh_site.truth("courier"))
    process = started(config)
    try:
        waited((config / "data" / "presswatch.db.lock").exists)
        assert process.stderr is not None
        process.stderr.readline()  # it watches, and takes signals soon
        time.sleep(1)
        settings.write_text(yaml.safe_dump(said))
        process.send_signal(signal.SIGHUP)
        waited(lambda: len(lines(out)) == articles)
        settings.write_text(without)
        process.send_signal(signal.SIGHUP)
        line = ""
        while "config reloaded" not in line:
            line = process.stderr.readline()
        while "config reloaded" in line:
            line = process.stderr.readline()
        fresh_site.publish("courier", generate=1)
        waited(lambda: len(exported(config)) == articles + 1)
        assert len(lines(out)) == articles
    finally:
        process.kill()
        process.communicate()


def test_a_secret_that_will_not_do_keeps_it_from_starting(
    site: Site, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("whsec_c2hvcnQ=")
    push = {"webhook": "https://a.example/", "secret": {"file": str(secret)}}
    config = site.config(
        tmp_path / "config",
        outlets=["courier"],
        queue={"subscriptions": {"hook": {"push": push}}},
    )
    process = started(config)
    _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert "queue.subscriptions.hook.push: the webhook's secret is not of" in told
    assert "c2hvcnQ" not in told
    assert len(told.splitlines()) == 1
