"""URLs, hosts and network addresses in config files: are they well formed?

Only the form is judged here, nothing is resolved. Identity of article URLs is
another matter (`pipelines.urls`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit, urlunsplit

from config.problems import Unfit, shown

_PORTS = {"http": 80, "https": 443}
_LABEL = re.compile(r"[^\W_]([\w-]{0,61}[^\W_])?|[a-z0-9_-]{1,63}", re.IGNORECASE)
_HOST_AND_PORT = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]+):([0-9]{1,5})")
_SCHEME_AND_SLASHES = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Permit:
    """Private addresses that may be connected to; `port` None means any."""

    network: IPv4Network | IPv6Network
    port: int | None = None


def check_url(url: str) -> str:
    """`url` if it is an absolute http or https URL; raises Unfit if not."""
    if any(char.isspace() or not char.isprintable() for char in url):
        raise Unfit("a URL holds no spaces or control characters", "write them as %20")
    parts = _split(url)
    if parts.username is not None or parts.password is not None:
        hint = 'put them into request.auth as "user:password"'
        raise Unfit("user and password do not belong into the URL", hint)
    check_host(parts.hostname or "")
    return url


def check_proxy(url: str) -> str:
    """`url` if it is a proxy's http or https URL (user and password allowed)."""
    parts = _split(url)
    check_host(parts.hostname or "")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise Unfit("a proxy's URL ends after its port", "such as http://10.0.0.1:3128")
    return url


def check_host(host: str) -> str:
    """`host` if it can be a host's name or address; raises Unfit if not."""
    if _is_address(host):
        return host
    labels = host.removesuffix(".").split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise Unfit(f"{shown(host)} is not a host name")
    return host


def check_site(site: str) -> str:
    """`site` if it is a bare host such as bbc.co.uk; raises Unfit if not."""
    host = re.split(r"[/?#]", _SCHEME_AND_SLASHES.sub("", site), maxsplit=1)[0]
    if host != site:
        raise Unfit(
            "is more than a host", f"write {host}" if host[:1].isalnum() else None
        )
    return check_host(site).lower()


def check_permit(text: str) -> str:
    """`text` if it is ADDR or CIDR[:PORT]; raises Unfit if not."""
    permit(text)
    return text


def permit(text: str) -> Permit:
    """The addresses and port that `ADDR`, `CIDR`, `ADDR:PORT` ... mean.

    IPv6 with a port stands in brackets: `[::1]:80`, `[fd00::/8]:80`. Bits beyond a
    prefix are ignored (127.0.0.1/8 is 127.0.0.0/8). Raises Unfit.
    """
    network, port = text, None
    if match := _HOST_AND_PORT.fullmatch(text):
        network, port = match[1], _port(match[2])
    elif text.startswith("[") and text.endswith("]"):
        network = text
    try:
        return Permit(ip_network(network.strip("[]"), strict=False), port)
    except ValueError:
        message = f"{shown(text)} is not an address or network"
        hint = "write e.g. 127.0.0.1, 10.0.0.0/8:8080 or [::1]:80"
        raise Unfit(message, hint) from None


def check_bind(text: str) -> str:
    """`text` if it is HOST:PORT to listen on; raises Unfit if not."""
    match = _HOST_AND_PORT.fullmatch(text)
    if match is None:
        raise Unfit(f"{shown(text)} is not HOST:PORT", 'write e.g. "127.0.0.1:8480"')
    _port(match[2], lowest=0)
    check_host(match[1].strip("[]"))
    return text


def origin(url: str) -> str:
    """The front page of the site that a well-formed `url` is on."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), "/", "", ""))


def identity(url: str) -> str:
    """A key that is equal for two ways to write one source; "" for a broken URL.

    RFC 3986 6.2.2 and 6.2.3: case of scheme and host, default port, empty path,
    fragment. A query is kept as it is: servers may read its order.
    """
    try:
        parts = _split(url)
    except Unfit:
        return ""
    scheme, host = parts.scheme.lower(), (parts.hostname or "").removesuffix(".")
    port = parts.port if parts.port not in (None, _PORTS[scheme]) else None
    place = f"{host}:{port}" if port else host
    return urlunsplit((scheme, place, parts.path or "/", parts.query, ""))


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Unfit(f"{shown(url)} is not a URL: {error}") from None
    if parts.scheme.lower() not in _PORTS or not parts.netloc:
        raise Unfit(f"{shown(url)} is not an http or https URL", _completed(url))
    if not parts.hostname or port == 0:
        raise Unfit(f"{shown(url)} names no host" if port != 0 else "port 0 is no port")
    return parts


def _completed(url: str) -> str | None:
    if _SCHEME_AND_SLASHES.match(url) or not re.match(r"/?/?[\w-]+\.[\w.-]", url):
        return None
    return f"did you mean https://{url.lstrip('/')}?"


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _port(text: str, lowest: int = 1) -> int:
    port = int(text)
    if not lowest <= port <= 65_535:
        raise Unfit(f"{port} is not a port", f"ports go from {lowest} to 65535")
    return port
