"""What a failed download says of its cause."""

from __future__ import annotations

import pytest
from OpenSSL import SSL
from scrapy.exceptions import DownloadFailedError
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from crawlers.causes import cause


def failed(*reasons: BaseException) -> DownloadFailedError:
    """Twisted's failure as Scrapy raises it."""
    inner = ResponseFailed([Failure(reason) for reason in reasons])
    error = DownloadFailedError(str(inner))
    error.__cause__ = inner
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        pytest.param(failed(ConnectionLost()), "it was lost", id="lost"),
        pytest.param(
            failed(ConnectionDone()),
            "it was closed before the answer was complete",
            id="closed",
        ),
        pytest.param(
            failed(failed(ConnectionLost()), ConnectionLost()), "it was lost", id="deep"
        ),
        pytest.param(
            failed(SSL.Error([("SSL routines", "", "wrong version number")])),
            "TLS: wrong version number",
            id="TLS",
        ),
        pytest.param(failed(SSL.Error([])), "TLS: no reason given", id="TLS, mute"),
        pytest.param(ValueError("a\n  b"), "a b", id="one line"),
        pytest.param(ValueError("x" * 500), "x" * 200, id="a bounded one"),
    ],
)
def test_causes_are_told_in_words(error: BaseException, words: str) -> None:
    assert cause(error) == words
