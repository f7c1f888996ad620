"""Every way a request can end without a page has one name."""

from __future__ import annotations

import pytest
from scrapy import exceptions

from crawlers.gate import HostHeld
from crawlers.refusal import Refused, miss, status_miss
from pipelines.outcome import Outcome


@pytest.mark.parametrize(
    ("error", "outcome", "blame"),
    [
        (exceptions.DownloadTimeoutError("30 s"), Outcome.FAILED, True),
        (exceptions.ResponseDataLossError(), Outcome.INCOMPLETE, True),
        (exceptions.DownloadCancelledError("big"), Outcome.TOO_LARGE, False),
        (exceptions.CannotResolveHostError("x.example"), Outcome.FAILED, True),
        (exceptions.DownloadConnectionRefusedError(), Outcome.FAILED, True),
        (exceptions.DownloadFailedError("reset"), Outcome.FAILED, True),
        (exceptions.UnsupportedURLSchemeError("ftp"), Outcome.BLOCKED, False),
        (exceptions.NotSupported("data"), Outcome.BLOCKED, False),
        (exceptions.IgnoreRequest("max redirections"), Outcome.FAILED, False),
        (Refused(Outcome.ROBOTS, "no"), Outcome.ROBOTS, False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_exceptions_become_outcomes(
    error: Exception, outcome: Outcome, blame: bool
) -> None:
    missed = miss(error)
    assert missed is not None
    assert (missed.outcome, missed.blame) == (outcome, blame)
    assert missed.detail


def test_every_download_error_of_scrapy_is_mapped() -> None:
    errors = [
        kind
        for name, kind in vars(exceptions).items()
        if name.endswith("Error") and "Download" in name
    ]
    assert len(errors) >= 4
    for kind in errors:
        assert miss(kind()) is not None, kind


def test_a_hold_is_no_failure_of_the_page() -> None:
    missed = miss(HostHeld("news.example", 3600, "Retry-After: 3600"))
    assert missed is not None
    assert (missed.held, missed.blame) == (3600, False)
    assert "news.example is on hold for 3600 s" in missed.detail


@pytest.mark.parametrize("error", [ValueError("bug"), KeyError("bug"), TypeError()])
def test_bugs_are_not_outcomes(error: Exception) -> None:
    assert miss(error) is None


@pytest.mark.parametrize(
    ("status", "outcome", "blame"),
    [
        (200, None, False),
        (204, None, False),
        (304, None, False),
        (301, Outcome.FAILED, False),
        (400, Outcome.FAILED, False),
        (401, Outcome.DENIED, False),
        (403, Outcome.DENIED, False),
        (404, Outcome.GONE, False),
        (410, Outcome.GONE, False),
        (418, Outcome.FAILED, False),
        (429, Outcome.FAILED, False),
        (451, Outcome.DENIED, False),
        (500, Outcome.FAILED, True),
        (503, Outcome.FAILED, True),
    ],
)
def test_statuses(status: int, outcome: Outcome | None, blame: bool) -> None:
    missed = status_miss(status)
    if outcome is None:
        assert missed is None
    else:
        assert missed is not None
        assert (missed.outcome, missed.blame, missed.status) == (outcome, blame, status)


def test_a_bot_challenge_is_named() -> None:
    missed = status_miss(403, challenge=True)
    assert missed is not None
    assert missed.outcome is Outcome.DENIED
    assert "challenge" in missed.detail
