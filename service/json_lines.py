"""One line of JSON Lines as programs send it, or what is wrong with it. Pure."""

from __future__ import annotations

import json
from typing import Any


def json_object(line: str | bytes, shape: str) -> dict[str, Any]:
    """The object on a line; a byte order mark before it is left out.

    ValueError says in plain words why there is none; `shape` is what it should be.
    """
    try:
        text = line.decode() if isinstance(line, bytes) else line
        value = json.loads(text.removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 (byte {error.start + 1})") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"no JSON: {error.msg} at column {error.colno}") from None
    except (ValueError, RecursionError):  # a number of 5,000 digits, a thousand "["
        raise ValueError("no JSON that can be read") from None
    if not isinstance(value, dict):
        raise ValueError(f"not an object {shape}")
    return value
