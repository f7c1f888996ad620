"""The whole service on a disk that is really full, and what it does afterwards."""

from __future__ import annotations

import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest
from audit import audit
from small_disk import SmallDisk, small_disk

from pipelines.store import Store
from program import queued, records, run, waited
from service.demo.client import Site

PATIENCE = 90  # seconds until a test gives up on something that should happen soon
NO_MARKS = {"warn_below": 0, "pause_below": 0, "reserve": "2MB"}


def on(small: SmallDisk, site: Site, directory: Path) -> Path:
    return site.config(
        directory,
        outlets=["courier"],
        sources=["feed"],
        each={"every": "1s"},
        database=str(small.path / "presswatch.db"),
        disk=NO_MARKS,
        backup={"at": "never"},
    )


@pytest.mark.slow
@pytest.mark.fault("D2", "Q5")
def test_nothing_is_lost_and_it_goes_on_by_itself(
    fresh_site: Site, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", 24) as small:
        database = small.path / "presswatch.db"
        config = on(small, fresh_site, tmp_path / "config")
        listed = {article["url"] for article in fresh_site.truth("courier")}
        command = [sys.executable, "-m", "service.cli", "run", "--config", str(config)]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            log: list[str] = []
            tail = lambda: "".join(log[-40:])  # noqa: E731
            soon = partial(waited, patience=PATIENCE, told=tail)
            reader = threading.Thread(target=lambda: log.extend(process.stderr))  # type: ignore[arg-type]
            reader.start()
            try:
                soon(lambda: queued(config, database) >= listed)
                small.fill()
                fresh = set(fresh_site.publish("courier", generate=4))
                soon(lambda: "nothing is fetched" in "".join(log))
                leased = records("queue", "lease", "--limit", 3, "--config", config)
                for message in leased:
                    run(
                        "queue",
                        "ack",
                        message["id"],
                        message["token"],
                        "--config",
                        config,
                    )
                assert len(leased) == 3
                small.free()
                soon(lambda: queued(config, database) >= fresh)
            finally:
                process.terminate()
                reader.join(PATIENCE)
        assert process.wait(PATIENCE) == 0
        told = "".join(log)
        assert (
            told.count("nothing is fetched: the database") == 2
        )  # and that it is over
        with Store.open(database, read_only=True) as store:
            alerts = {a.key: a.closed_at for a in store.alerts.list(open_only=False)}
        assert alerts["database"] is not None
        audit(database, listed=listed | fresh, log=told)


@pytest.mark.slow
@pytest.mark.fault("D2")
def test_one_pass_ends_with_74(fresh_site: Site, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 24) as small:
        config = on(small, fresh_site, tmp_path / "config")
        run("once", "--config", config)
        fresh_site.publish("courier", generate=4)
        small.fill()
        command = [sys.executable, "-m", "service.cli", "once", "--config", str(config)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=100)
        assert done.returncode == 74, done.stderr
        assert "Traceback" not in done.stderr
        small.free()
        run("once", "--config", config)
        listed = [str(article["url"]) for article in fresh_site.truth("courier")]
        audit(small.path / "presswatch.db", listed=listed, finished=True)
