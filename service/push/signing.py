"""Standard Webhooks: what is signed, and how. Pure.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from config.problems import Unfit

PREFIX: Final = "whsec_"
#: The specification's bounds of a key, in bytes.
SHORTEST, LONGEST = 24, 64


def key(secret: str) -> bytes:
    """The key in a secret such as `whsec_MfKQ9r8G...`; raises Unfit, not naming it."""
    hint = 'make one with: echo "whsec_$(openssl rand -base64 32)"'
    try:
        made = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise Unfit("the webhook's secret is not base64", hint) from None
    if not SHORTEST <= len(made) <= LONGEST:
        size = f"{SHORTEST} to {LONGEST} bytes"
        raise Unfit(f"the webhook's secret is not of {size}", hint)
    return made


def headers(
    keys: Iterable[bytes], message_id: str, at: datetime, body: bytes
) -> dict[str, str]:
    """The headers of one attempt: id, time and a signature by each key."""
    stamp = str(int(at.timestamp()))
    signed = f"{message_id}.{stamp}.".encode() + body
    signatures = (
        base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        for key in keys
    )
    return {
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{each}" for each in signatures),
    }
