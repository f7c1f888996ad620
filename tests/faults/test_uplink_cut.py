"""The uplink is cut and comes back."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from audit import audit
from faults.test_process import PATIENCE, running, waited
from faults.under import add_outlet, database

from pipelines.store import Store, StoreError
from service.demo.client import Site

#: While the file is there no name resolves; hosts are tried again after a second.
UPLINK = """
import socket
from pathlib import Path
from crawlers import fetch
fetch.TRY_AGAIN = 1.0
look_up = socket.getaddrinfo
def linked(host, *args, **kwargs):
    if str(host).endswith(".test"):
        if Path({cut!r}).exists():
            raise socket.gaierror(socket.EAI_AGAIN, "no name server")
        host = "127.0.0.1"
    return look_up(host, *args, **kwargs)
socket.getaddrinfo = linked
"""


@pytest.mark.slow
@pytest.mark.fault("N3")
def test_nobody_is_blamed_while_the_uplink_is_down(
    fresh_site: Site, tmp_path: Path
) -> None:
    port = fresh_site.outlets["courier"].rpartition(":")[2]
    config = fresh_site.config(tmp_path, outlets=[], console={"bind": None})
    for number in range(6):
        feed = f"http://n{number}.test:{port}/rss.xml"
        add_outlet(config, f"n{number}", feed, every="1s", on_add="skip")
    cut = tmp_path / "cut"
    cut.touch()
    with running(config, UPLINK.format(cut=str(cut))) as process:
        waited(lambda: _offline(config))
        time.sleep(3)  # so that all are asked again and again
        assert _polled(config) == 0
        with Store.open(database(config), read_only=True) as store:
            blamed = [s.failures for s in store.frontier.source_status()]
        cut.unlink()
        waited(lambda: _polled(config) == 6)
        waited(lambda: not _offline(config))
        process.terminate()
        _, log = process.communicate(timeout=PATIENCE)
    # The first names that did not resolve might have been the fault of theirs.
    assert sum(failures > 0 for failures in blamed) < 3
    said = [line for line in log.splitlines() if "is this machine online" in line]
    assert [line.split()[1] for line in said] == ["ERROR", "WARNING"]  # opened, over
    audit(database(config), log=log)


def _polled(config: Path) -> int:
    """How many sources were polled well."""
    try:
        with Store.open(database(config), read_only=True) as store:
            return sum(s.last_ok is not None for s in store.frontier.source_status())
    except StoreError:  # the first moments: the database is being made
        return 0


def _offline(config: Path) -> bool:
    try:
        with Store.open(database(config), read_only=True) as store:
            return any(alert.key == "offline" for alert in store.alerts.list())
    except StoreError:
        return False
