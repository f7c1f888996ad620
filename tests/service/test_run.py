"""The service: works until told to stop, takes a new config whole or not at all."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from pipelines.store import Alert, Store
from program import PATIENCE, queued, waited
from service.demo.client import Site


@contextmanager
def service(config: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "service.cli", "run", *words, "--config", str(config)],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        waited((config / "data" / "presswatch.db").exists)
        yield process
    finally:
        process.kill()
        process.communicate()


def alerts(config: Path) -> list[Alert]:
    with Store.open(config / "data" / "presswatch.db", read_only=True) as store:
        return list(store.alerts.list())


def watching(site: Site, directory: Path) -> Path:
    return site.config(
        directory, outlets=["courier"], sources=["feed"], each={"every": "1s"}
    )


def test_new_articles_keep_coming_and_sigterm_ends_it(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = watching(fresh_site, tmp_path)
    listed = {article["url"] for article in fresh_site.truth("courier")}
    with service(config) as process:
        waited(lambda: queued(config) >= listed)
        fresh = set(fresh_site.publish("courier", generate=2))
        waited(lambda: queued(config) >= fresh)
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert "watching 1 outlets (1 sources) into " in log.splitlines()[0]
    assert "Traceback" not in log
    assert "WARNING" not in log


def test_a_refused_config_changes_nothing_and_raises_an_alert(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = watching(fresh_site, tmp_path)
    outlet = config / "outlets" / "courier.yaml"
    good = yaml.safe_load(outlet.read_text())
    with service(config) as process:
        waited(lambda: queued(config))
        outlet.write_text(yaml.safe_dump({**good, "evry": "5m"}))
        process.send_signal(signal.SIGHUP)
        (alert,) = waited(lambda: alerts(config))
        fresh = set(fresh_site.publish("courier", generate=1))
        waited(lambda: queued(config) >= fresh)
        outlet.write_text(yaml.safe_dump(good))
        process.send_signal(signal.SIGHUP)
        waited(lambda: not alerts(config))
    assert alert.key == "config"
    assert "courier.yaml" in alert.evidence
    assert "every" in alert.evidence
    assert "presswatch check" in alert.command


def test_a_reload_takes_new_outlets_and_drops_old_ones(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = watching(fresh_site, tmp_path)
    with service(config) as process:
        waited(lambda: queued(config))
        (config / "outlets" / "courier.yaml").unlink()
        every = {"every": "1s"}
        fresh_site.config(config, outlets=["gaceta"], sources=["feed"], each=every)
        process.send_signal(signal.SIGHUP)
        spanish = {article["url"] for article in fresh_site.truth("gaceta")}
        waited(lambda: queued(config) >= spanish)
        fresh_site.clear_log()
        # Both had the same interval: three polls of one, none of the other.
        waited(lambda: len(fresh_site.log("gaceta")) >= 3)
    assert fresh_site.log("courier") == []


def test_a_reload_does_not_change_the_database(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = watching(fresh_site, tmp_path / "config")
    with service(config) as process:
        waited(lambda: queued(config))
        main = config / "presswatch.yaml"
        main.write_text(main.read_text().replace("presswatch.db", "other.db"))
        process.send_signal(signal.SIGHUP)
        fresh = set(fresh_site.publish("courier", generate=1))
        waited(lambda: queued(config) >= fresh)
        process.terminate()
        _, log = process.communicate(timeout=PATIENCE)
    assert not (config / "data" / "other.db").exists()
    assert "takes force at the next start" in log


@pytest.mark.slow
def test_hanging_downloads_do_not_keep_it_from_ending(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = fresh_site.config(
        tmp_path, sources=["feed"], each={"request": {"timeout": "90s"}}
    )
    fresh_site.fault("*", "rss|atom|rdf|feed", "hang")
    with service(config) as process:
        waited(lambda: len(fresh_site.log()) >= 5)  # robots.txt, and a feed that hangs
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert time.monotonic() - started < 25


def test_offline_it_says_so_once_and_points_to_the_demo(tmp_path: Path) -> None:
    outlets = tmp_path / "outlets"
    outlets.mkdir(parents=True)
    (tmp_path / "presswatch.yaml").write_text(
        yaml.safe_dump(
            {
                "database": str(tmp_path / "data" / "presswatch.db"),
                "console": {"bind": None},
            }
        )
    )
    for name in ("one", "two"):
        said = {"sources": [{"feed": f"https://{name}.invalid/rss"}]}
        (outlets / f"{name}.yaml").write_text(yaml.safe_dump(said))
    with service(tmp_path) as process:
        assert process.stderr is not None
        lines = iter(process.stderr.readline, "")
        told = next(line for line in lines if "is this machine online" in line)
    assert "presswatch demo" in told
