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

from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer

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
    )
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class AddressError(ValueError):
    """An entry of network.allow_private cannot be read."""


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
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def is_public(address: Address) -> bool:
    """Whether an address is out on the internet, not in here."""
    inner = embedded(address)
    if inner is not None:
        return is_public(inner)
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


@implementer(IResolutionReceiver)
class _Filter:
    """Passes permitted addresses on and remembers that it refused others."""

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
        if permits(address.host, self._port, self._guard.allowed):
            self._receiver.addressResolved(address)
        else:
            self._guard.refused[self._name] = address.host

    def resolutionComplete(self) -> None:  # noqa: N802
        self._receiver.resolutionComplete()


@implementer(IHostnameResolver)
class NetworkGuard:
    """A name resolver that only yields addresses that may be connected to.

    `refused` maps a host name to the last address that was refused for it.
    """

    def __init__(self, resolver: Any, allowed: Iterable[Allowed] = ()) -> None:
        self._resolver = resolver
        self.allowed = tuple(allowed)
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
        return self._resolver.resolveHostName(
            receiver, hostName, portNumber, addressTypes, transportSemantics
        )


def install(reactor: Any, allowed: Iterable[Allowed]) -> NetworkGuard:
    """Puts the guard in the reactor's resolver; a second call changes its list."""
    current = reactor.nameResolver
    if isinstance(current, NetworkGuard):
        current.allowed = tuple(allowed)
        return current
    guard = NetworkGuard(current, allowed)
    reactor.installNameResolver(guard)
    return guard
