"""What goes out with a request, and what an answer comes to."""

from __future__ import annotations

import asyncio
import gzip
from datetime import UTC, datetime
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import HtmlResponse, Response

from config.models import Config, outlet
from crawlers import handler, middlewares
from crawlers.fetch import Answer, Fetcher, Order, Purpose, build_request
from crawlers.gate import HostGate
from crawlers.middlewares import HopMiddleware, StrictCompressionMiddleware
from crawlers.refusal import Miss, Refused
from pipelines.outcome import Outcome

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://www.news.example/world/story-1"


def config(**said: Any) -> Config:
    return Config.model_validate({"directory": "config", "outlets": {}, **said})


def an_outlet(**request: Any) -> Any:
    feed = {"feed": "https://www.news.example/rss"}
    return outlet("news", {"sources": [feed], "request": request})


# -- requests ---------------------------------------------------------------


def test_a_page_request() -> None:
    request = build_request(Order(URL, Purpose.PAGE, an_outlet()), config())
    assert request.headers["User-Agent"].startswith(b"presswatch (+")
    assert request.headers["Accept"].startswith(b"text/html")
    assert "If-None-Match" not in request.headers
    assert "Authorization" not in request.headers
    assert request.meta[handler.WANTED_TYPES]
    assert request.meta["download_timeout"] == 30
    assert not request.meta[handler.UNVERIFIED]
    assert "proxy" not in request.meta
    assert request.dont_filter


def test_a_conditional_source_request() -> None:
    order = Order(
        URL,
        Purpose.SOURCE,
        an_outlet(),
        etag='"abc"',
        last_modified="Sun, 01 Mar 2026 10:00:00 GMT",
    )
    request = build_request(order, config())
    assert request.headers["If-None-Match"] == b'"abc"'
    assert request.headers["If-Modified-Since"] == b"Sun, 01 Mar 2026 10:00:00 GMT"
    assert handler.WANTED_TYPES not in request.meta  # any type may hold a feed


def test_robots_are_asked_for_plainly_and_cut() -> None:
    request = build_request(Order(URL, Purpose.ROBOTS), config())
    assert request.meta[middlewares.ABOVE_ROBOTS]
    assert request.meta[handler.CUT_AT] == 500 * 1024
    assert request.headers["Accept-Encoding"] == b"identity"


def test_the_operators_request_options() -> None:
    said = an_outlet(
        headers={"X-Agreement": "42"},
        auth="reader:secret",
        verify=False,
        proxy="http://127.0.0.1:3128",
        timeout="5s",
    )
    request = build_request(Order(URL, Purpose.PAGE, said), config())
    assert request.headers["X-Agreement"] == b"42"
    assert request.headers["Authorization"] == b"Basic cmVhZGVyOnNlY3JldA=="
    assert request.meta[handler.UNVERIFIED]
    assert request.meta["proxy"] == "http://127.0.0.1:3128"
    assert request.meta["download_timeout"] == 5


def test_the_proxy_of_all_outlets() -> None:
    made = config(network={"proxy": "http://127.0.0.1:3128"})
    request = build_request(Order(URL, Purpose.PAGE, an_outlet()), made)
    assert request.meta["proxy"] == "http://127.0.0.1:3128"


def test_a_proxys_password_is_told_to_the_proxy_alone() -> None:
    made = config(network={"proxy": "http://me:pass%40word@127.0.0.1:3128"})
    request = build_request(Order(URL, Purpose.PAGE, an_outlet()), made)
    assert request.meta["proxy"] == "http://127.0.0.1:3128"
    assert request.headers["Proxy-Authorization"] == b"Basic bWU6cGFzc0B3b3Jk"


# -- answers ----------------------------------------------------------------


class Engine:
    """Gives one answer, as Scrapy's engine would."""

    def __init__(self, answer: Response | Exception) -> None:
        self._answer = answer

    async def download_async(self, request: Request) -> Response:
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


class Crawler:
    def __init__(self, answer: Response | Exception) -> None:
        self.engine = Engine(answer)


def fetched(answer: Response | Exception) -> tuple[Answer | Miss, HostGate]:
    gate = HostGate(lambda host: 0.0, clock=lambda: 0.0)
    made = config()
    fetcher = Fetcher(Crawler(answer), lambda: made, gate, lambda: NOW)  # type: ignore[arg-type]
    order = Order(URL, Purpose.PAGE, an_outlet())
    return asyncio.run(fetcher.fetch(order)), gate


def response(status: int, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HtmlResponse(URL, status=status, headers=named, body=b"<p>Text</p>")


def test_an_answer_keeps_what_the_store_needs() -> None:
    answer, _ = fetched(response(200, Content_Type="text/html; charset=koi8-r"))
    assert isinstance(answer, Answer)
    assert (answer.url, answer.status) == (URL, 200)
    assert answer.content_type == "text/html; charset=koi8-r"
    assert answer.body == b"<p>Text</p>"


@pytest.mark.parametrize(
    ("status", "retry_after", "held"),
    [
        pytest.param(429, "120", 120, id="429"),
        pytest.param(503, "120", 120, id="503"),
        pytest.param(429, None, 60, id="429 without a word"),
        pytest.param(503, None, 0, id="503 without a word"),
        pytest.param(429, "soon", 60, id="429 with junk"),
        pytest.param(500, "120", 120, id="500 that says when"),
        pytest.param(404, "120", 0, id="only on refusals"),
    ],
)
def test_retry_after_closes_the_host(
    status: int, retry_after: str | None, held: float
) -> None:
    headers = {"Retry_After": retry_after} if retry_after else {}
    answer, gate = fetched(response(status, **headers))
    assert isinstance(answer, Miss)
    assert gate.held_for("www.news.example") == held


def test_failures_of_the_host_are_counted_and_an_answer_forgets_them() -> None:
    seconds = iter(range(0, 100_000, 30))
    gate = HostGate(lambda host: 0.0, clock=lambda: float(next(seconds)))
    made = config()
    order = Order(URL, Purpose.PAGE, an_outlet())
    answers = [DownloadTimeoutError()] * 4 + [response(404)] + [response(500)] * 5
    for answer in answers:
        fetcher = Fetcher(Crawler(answer), lambda: made, gate, lambda: NOW)  # type: ignore[arg-type]
        asyncio.run(fetcher.fetch(order))
    assert gate.reason("www.news.example") == "5 failures in a row"


def test_a_bug_is_not_taken_for_an_outcome() -> None:
    with pytest.raises(KeyError):
        fetched(KeyError("bug"))


# -- middlewares ------------------------------------------------------------


def hop(to: str, **meta: Any) -> Request:
    headers = {"Authorization": "Basic x", "X-Agreement": "42", "Accept": "*/*"}
    said = {
        "redirect_urls": [URL],
        middlewares.SITES: frozenset({"news.example"}),
        middlewares.PRIVATE_HEADERS: ("Authorization", "X-Agreement"),
        **meta,
    }
    return Request(to, headers=headers, meta=said)


def test_a_hop_within_the_host_keeps_its_headers() -> None:
    request = hop("https://www.news.example/world/story-1-final")
    HopMiddleware(None).process_request(request)  # type: ignore[arg-type]
    assert "X-Agreement" in request.headers


def test_a_hop_to_another_host_of_the_site_loses_private_headers() -> None:
    request = hop("https://archive.news.example/story-1")
    HopMiddleware(None).process_request(request)  # type: ignore[arg-type]
    assert "X-Agreement" not in request.headers
    assert "Authorization" not in request.headers
    assert "Accept" in request.headers


def test_a_hop_out_of_tls_loses_private_headers() -> None:
    request = hop(URL.replace("https:", "http:") + "-final")
    HopMiddleware(None).process_request(request)  # type: ignore[arg-type]
    assert "Authorization" not in request.headers


def test_a_hop_off_the_site_is_denied() -> None:
    with pytest.raises(Refused, match=r"off the outlet's site, to adverts\.example"):
        HopMiddleware(None).process_request(hop("https://adverts.example/"))  # type: ignore[arg-type]


def test_a_source_may_move_to_any_site() -> None:
    request = hop("https://feeds.host.example/rss", **{middlewares.SITES: None})
    HopMiddleware(None).process_request(request)  # type: ignore[arg-type]


LARGE = b"news " * 100_000


@pytest.mark.parametrize(
    ("body", "most", "expected"),
    [
        pytest.param(b"", 1000, b"", id="empty"),
        pytest.param(gzip.compress(b"news"), 1000, b"news", id="small"),
        pytest.param(gzip.compress(LARGE), 10**6, LARGE, id="large, beside the loop"),
        pytest.param(
            gzip.compress(LARGE), 10**5, Outcome.TOO_LARGE, id="over a small cap"
        ),
        pytest.param(
            gzip.compress(LARGE), 3 * 10**5, Outcome.TOO_LARGE, id="over a larger cap"
        ),
        pytest.param(b"\x1f\x8b\x08cut", 1000, Outcome.INCOMPLETE, id="cut short"),
        pytest.param(
            gzip.compress(LARGE)[:-9], 10**6, Outcome.INCOMPLETE, id="a large one, cut"
        ),
    ],
)
def test_an_encoding_is_undone_or_refused_by_name(
    body: bytes, most: int, expected: bytes | Outcome
) -> None:
    undone = StrictCompressionMiddleware(most)
    answer = Response(URL, headers={"Content-Encoding": "gzip"}, body=body)
    if isinstance(expected, bytes):
        response = asyncio.run(undone.process_response(Request(URL), answer))
        assert response.body == expected
        return
    with pytest.raises(Refused) as refused:
        asyncio.run(undone.process_response(Request(URL), answer))
    assert refused.value.outcome is expected
