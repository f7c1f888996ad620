"""The little HTTP of the demo's servers."""

from __future__ import annotations

import asyncio
import socket
from urllib.parse import urlsplit

import pytest

from service.demo.client import Site
from service.demo.newsagent import conditional, plain_target
from service.demo.web import (
    BadRequest,
    Request,
    Response,
    compressed,
    head_bytes,
    read_request,
    response_bytes,
    text_response,
)


def read(data: bytes) -> Request | None:
    """What the server makes of these bytes, the client having closed after them."""

    async def fed() -> Request | None:
        reader = asyncio.StreamReader(limit=1000)
        reader.feed_data(data)
        reader.feed_eof()
        return await read_request(reader)

    return asyncio.run(fed())


def test_a_request_is_read() -> None:
    request = read(b"POST /a?b=c HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok..")
    assert request is not None
    assert (request.method, request.target, request.path) == ("POST", "/a?b=c", "/a")
    assert (request.headers["host"], request.body) == ("x", b"ok")
    assert request.keeps_alive


def test_a_client_that_says_close_is_not_kept() -> None:
    request = read(b"GET / HTTP/1.1\r\nConnection: Close\r\n\r\n")
    assert request is not None
    assert not request.keeps_alive


@pytest.mark.parametrize(
    "data", [pytest.param(b"", id="nothing"), pytest.param(b"GET / HT", id="a part")]
)
def test_a_client_that_leaves_asks_nothing(data: bytes) -> None:
    assert read(data) is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"GET /\r\n\r\n", "not a request line", id="no version"),
        pytest.param(b"GET / HTTP/1.1\r\nA: " + b"b" * 2000, "over", id="too long"),
    ],
)
def test_nonsense_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(BadRequest, match=reason):
        read(data)


def test_heads_and_304_have_no_body() -> None:
    response = Response(200, {"Etag": '"a"'}, b"body")
    get, head = (Request(method, "/", {}) for method in ("GET", "HEAD"))
    assert response_bytes(get, response).endswith(b"\r\nContent-Length: 4\r\n\r\nbody")
    assert response_bytes(head, response).endswith(b"\r\nContent-Length: 4\r\n\r\n")
    known = conditional(Request("GET", "/", {"if-none-match": 'W/"a"'}), response)
    assert (
        response_bytes(get, known) == b'HTTP/1.1 304 Not Modified\r\nEtag: "a"\r\n\r\n'
    )


def test_an_odd_status_is_sent_all_the_same() -> None:
    assert head_bytes(Response(799), 0).startswith(b"HTTP/1.1 799 Unknown\r\n")


@pytest.mark.parametrize(
    ("response", "accepts", "packed"),
    [
        pytest.param(text_response("a" * 900, "text/plain"), "gzip", True, id="long"),
        pytest.param(text_response("a" * 90, "text/plain"), "gzip", False, id="short"),
        pytest.param(
            text_response("a" * 900, "text/plain"), "br", False, id="not asked"
        ),
        pytest.param(
            text_response("a" * 900, "text/plain").having(content_encoding="br"),
            "gzip",
            False,
            id="already packed",
        ),
    ],
)
def test_compression(response: Response, accepts: str, packed: bool) -> None:
    request = Request("GET", "/", {"accept-encoding": accepts})
    sent = compressed(request, response)
    assert (sent.headers.get("Content-Encoding") == "gzip") is packed


def test_a_text_keeps_what_its_charset_cannot_say_as_references() -> None:
    response = text_response("a\N{EM DASH}ñ", "text/html", "iso-8859-1")
    assert response.body == b"a&#8212;\xf1"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 200, id="unconditional"),
        pytest.param({"if-none-match": '"b", "a"'}, 304, id="one of several tags"),
        pytest.param({"if-none-match": "*"}, 304, id="any tag"),
        pytest.param(
            {
                "if-none-match": '"b"',
                "if-modified-since": "Mon, 23 Nov 2026 09:00:00 GMT",
            },
            200,
            id="a tag wins over a date",
        ),
        pytest.param(
            {"if-modified-since": "Mon, 23 Nov 2026 06:59:59 GMT"}, 200, id="older"
        ),
        pytest.param(
            {"if-modified-since": "Mon, 23 Nov 2026 07:00:00 GMT"}, 304, id="as old"
        ),
        pytest.param({"if-modified-since": "yesterday"}, 200, id="no date at all"),
    ],
)
def test_conditions(headers: dict[str, str], status: int) -> None:
    response = Response(
        200, {"Etag": '"a"', "Last-Modified": "Mon, 23 Nov 2026 07:00:00 GMT"}, b"x"
    )
    assert conditional(Request("GET", "/", headers), response).status == status


@pytest.mark.parametrize(
    ("target", "plain"),
    [
        pytest.param("/a?utm_source=rss&utm_medium=feed", "/a", id="tracking only"),
        pytest.param("/n.php?id=7&utm_source=rss", "/n.php?id=7", id="tracking too"),
        pytest.param("/a?utm_source=rss&u=17", "/a", id="a session"),
        pytest.param("/a/amp", "/a", id="amp"),
        pytest.param("/n.php?id=7", "/n.php?id=7", id="an id stays"),
    ],
)
def test_targets_without_their_tracking(target: str, plain: str) -> None:
    assert plain_target(target) == plain


def exchange(origin: str, sent: bytes) -> bytes:
    """All that a server answers to these bytes until it closes."""
    address = urlsplit(origin)
    host, port = str(address.hostname), address.port or 80
    with socket.create_connection((host, port), timeout=10) as connection:
        connection.sendall(sent)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_a_connection_takes_several_requests(site: Site) -> None:
    first = b"HEAD / HTTP/1.1\r\n\r\n"
    last = b"HEAD /robots.txt HTTP/1.1\r\nConnection: close\r\n\r\n"
    answer = exchange(site.outlets["upland"], first + last)
    assert answer.count(b"HTTP/1.1 200 OK") == 2


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param(b"what?\r\n\r\n", b"400 Bad Request", id="no request"),
        pytest.param(
            b"PUT / HTTP/1.1\r\nConnection: close\r\n\r\n",
            b"405 Method Not Allowed",
            id="no method of a reader",
        ),
    ],
)
def test_what_a_paper_does_not_do(site: Site, sent: bytes, status: bytes) -> None:
    assert exchange(site.outlets["upland"], sent).startswith(b"HTTP/1.1 " + status)
