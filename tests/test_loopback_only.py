"""The guard of conftest.py that keeps tests from leaving the machine."""

from __future__ import annotations

import socket

import pytest

from service.demo.client import Site


def test_a_connection_beyond_loopback_is_refused_and_noted(
    loopback_only: list[str],
) -> None:
    with socket.socket() as client, pytest.raises(RuntimeError, match="must not"):
        client.connect(("192.0.2.1", 80))
    with socket.socket() as client, pytest.raises(RuntimeError, match="must not"):
        client.connect_ex(("192.0.2.1", 80))
    assert len(loopback_only) == 2
    loopback_only.clear()


def test_a_look_up_beyond_loopback_is_refused_and_noted(
    loopback_only: list[str],
) -> None:
    with pytest.raises(socket.gaierror, match="must not look up"):
        socket.getaddrinfo("www.iana.org", 80)
    assert loopback_only == ["look-up of www.iana.org"]
    loopback_only.clear()


def test_names_that_no_resolver_knows_just_do_not_exist(
    loopback_only: list[str],
) -> None:
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("paper.invalid", 80)
    assert loopback_only == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "0x7f000001"])
def test_loopback_may_be_looked_up(host: str) -> None:
    assert socket.getaddrinfo(host, 80)


def test_the_site_can_be_reached(site: Site) -> None:
    assert site.truth()
