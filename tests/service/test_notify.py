"""What the service manager hears of us."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.notify import Manager


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(10)
        yield listening


def heard(listener: socket.socket) -> list[str]:
    return listener.recv(4096).decode().split("\n")


def test_the_words_of_the_protocol(listener: socket.socket) -> None:
    manager = Manager(listener.getsockname())
    manager.ready("watching\n3 outlets")
    assert heard(listener) == ["READY=1", "STATUS=watching 3 outlets"]
    manager.alive("2 in flight")
    assert heard(listener) == ["WATCHDOG=1", "STATUS=2 in flight"]
    manager.unwell("the writer hangs")
    assert heard(listener) == ["STATUS=the writer hangs"]
    manager.stopping("stopping")
    assert heard(listener)[0] == "STOPPING=1"
    manager.reloading()
    word, stamp = heard(listener)
    assert word == "RELOADING=1"
    assert stamp.partition("=")[2].isdigit()


def test_the_abstract_namespace_is_reached() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0presswatch-notify-test")
        listening.settimeout(10)
        Manager("@presswatch-notify-test").ready("here")
        assert heard(listening)[0] == "READY=1"


@pytest.mark.parametrize(
    ("environment", "address", "patience"),
    [
        pytest.param({}, None, None, id="none"),
        pytest.param({"NOTIFY_SOCKET": "/run/n"}, "/run/n", None, id="no watchdog"),
        pytest.param({"WATCHDOG_USEC": "120000000"}, None, 120.0, id="a watchdog"),
        pytest.param(
            {"WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "7"}, None, 1.0, id="ours"
        ),
        pytest.param(
            {"WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "8"},
            None,
            None,
            id="another's",
        ),
        pytest.param({"WATCHDOG_USEC": "soon"}, None, None, id="nonsense"),
        pytest.param({"WATCHDOG_USEC": "0"}, None, None, id="nothing"),
    ],
)
def test_the_manager_is_found_in_the_environment(
    environment: dict[str, str], address: str | None, patience: float | None
) -> None:
    assert Manager.of(environment, pid=7) == Manager(address, patience)


def test_a_manager_that_has_gone_is_no_trouble(tmp_path: Path) -> None:
    Manager(str(tmp_path / "nobody")).ready("here")
    Manager().alive("here")
