"""The network guard: public addresses only, judged after resolution."""

from __future__ import annotations

import ipaddress

import pytest
from twisted.internet.address import IPv4Address

from crawlers import guard as guards
from crawlers.guard import (
    AddressError,
    Allowed,
    GuardError,
    NetworkGuard,
    is_public,
    permits,
)
from crawlers.lookup import Lookups


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - nothing is bound
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::101:101",
        "2606:4700::5efe:10.0.0.1",
        "::127.0.0.1",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
        "2001:db8::1",
        "3fff::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_addresses_in_here_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "151.101.1.67",
        "2606:4700::1111",
        "::ffff:1.1.1.1",
        "64:ff9b::101:101",
    ],
)
def test_addresses_out_there_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("entry", "address", "port", "ok"),
    [
        pytest.param("127.0.0.1", "127.0.0.1", 80, True, id="any port"),
        pytest.param("127.0.0.1:8080", "127.0.0.1", 8080, True, id="the port"),
        pytest.param("127.0.0.1:8080", "127.0.0.1", 8081, False, id="another port"),
        pytest.param("127.0.0.1", "127.0.0.2", 80, False, id="another address"),
        pytest.param("10.0.0.0/8", "10.9.8.7", 80, True, id="network"),
        pytest.param("10.0.0.0/8:443", "10.9.8.7", 80, False, id="network, port"),
        pytest.param("[::1]:80", "::1", 80, True, id="v6 with port"),
        pytest.param("::1", "::1", 9, True, id="v6"),
        pytest.param("fd00::/8", "fd12::1", 80, True, id="v6 network"),
        pytest.param("127.0.0.1", "::ffff:127.0.0.1", 80, True, id="mapped"),
        pytest.param("127.0.0.1", "10.0.0.1", 80, False, id="not listed"),
    ],
)
def test_allow_private(entry: str, address: str, port: int, ok: bool) -> None:
    assert permits(address, port, [Allowed.parse(entry)]) is ok


@pytest.mark.parametrize("text", ["localhost", "127.0.0.1:http", "10.0.0.0/33", ""])
def test_unreadable_entries_are_named(text: str) -> None:
    with pytest.raises(AddressError):
        Allowed.parse(text)


class Resolver:
    """Answers with fixed addresses, as Twisted's resolver would."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = addresses

    def resolveHostName(  # noqa: N802
        self, receiver: object, name: str, port: int = 0, *rest: object
    ) -> object:
        receiver.resolutionBegan(self)  # type: ignore[attr-defined]
        for address in self._addresses:
            found = IPv4Address("TCP", address, port)
            receiver.addressResolved(found)  # type: ignore[attr-defined]
        receiver.resolutionComplete()  # type: ignore[attr-defined]
        return self


class Receiver:
    def __init__(self) -> None:
        self.found: list[str] = []
        self.complete = False

    def resolutionBegan(self, resolution: object) -> None:  # noqa: N802
        pass

    def addressResolved(self, address: IPv4Address) -> None:  # noqa: N802
        self.found.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.complete = True


def test_of_mixed_answers_only_the_public_ones_come_through() -> None:
    guard = NetworkGuard(Resolver("10.0.0.1", "1.1.1.1", "127.0.0.1"))
    receiver = Receiver()
    guard.resolveHostName(receiver, "mixed.example", 80)
    assert receiver.found == ["1.1.1.1"]
    assert receiver.complete
    assert guard.refused == {"mixed.example": "127.0.0.1"}


def test_a_refusal_is_forgotten_when_the_name_resolves_well_again() -> None:
    receiver = Receiver()
    guard = NetworkGuard(Resolver("10.0.0.1"))
    guard.resolveHostName(receiver, "rebinding.example", 80)
    guard.resolver = Resolver("1.1.1.1")
    guard.resolveHostName(receiver, "rebinding.example", 80)
    assert guard.refused == {}


def test_refusals_are_remembered_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "_MOST_REFUSED", 2)
    guard = NetworkGuard(Resolver("10.0.0.1"))
    for name in ("a.example", "b.example", "c.example"):
        guard.resolveHostName(Receiver(), name, 80)
    assert list(guard.refused) == ["b.example", "c.example"]


class Reactor:
    """What `install` needs of a reactor."""

    def __init__(self, *, deaf: bool = False) -> None:
        self.nameResolver: object = Resolver("127.0.0.1")
        self._deaf = deaf

    def installNameResolver(self, resolver: object) -> None:  # noqa: N802
        if not self._deaf:
            self.nameResolver = resolver


def test_the_guard_proves_itself_when_it_is_installed() -> None:
    guard = guards.install(Reactor())
    assert isinstance(guard.resolver, Lookups)
    assert guard.refused.keys() >= {"127.0.0.1", "0x7f000001", "169.254.169.254"}


def test_without_a_guard_in_force_nothing_starts() -> None:
    with pytest.raises(GuardError, match=r"lets 127.0.0.1 through"):
        guards.install(Reactor(deaf=True))


PROXY = "http://10.0.0.9:3128"


@pytest.mark.parametrize(
    ("url", "proxied", "objection"),
    [
        pytest.param("http://paper.example/", True, None, id="the proxy resolves it"),
        pytest.param("http://10.0.0.1/", True, "is 10.0.0.1", id="private"),
        pytest.param("http://0x7f.1/", True, "is 127.0.0.1", id="in any spelling"),
        pytest.param("http://[::1]/", True, "is ::1", id="v6"),
        pytest.param("http://127.0.0.1./", True, "is 127.0.0.1", id="a dot behind"),
        pytest.param("http://localhost/", True, "local network", id="the proxy's own"),
        pytest.param("http://db.internal/", True, "local network", id="its network"),
        pytest.param("http://127.0.0.1:8080/", True, None, id="allowed by the config"),
        pytest.param("http://10.0.0.1/", False, None, id="left to the resolver"),
        pytest.param(f"{PROXY}/", False, "is 10.0.0.9", id="the proxy as an outlet"),
    ],
)
def test_what_must_not_be_asked_for(
    url: str, proxied: bool, objection: str | None
) -> None:
    allowed = [Allowed.parse("127.0.0.1:8080")]
    guard = NetworkGuard(Resolver("10.0.0.9"), allowed, [guards.server(PROXY)])
    said = guard.objection(url, proxied=proxied)
    assert said is None if objection is None else objection in (said or "")


def test_the_operators_proxy_may_stand_anywhere() -> None:
    guard = NetworkGuard(Resolver("10.0.0.9"), (), [guards.server(PROXY)])
    receiver = Receiver()
    guard.resolveHostName(receiver, "10.0.0.9", 3128)
    assert receiver.found == ["10.0.0.9"]
    guard.resolveHostName(receiver, "10.0.0.9", 80)
    assert receiver.found == ["10.0.0.9"]
