"""A process that is told to stop, grows, hangs, or loses what it stands on."""

from __future__ import annotations

import json
import os
import resource
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from audit import audit
from faults.under import (
    LOCAL_NAMES,
    add_outlet,
    command,
    database,
    run_under,
    running,
)

from pipelines.store import Store
from program import PATIENCE, once, queued, waited
from service import crawling
from service.demo.client import Site


def watching(site: Site, directory: Path, **said: Any) -> Path:
    each = {"every": "1s", **said}
    return site.config(directory, outlets=["courier"], sources=["feed"], each=each)


def truth(site: Site) -> set[str]:
    return {article["url"] for article in site.truth("courier")}


def forty_hosts(site: Site, directory: Path, **said: Any) -> Path:
    """A config of forty outlets with one server and a host each (`LOCAL_NAMES`)."""
    port = site.outlets["courier"].rpartition(":")[2]
    config = site.config(directory, outlets=[])
    for number in range(40):
        feed = f"http://n{number}.test:{port}/rss.xml"
        add_outlet(config, f"n{number}", feed, robots=False, **said)
    return config


@pytest.mark.slow
@pytest.mark.fault("P2")
def test_forty_hanging_downloads_keep_nobody_from_ending(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = forty_hosts(fresh_site, tmp_path, on_add="latest 1")
    fresh_site.fault("courier", "^/rss", "hang")
    impatient = "from service import crawling\ncrawling.PATIENCE = 3.0\n"
    with running(config, LOCAL_NAMES + impatient) as process:
        waited(lambda: fresh_site.connections("courier") >= 40)
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert time.monotonic() - started + crawling.PATIENCE - 3 < 25
    assert "left 40 requests in flight; they stay due" in log
    audit(database(config), log=log)
    fresh_site.clear_faults()
    run_under(LOCAL_NAMES, "once", "--config", config)
    audit(database(config), listed=truth(fresh_site), finished=True)


@pytest.mark.slow
@pytest.mark.fault("P3")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_ends_it_at_once(
    fresh_site: Site, tmp_path: Path, number: signal.Signals
) -> None:
    config = watching(
        fresh_site, tmp_path, on_add="latest 1", request={"timeout": "90s"}
    )
    fresh_site.fault("courier", "^/news/", "hang")
    with running(config) as process:
        waited(lambda: any("/news/" in e["target"] for e in fresh_site.log()))
        process.send_signal(number)
        time.sleep(0.5)
        process.send_signal(number)
        process.communicate(timeout=10)  # not the twenty seconds of patience
    assert process.returncode == 128 + number
    fresh_site.clear_faults()
    once(config)
    audit(database(config), listed=truth(fresh_site), finished=True)
    assert len(queued(config)) == 1


@pytest.mark.fault("P2")
def test_a_pass_that_a_signal_ends_does_not_claim_to_be_done(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = watching(fresh_site, tmp_path, request={"timeout": "4s"})
    fresh_site.fault("courier", "^/news/", "hang", count=1)
    words = command("", "once", "--config", config, "--json")
    process = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    waited(lambda: any("/news/" in e["target"] for e in fresh_site.log()))
    process.send_signal(signal.SIGTERM)
    assert process.stderr is not None
    first = process.stderr.readline()  # at once, while the request still hangs
    assert "ending: 1 in flight may take 20 s; a second signal ends at once" in first
    assert process.poll() is None
    out, log = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert json.loads(out)["sources"] == 1
    assert "ended by a signal before all was done" in log
    audit(database(config), listed=truth(fresh_site), log=log)


@pytest.mark.fault("P4")
def test_a_second_daemon_is_refused_by_the_number_of_the_first(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = watching(fresh_site, tmp_path)
    with running(config) as process:
        waited(lambda: queued(config))
        refused = run_under("", "run", "--config", config, code=1)
        assert str(process.pid) in refused.stderr
    once(config)  # the lock of one that was killed binds nobody
    audit(database(config), listed=truth(fresh_site), finished=True)


class Manager:
    """Systemd's end of the notification socket."""

    def __init__(self, directory: Path, patience: float) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(directory / "notify"))
        self.environment = {
            **os.environ,
            "NOTIFY_SOCKET": str(directory / "notify"),
            "WATCHDOG_USEC": str(int(patience * 1e6)),
        }

    def hears(self, word: str, within: float = PATIENCE) -> bool:
        """Whether the word comes in time; others are passed over."""
        self._socket.settimeout(within)
        deadline = time.monotonic() + within
        try:
            while time.monotonic() < deadline:
                if word in self._socket.recv(4096).decode():
                    return True
        except TimeoutError:
            pass
        return False

    def forget(self) -> None:
        """Drops what was said so far."""
        self._socket.setblocking(False)
        try:
            while self._socket.recv(4096):
                pass
        except BlockingIOError:
            pass

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def manager(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Manager]:
    made = Manager(tmp_path_factory.mktemp("manager"), patience=1.5)
    yield made
    made.close()


#: Makes SIGUSR1 stop the event loop, SIGUSR2 the thread that writes.
STOPPABLE = """
import signal, time
def stop_loop(*_):
    time.sleep(600)
signal.signal(signal.SIGUSR1, stop_loop)
from pipelines.store import writer
stopped = []
signal.signal(signal.SIGUSR2, lambda *_: stopped.append(1))
perform = writer._perform
def performed(store, job):
    while stopped:
        time.sleep(0.1)
    return perform(store, job)
writer._perform = performed
from service import vitals
vitals.WRITER_PATIENCE = 0.5
"""


@pytest.mark.slow
@pytest.mark.fault("P5")
@pytest.mark.parametrize("number", [signal.SIGUSR1, signal.SIGUSR2])
def test_the_watchdog_hears_nothing_once_a_part_is_stuck(
    fresh_site: Site, tmp_path: Path, manager: Manager, number: signal.Signals
) -> None:
    config = watching(fresh_site, tmp_path, on_add="latest 1")
    with running(config, STOPPABLE, env=manager.environment) as process:
        assert manager.hears("READY=1")
        assert manager.hears("WATCHDOG=1")
        process.send_signal(signal.SIGHUP)
        assert manager.hears("RELOADING=1")
        assert manager.hears("READY=1")
        waited(lambda: queued(config))
        process.send_signal(number)
        time.sleep(1.5)
        manager.forget()
        assert not manager.hears("WATCHDOG=1", within=1.5)
        process.kill()  # as the manager does
    once(config)
    audit(database(config), listed=truth(fresh_site), finished=True)


@pytest.mark.slow
@pytest.mark.fault("P7")
def test_a_process_that_grows_begins_anew(
    fresh_site: Site, tmp_path: Path, manager: Manager
) -> None:
    growing = (
        "import signal\nhoard = []\n"
        "def grow(*_):\n"
        "    hoard.append(b'x' * 400_000_000)\n"
        "signal.signal(signal.SIGUSR1, grow)\n"
    )
    config = fresh_site.config(
        tmp_path,
        outlets=["courier"],
        sources=["feed"],
        each={"on_add": "latest 1"},
        process={"memory": "400MB"},
    )
    with running(config, growing, env=manager.environment) as process:
        assert manager.hears("WATCHDOG=1")
        process.send_signal(signal.SIGUSR1)
        assert manager.hears("STOPPING=1")
        _, log = process.communicate(timeout=PATIENCE)
    assert process.returncode == 75
    assert log.count("begins anew") == 1
    assert "over 400.0 MB" in log
    once(config)
    audit(database(config), listed=truth(fresh_site), finished=True, log=log)


@pytest.mark.fault("P9")
def test_too_few_descriptors_are_no_crash(fresh_site: Site, tmp_path: Path) -> None:
    slow = {"timeout": "3s"}
    config = forty_hosts(fresh_site, tmp_path, on_add="skip", request=slow)
    fresh_site.fault("courier", "^/rss", "hang")  # so that all are open at a time
    few = f"import resource\nresource.setrlimit({resource.RLIMIT_NOFILE}, (48, 48))\n"
    words = ("once", "--verbose", "--config", config)
    log = run_under(LOCAL_NAMES + few, *words, code=1).stderr
    assert log.count("too many open files here") > 1
    assert log.count("no full answer in time") > 1
    audit(database(config), log=log)
    fresh_site.clear_faults()
    run_under(LOCAL_NAMES, "once", "--config", config)
    audit(database(config), listed=truth(fresh_site), finished=True)


@pytest.mark.fault("P10")
def test_an_error_of_ours_hurts_one_outlet_only(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = fresh_site.config(
        tmp_path, outlets=["courier", "gaceta"], sources=["feed"]
    )
    raising = (
        "from crawlers import polling\nselect = polling.select\n"
        "def selected(candidates, how):\n"
        "    if how.outlet.key == 'gaceta':\n"
        "        raise TypeError('a slip')\n"
        "    return select(candidates, how)\n"
        "polling.select = selected\n"
    )
    done = run_under(raising, "once", "--verbose", "--config", config, code=1)
    assert done.stderr.count("Traceback") == 1
    (line,) = [
        line
        for line in done.stderr.splitlines()
        if "gaceta" in line and "a slip" in line
    ]
    assert "an error of Presswatch: TypeError" in line
    audit(database(config), listed=truth(fresh_site), finished=True)
    once(config)
    spanish = [article["url"] for article in fresh_site.truth("gaceta")]
    audit(database(config), listed=spanish, finished=True)


@pytest.mark.fault("P11")
def test_a_log_that_nobody_reads_ends_nothing(fresh_site: Site, tmp_path: Path) -> None:
    config = watching(fresh_site, tmp_path)
    with running(config) as process:
        waited(lambda: queued(config) == truth(fresh_site))
        assert process.stderr is not None
        process.stderr.close()
        process.stderr = None
        fresh_site.fault("courier", "^/rss", "status", count=2, status=500)
        fresh_site.publish("courier", generate=2)
        waited(lambda: queued(config) == truth(fresh_site))
        process.terminate()
        assert process.wait(timeout=PATIENCE) == 0
    audit(database(config), listed=truth(fresh_site), finished=True)


@pytest.mark.fault("P11")
@pytest.mark.parametrize(
    ("output", "code", "words"),
    [
        pytest.param("| :", 141, "", id="nobody reads"),
        pytest.param("> /dev/full", 74, "No space left on device", id="a full disk"),
        pytest.param(">&-", 74, "Bad file descriptor", id="closed"),
    ],
)
def test_results_that_cannot_be_written_are_told_not_traced(
    fresh_site: Site, tmp_path: Path, output: str, code: int, words: str
) -> None:
    config = watching(fresh_site, tmp_path)
    told = shlex.join(command("", "once", "--config", config, "--json"))
    script = f"set -o pipefail; {told} {output}"
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    audit(database(config), listed=truth(fresh_site), finished=True, log=done.stderr)


#: Backups begin after a second and never end; everything else is as it is.
ENDLESS_JOB = """
import asyncio
from datetime import timedelta
from service import nightly, running, scheduler
running.LOOK_ROUND = timedelta(seconds=0.5)
scheduler.STUCK_AFTER = timedelta(seconds=1)
async def endless(self):
    await asyncio.Event().wait()
nightly.Nightly.backup = endless
"""


def stuck(config: Path) -> bool:
    """Whether an alert says that a job does not end."""
    with Store.open(database(config), read_only=True) as store:
        return any(alert.key == "job:backup" for alert in store.alerts.list())


@pytest.mark.fault("P6")
def test_a_job_that_never_ends_is_told_once_and_holds_up_nothing(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = watching(fresh_site, tmp_path, on_add="latest 1")
    with running(config, ENDLESS_JOB) as process:
        waited(lambda: queued(config))
        waited(lambda: stuck(config))
        fresh = set(fresh_site.publish("courier", generate=1))
        waited(lambda: queued(config) >= fresh)
        process.terminate()
        _, log = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert log.count("job backup still runs") == 1
    assert log.count("ERROR   the job 'backup' does not end") == 1
    audit(database(config), listed=truth(fresh_site), log=log)
