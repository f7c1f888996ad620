"""Why a request ended without a page: exceptions become named outcomes. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)

from crawlers.causes import cause
from crawlers.gate import HostHeld
from pipelines.outcome import Outcome

#: How much failures count, by how likely they are to stay.
HARD = 1.0
SOFT = 0.5
TEMPORARY = 0.25


class Refused(IgnoreRequest):
    """A middleware or the handler ends a request, under this outcome."""

    def __init__(self, outcome: Outcome, detail: str, *, held: float = 0.0) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail
        self.held = held  # seconds that the host is on hold, if that is why


@dataclass(frozen=True, slots=True)
class Miss:
    """A request that brought no body worth having.

    `blame` says whether the host itself failed (no answer, 5xx), which its breaker
    counts. `held` is how many seconds the host is on hold, if that was the cause.
    `unreachable` says that its name was not even resolved: maybe we are offline.
    `weight` is how much the failure of a source counts.
    """

    outcome: Outcome
    detail: str
    status: int | None = None
    blame: bool = False
    held: float = 0.0
    unreachable: bool = False

    @property
    def weight(self) -> float:
        """1 for an answer that says no, less for what mostly passes by itself.

        A name that does not resolve may be our own resolver's fault; a time-out, a
        broken connection, a 5xx or a 429 is the server's trouble of the moment.
        """
        if self.unreachable:
            return TEMPORARY
        passing = self.blame or self.status == 429
        return SOFT if passing else HARD


_FAILURES: tuple[tuple[type[Exception], Outcome, str, bool], ...] = (
    (DownloadTimeoutError, Outcome.FAILED, "no full answer in time", True),
    (ResponseDataLossError, Outcome.INCOMPLETE, "the body ended early", True),
    (DownloadCancelledError, Outcome.TOO_LARGE, "the body passes the size cap", False),
    (CannotResolveHostError, Outcome.FAILED, "the host name does not resolve", True),
    (DownloadConnectionRefusedError, Outcome.FAILED, "connection refused", True),
    (DownloadFailedError, Outcome.FAILED, "the connection failed", True),
    (UnsupportedURLSchemeError, Outcome.BLOCKED, "only http and https", False),
    (NotSupported, Outcome.BLOCKED, "only http and https are fetched", False),
)


def miss(error: BaseException) -> Miss | None:
    """The outcome that an exception of the fetch means; None for a bug of ours."""
    if isinstance(error, Refused):
        return Miss(error.outcome, error.detail, held=error.held)
    if isinstance(error, HostHeld):
        return Miss(Outcome.FAILED, str(error), held=error.seconds)
    if isinstance(error, IgnoreRequest):
        return Miss(Outcome.FAILED, f"gave up: {error}", blame=False)
    for kind, outcome, words, blame in _FAILURES:
        if isinstance(error, kind):
            detail = _with_cause(words, error)
            lost = isinstance(error, CannotResolveHostError)
            return Miss(outcome, detail, blame=blame, unreachable=lost)
    return None


def bug(error: Exception) -> Miss:
    """The outcome of work that an error of ours ended; its traceback is logged."""
    words = f"an error of Presswatch: {type(error).__name__}: {error}"
    return Miss(Outcome.FAILED, words[:500])


def _with_cause(words: str, error: BaseException) -> str:
    said = cause(error)
    return f"{words} ({said})" if said else words


_STATUS = {
    401: (Outcome.DENIED, "the server wants a login"),
    402: (Outcome.DENIED, "the server wants payment"),
    403: (Outcome.DENIED, "the server refuses us"),
    404: (Outcome.GONE, "not found"),
    407: (Outcome.DENIED, "the proxy wants a login"),
    410: (Outcome.GONE, "gone"),
    429: (Outcome.FAILED, "too many requests, says the server"),
    451: (Outcome.DENIED, "unavailable for legal reasons"),
}


def status_miss(status: int, *, challenge: bool = False) -> Miss | None:
    """The outcome that a status means; None for 200 to 299 and 304."""
    if 200 <= status < 300 or status == 304:
        return None
    if challenge:
        words = f"HTTP {status}: a bot challenge stands before the page"
        return Miss(Outcome.DENIED, words, status)
    outcome, words = _STATUS.get(status, (Outcome.FAILED, "no page"))
    return Miss(outcome, f"HTTP {status}: {words}", status, blame=status >= 500)
