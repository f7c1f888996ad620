"""What all tests share: the newspapers on loopback, and no network beyond it."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator

import pytest

from service.demo.client import Site

#: Names that no resolver knows (RFC 6761); looking them up is a fair test.
_NOWHERE = (".invalid", ".test", ".example", ".localhost")


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """One running site for all tests that only read: no faults, no changes."""
    with Site.start() as running:
        yield running


@pytest.fixture
def fresh_site() -> Iterator[Site]:
    """A site of one's own, to break and to change."""
    with Site.start() as running:
        yield running


class NetworkRefused(RuntimeError):
    """A test wanted to leave the machine."""


class NameRefused(socket.gaierror):
    """A test wanted a name looked up; to the program, the name does not exist."""


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Refuses connections and look-ups beyond loopback, and fails the test for them.

    Gives the list of what was refused so far; who means to be refused clears it.
    """
    refused: list[str] = []
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    look_up = socket.getaddrinfo

    def check(address: object) -> None:
        if isinstance(address, tuple) and not _is_loopback(str(address[0])):
            refused.append(f"connection to {address}")
            raise NetworkRefused(f"tests must not connect to {address}")

    def checked_connect(self: socket.socket, address: object) -> None:
        check(address)
        connect(self, address)  # type: ignore[arg-type]

    def checked_connect_ex(self: socket.socket, address: object) -> int:
        check(address)
        return connect_ex(self, address)  # type: ignore[arg-type]

    def checked_look_up(host: object, *args: object, **kwargs: object) -> object:
        if kwargs.get("flags") == socket.AI_NUMERICHOST:  # asks nobody
            return look_up(host, *args, **kwargs)  # type: ignore[arg-type]
        name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
        if not _is_local_name(name):
            if not name.endswith(_NOWHERE):
                refused.append(f"look-up of {name}")
            raise NameRefused(socket.EAI_NONAME, f"tests must not look up {name}")
        return look_up(host, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", checked_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", checked_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", checked_look_up)
    yield refused
    assert not refused, f"this test reached beyond loopback: {refused}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return _is_local_name(host)


def _is_local_name(name: str) -> bool:
    """Literals may be parsed: a look-up of one asks nobody."""
    if name == "localhost":
        return True
    try:
        socket.inet_aton(name)
    except OSError:
        return ":" in name
    return True
