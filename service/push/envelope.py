"""A message as it is pushed: what `queue lease` prints, without the token. Pure."""

from __future__ import annotations

import json
from typing import Any

from pipelines.store.deliveries import Leased
from service.queue_json import leased_json


def envelope(message: Leased) -> dict[str, Any]:
    """The message for a receiver. The same for each attempt but for `also_at`."""
    told = leased_json(message)
    del told["token"], told["attempt"]
    return told


def line(message: Leased) -> bytes:
    """The message as one line of JSON, ASCII, with its line end."""
    return json.dumps(envelope(message)).encode("ascii") + b"\n"
