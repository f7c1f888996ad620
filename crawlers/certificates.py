"""Verified TLS that says what is wrong with a certificate.

OpenSSL reports "certificate verify failed" whatever the flaw; the reason is only
known while it is being verified. Here it is noted then, for the log.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from OpenSSL import SSL
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.crawler import Crawler
from service_identity import VerificationError
from service_identity.exceptions import CertificateError
from service_identity.hazmat import DNS_ID, IPAddress_ID, verify_service_identity
from service_identity.pyopenssl import extract_patterns
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from zope.interface import implementer

#: Certificates noted and not yet asked for; beyond it the oldest is forgotten.
_MOST_NOTED: Final = 256

#: OpenSSL's X509_V_ERR_ codes (x509_vfy.h), those that servers on the web produce.
_FLAWS: Final = {
    9: "is not valid yet: is this machine's clock right?",
    10: "has expired",
    18: "is self-signed",
    19: "ends in an authority that is not trusted",
    20: "comes from an authority that is not trusted, or its chain lacks a link",
    21: "comes without the rest of its chain",
    23: "was revoked",
    26: "is not meant for servers",
    66: "has too short a key",
    67: "comes from an authority with too short a key",
    68: "is signed with a hash that is no longer safe",
}


class Flaws:
    """What was wrong with a server's latest certificate, by host and port."""

    def __init__(self) -> None:
        self._noted: dict[tuple[str, int], str] = {}

    def note(self, server: tuple[str, int], flaw: str) -> None:
        """Remembers the first flaw that was found: what follows comes of it."""
        self._noted.setdefault(server, flaw)
        if len(self._noted) > _MOST_NOTED:
            del self._noted[next(iter(self._noted))]

    def take(self, server: tuple[str, int]) -> str | None:
        """The flaw, in plain words, forgotten then; None if there was none."""
        return self._noted.pop(server, None)


class NotingContextFactory(_ScrapyClientContextFactory):
    """Scrapy's context factory, verifying; `flaws` hears why certificates fail."""

    flaws: Flaws

    @classmethod
    def noting(cls, crawler: Crawler, flaws: Flaws) -> NotingContextFactory:
        """A factory with the TLS settings of the crawler."""
        factory: NotingContextFactory = cls.from_crawler(crawler)
        factory._verify_certificates = True
        factory.flaws = flaws
        return factory

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802
        server = (hostname.decode("ascii"), port)
        return _Creator(super().creatorForNetloc(hostname, port), server, self.flaws)


@implementer(IOpenSSLClientConnectionCreator)
class _Creator:
    """Makes connections whose verification is overheard."""

    def __init__(self, creator: Any, server: tuple[str, int], flaws: Flaws) -> None:
        self._creator, self._server, self._flaws = creator, server, flaws

    def clientConnectionForTLS(self, protocol: Any) -> SSL.Connection:  # noqa: N802
        connection: SSL.Connection = self._creator.clientConnectionForTLS(protocol)
        is_name = self._creator._hostnameIsDnsName
        ascii_name = self._creator._hostnameASCII
        identity = DNS_ID(ascii_name) if is_name else IPAddress_ID(ascii_name)
        how = SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT
        connection.set_verify(how, _verifying(identity, self._note))
        return connection

    def _note(self, flaw: str) -> None:
        self._flaws.note(self._server, flaw)


def _verifying(
    identity: Any, note: Callable[[str], None]
) -> Callable[[SSL.Connection, Any, int, int, int], bool]:
    """The verdict of OpenSSL on the chain, and RFC 6125's on the server's name."""

    def verify(_: SSL.Connection, certificate: Any, code: int, depth: int, ok: int):  # type: ignore[no-untyped-def]
        if not ok:
            note(f"its certificate {_flaw(code)}" if depth == 0 else _above(code))
            return False
        if depth:
            return True
        try:
            verify_service_identity(extract_patterns(certificate), [identity], [])
        except (VerificationError, CertificateError):
            note("its certificate is for another host")
            return False
        except Exception as error:  # an exception would be lost in OpenSSL
            note(f"its certificate cannot be read: {error}")
            return False
        return True

    return verify


def _flaw(code: int) -> str:
    return _FLAWS.get(code, f"fails the check (OpenSSL verify error {code})")


def _above(code: int) -> str:
    """The flaw of a certificate that vouches for the server's."""
    return f"a certificate of its chain {_flaw(code)}"
