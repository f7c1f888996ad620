"""The uplink is down at the start, comes back, and is cut while the service runs."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from audit import audit
from faults.under import add_outlet, database, running

from pipelines.store import Store, StoreError
from pipelines.store.sources import SourceStatus
from program import PATIENCE, waited
from service.demo.client import Site

#: Names do not resolve while a file is there that is called like them, or "cut". No
#: connection is kept; hosts are tried again after one to two seconds, and
#: all within three once one has answered.
UPLINK = """
import socket
from pathlib import Path
from datetime import timedelta
from crawlers import handler, uplink
from service import running
running.TICK = timedelta(seconds=0.2)
uplink.TRY_AGAIN, uplink.SPREAD = 1.0, 3.0
handler.KEPT_FOR = 0.01
lost = Path({lost!r})
look_up = socket.getaddrinfo
def linked(host, *args, **kwargs):
    if str(host).endswith(".test"):
        if (lost / "cut").exists() or (lost / str(host)).exists():
            raise socket.gaierror(socket.EAI_AGAIN, "no name server")
        host = "127.0.0.1"
    return look_up(host, *args, **kwargs)
socket.getaddrinfo = linked
"""
HOSTS = 8


class Watched:
    """The service over all hosts, as its database shows it."""

    def __init__(self, config: Path) -> None:
        self._database = database(config)

    def sources(self) -> list[SourceStatus]:
        try:
            with Store.open(self._database, read_only=True) as store:
                return list(store.frontier.source_status())
        except StoreError:  # the first moments: the database is being made
            return []

    def polled(self) -> int:
        """How many sources were polled well."""
        return sum(source.last_ok is not None for source in self.sources())

    def blamed(self) -> set[str]:
        """The outlets whose latest polls failed."""
        return {source.outlet for source in self.sources() if source.failures}

    def offline(self) -> bool:
        try:
            with Store.open(self._database, read_only=True) as store:
                return any(alert.key == "offline" for alert in store.alerts.list())
        except StoreError:
            return False


@pytest.mark.slow
@pytest.mark.fault("N3")
def test_nobody_is_blamed_while_the_uplink_is_down(
    fresh_site: Site, tmp_path: Path
) -> None:
    port = fresh_site.outlets["courier"].rpartition(":")[2]
    config = fresh_site.config(tmp_path, outlets=[], console={"bind": None})
    for number in range(HOSTS):
        feed = f"http://n{number}.test:{port}/rss.xml?k={number}"
        add_outlet(config, f"n{number}", feed, every="1s", on_add="skip")
    (lost := tmp_path / "lost").mkdir()
    (lost / "cut").touch()
    service = Watched(config)
    with running(config, UPLINK.format(lost=str(lost))) as process:
        waited(service.offline)
        time.sleep(2.5)  # so that all are asked again and again
        assert service.polled() == 0
        # The first names that did not resolve might have been the fault of theirs.
        assert len(service.blamed()) < 3

        (lost / "cut").unlink()
        waited(lambda: service.polled() == HOSTS and not service.offline())
        (lost / "n0.test").touch()
        waited(lambda: service.blamed() == {"n0"})
        assert not service.offline()

        (lost / "cut").touch()
        waited(service.offline)
        blamed = service.blamed()
        time.sleep(2.5)
        assert service.blamed() == blamed
        assert len(blamed - {"n0"}) < 3
        asked = len(fresh_site.log())

        for name in ("cut", "n0.test"):
            (lost / name).unlink()
        held = {f"n{number}" for number in range(HOSTS)} - blamed
        waited(lambda: held <= _firsts(fresh_site, asked).keys())
        waited(lambda: not service.offline())
        process.terminate()
        _, log = process.communicate(timeout=PATIENCE)
    again = [at for name, at in _firsts(fresh_site, asked).items() if name in held]
    assert max(again) - min(again) > 0.15  # not all in one tick
    said = [line for line in log.splitlines() if "is this machine online" in line]
    assert [line.split()[1] for line in said] == ["ERROR", "WARNING"] * 2
    audit(database(config), log=log)


def _firsts(site: Site, asked: int) -> dict[str, float]:
    """When each outlet was first asked after so many requests (seconds)."""
    firsts: dict[str, float] = {}
    for entry in site.log()[asked:]:
        firsts.setdefault(f"n{entry['target'].rpartition('=')[2]}", entry["at"])
    return firsts
