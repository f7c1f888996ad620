"""The network guard: which addresses may be connected to, judged after resolution.

It sits in the reactor's name resolver, so the addresses it lets through are the
very ones that are connected to: no second look-up, no rebinding. Literal addresses
in any spelling (0x7f000001, 127.1) pass the same resolver.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer

from crawlers.lookup import Lookups, numeric

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# `is_global` of Python 3.11 lets these through: NAT64, 6to4, site-local,
# documentation, protocol assignments.
_NOT_PUBLIC: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "192.88.99.0/24",
        "192.0.0.0/24",
        "fec0::/10",
        "3fff::/20",
        "5f00::/16",
        "100.64.0.0/10",
        "64:ff9b:1::/48",  # NAT64 within one network (RFC 8215): leads into it
    )
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
#: The middle of an ISATAP address (RFC 5214); the IPv4 address follows it.
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})

#: Names that mean the machine or the network that resolves them.
_LOCAL_NAMES = (".localhost", ".local", ".internal", ".lan", ".home.arpa")

#: Refusals remembered, to be told as the cause; the oldest are forgotten.
_MOST_REFUSED = 1024


class AddressError(ValueError):
    """An entry of network.allow_private cannot be read."""


class GuardError(RuntimeError):
    """The guard is not in force: nothing may be fetched."""

    exit_code = 74


@dataclass(frozen=True, slots=True)
class Allowed:
    """A private network that may be reached, on one port or on all."""

    network: Network
    port: int | None = None

    @classmethod
    def parse(cls, text: str) -> Allowed:
        """Reads `ADDR`, `CIDR`, `ADDR:PORT`, `[V6]:PORT`, `CIDR:PORT`."""
        address, port = _split_port(text.strip())
        try:
            return cls(ipaddress.ip_network(address, strict=False), port)
        except ValueError as error:
            raise AddressError(f"{text!r}: {error}") from error

    def holds(self, address: Address, port: int) -> bool:
        return (
            address.version == self.network.version
            and address in self.network
            and self.port in (None, port)
        )


def _split_port(text: str) -> tuple[str, int | None]:
    if text.startswith("["):
        address, _, rest = text[1:].partition("]")
        return (address + rest, None) if rest.startswith("/") else _port(address, rest)
    if text.count(":") == 1:
        address, _, port = text.partition(":")
        return _port(address, ":" + port)
    return text, None


def _port(address: str, rest: str) -> tuple[str, int | None]:
    if not rest:
        return address, None
    if not rest[1:].isdigit():
        raise AddressError(f"{address}{rest}: no port after the colon")
    return address, int(rest[1:])


def embedded(address: Address) -> Address | None:
    """The IPv4 address that an IPv6 address carries and would be routed to."""
    if address.version == 4:
        return None
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address.teredo:
        return address.teredo[1]
    if address in _NAT64 or (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def is_public(address: Address) -> bool:
    """Whether an address is out on the internet, not in here."""
    inner = embedded(address)
    if inner is not None:
        return is_public(inner)  # the rest of it says only by which way
    special = address.is_multicast or address.is_reserved or address.is_unspecified
    listed = any(
        address.version == net.version and address in net for net in _NOT_PUBLIC
    )
    return address.is_global and not special and not listed


def permits(text: str, port: int, allowed: Iterable[Allowed]) -> bool:
    """Whether the address (as the resolver spells it) may be connected to."""
    address = ipaddress.ip_address(text.partition("%")[0])
    seen = {address, embedded(address) or address}
    return is_public(address) or any(
        entry.holds(one, port) for entry in allowed for one in seen
    )


def says_private(host: str, port: int, allowed: Iterable[Allowed]) -> str | None:
    """Why a host must not be asked for, as far as its spelling says; None if it may.

    For what somebody else resolves (a proxy). A name is taken at its word unless it
    can only mean the proxy itself or its network.
    """
    name = host.strip("[]").partition("%")[0].rstrip(".").lower()
    rows = numeric(name)
    if rows is None:
        local = "." not in name or name.endswith(_LOCAL_NAMES)
        return f"{host} is a name of the local network" if local else None
    addresses = [row[4][0] for row in rows]
    refused = [each for each in addresses if not permits(each, port, allowed)]
    return f"{host} is {refused[0]}" if refused else None


@implementer(IResolutionReceiver)
class _Filter:
    """Passes permitted addresses on and tells the guard of the others."""

    def __init__(self, receiver: Any, name: str, port: int, guard: NetworkGuard):
        self._receiver, self._name, self._port, self._guard = (
            receiver,
            name,
            port,
            guard,
        )

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 - Twisted's
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if self._guard.lets_through(self._name, address.host, self._port):
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        self._receiver.resolutionComplete()


@implementer(IHostnameResolver)
class NetworkGuard:
    """A name resolver that only yields addresses that may be connected to.

    `allowed` are private networks that may be reached, `proxies` the (host, port) of
    the operator's own proxies, which may stand anywhere. `refused` maps a host name
    to the last address that was refused for it.
    """

    def __init__(
        self,
        resolver: Any,
        allowed: Iterable[Allowed] = (),
        proxies: Iterable[tuple[str, int]] = (),
    ) -> None:
        self.resolver = resolver
        self.allowed = tuple(allowed)
        self.proxies = frozenset(proxies)
        self.refused: dict[str, str] = {}

    def resolveHostName(  # noqa: N802 - Twisted's interface
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[Any] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        self.refused.pop(hostName, None)
        receiver = _Filter(resolutionReceiver, hostName, portNumber, self)
        return self.resolver.resolveHostName(
            receiver, hostName, portNumber, addressTypes, transportSemantics
        )

    def lets_through(self, name: str, address: str, port: int) -> bool:
        """Whether a name's address may be connected to; notes it if not."""
        if (name.lower(), port) in self.proxies or permits(address, port, self.allowed):
            return True
        self.refused[name] = address
        if len(self.refused) > _MOST_REFUSED:
            del self.refused[next(iter(self.refused))]
        return False

    def objection(self, url: str, *, proxied: bool) -> str | None:
        """Why a URL must not be asked for, before anything is resolved; None if not.

        A proxy resolves names itself, so that only the spelling can be judged. Nobody
        but the operator's requests through it may reach the proxy itself.
        """
        host, port = server(url)
        if proxied:
            return says_private(host, port, self.allowed)
        if (host, port) in self.proxies:
            return says_private(host, port, self.allowed) or f"{host} is a proxy"
        return None


def server(url: str) -> tuple[str, int]:
    """Host and port that a URL names."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)


_PORTS = {"http": 80, "https": 443}


def install(reactor: Any) -> NetworkGuard:
    """Puts the guard into the reactor's resolver and proves that it is in force.

    It lets nothing private through until it is told to. Raises GuardError.
    """
    guard = reactor.nameResolver
    if not isinstance(guard, NetworkGuard):
        guard = NetworkGuard(Lookups(reactor))
        reactor.installNameResolver(guard)
    guard.allowed, guard.proxies = (), frozenset()
    prove(reactor.nameResolver)
    return guard


def prove(resolver: Any) -> None:
    """Raises GuardError unless addresses of this machine and its network are refused.

    Scrapy ignores resolvers that are set in other ways, without a word.
    """
    for name in ("127.0.0.1", "0x7f000001", "169.254.169.254", "::ffff:10.0.0.1"):
        answer = _Answer()
        resolver.resolveHostName(answer, name, 80)
        if answer.found or not answer.complete:
            raise GuardError(f"the network guard lets {name} through: this is a bug")


@implementer(IResolutionReceiver)
class _Answer:
    """Collects what a resolver says."""

    def __init__(self) -> None:
        self.found: list[Any] = []
        self.complete = False

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        """A literal is known at once: there is nothing to wait for."""

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.found.append(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.complete = True
