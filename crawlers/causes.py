"""What a failed download says of its cause, in one plain line. Pure.

Twisted wraps what happened in lists of failures whose text is full of class names;
operators need the words inside.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from OpenSSL import SSL
from twisted.internet.error import ConnectionAborted, ConnectionDone, ConnectionLost
from twisted.python.failure import Failure

_LONGEST: Final = 200

_WORDS: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (ConnectionAborted, "it was aborted"),
    (ConnectionDone, "it was closed before the answer was complete"),
    (ConnectionLost, "it was lost"),
)


def cause(error: BaseException) -> str:
    """The innermost reasons of an error, each once, at most 200 characters."""
    told = dict.fromkeys(_told(each) for each in _reasons(error))
    return "; ".join(text for text in told if text)[:_LONGEST]


def _reasons(error: BaseException) -> Iterator[BaseException]:
    """The failures that a ResponseFailed carries, however deep; else the error."""
    inner = getattr(error.__cause__ or error, "reasons", None) or ()
    values = (each.value for each in inner if isinstance(each, Failure))
    found = [value for value in values if value is not None]
    if not found:
        yield error
    for reason in found:
        yield from _reasons(reason)


def _told(error: BaseException) -> str:
    for kind, words in _WORDS:
        if type(error) is kind:
            return words
    if isinstance(error, SSL.Error):
        return f"TLS: {_tls(error)}"
    return " ".join(str(error).split())


def _tls(error: SSL.Error) -> str:
    """OpenSSL's own queue: a list of (library, function, reason)."""
    if error.args and isinstance(error.args[0], list):
        return ", ".join(str(entry[-1]) for entry in error.args[0]) or "no reason given"
    return str(error) or type(error).__name__
