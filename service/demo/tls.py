"""Certificates for the demo's servers: one that is right, and three that are not.

They are made anew at each start and signed by an authority that nobody trusts but
who asks for it. cryptography comes with Scrapy; only `--tls` loads it.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Address
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_AUTHORITY = "Presswatch demo authority"
_OWN_ADDRESS = x509.IPAddress(IPv4Address("127.0.0.1"))
_OTHER_NAME = x509.DNSName("paper.invalid")
_DAY = timedelta(days=1)


class Flaw(StrEnum):
    """What is wrong with a server's certificate."""

    NONE = "none"
    EXPIRED = "expired"
    SELF_SIGNED = "self_signed"
    WRONG_NAME = "wrong_name"


@dataclass(frozen=True, slots=True)
class Signed:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        """The certificate alone, as a client's trust store takes it."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def chain(self) -> bytes:
        """Key and certificate, as a server loads them."""
        key = self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return key + self.pem


def authority(now: datetime) -> Signed:
    """A new certificate authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    draft = _draft(_AUTHORITY, key, now + 30 * _DAY).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical=True
    )
    return Signed(draft.issuer_name(_name(_AUTHORITY)).sign(key, hashes.SHA256()), key)


def certificate(flaw: Flaw, signer: Signed, now: datetime) -> Signed:
    """A certificate for 127.0.0.1, valid but for its flaw."""
    key = ec.generate_private_key(ec.SECP256R1())
    end = now - _DAY if flaw is Flaw.EXPIRED else now + 30 * _DAY
    name = _OTHER_NAME if flaw is Flaw.WRONG_NAME else _OWN_ADDRESS
    draft = _draft("127.0.0.1", key, end).add_extension(
        x509.SubjectAlternativeName([name]), critical=False
    )
    if flaw is Flaw.SELF_SIGNED:
        own = draft.issuer_name(_name("127.0.0.1"))
        return Signed(own.sign(key, hashes.SHA256()), key)
    signed = draft.issuer_name(signer.certificate.subject)
    return Signed(signed.sign(signer.key, hashes.SHA256()), key)


def server_context(server: Signed) -> ssl.SSLContext:
    """What a server needs to show this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # The ssl module reads certificates from files only.
    with TemporaryDirectory() as directory:
        path = Path(directory) / "chain.pem"
        path.write_bytes(server.chain)
        context.load_cert_chain(path)
    return context


def _draft(
    subject: str, key: ec.EllipticCurvePrivateKey, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(end - 60 * _DAY)
        .not_valid_after(end)
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
