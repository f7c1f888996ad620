"""Faults to order: each does to a client what its name says."""

from __future__ import annotations

import gzip
import socket
import ssl
import zlib
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import brotli
import pytest
from lxml import html

from service.demo import garbling
from service.demo.client import Site, Tls
from service.demo.distortions import KINDS, PAGES, Scene
from service.demo.edition import Edition
from service.demo.faults import Faults, order
from service.demo.newsagent import Newsagent
from service.demo.newsroom import open_newsroom
from service.demo.web import Request, Response

START = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
ORIGIN = "http://127.0.0.1:4711"


@pytest.fixture(scope="module")
def agent() -> Newsagent:
    """The Courier's server without a socket."""
    desk = open_newsroom()[0]
    edition = Edition(desk.outlet, ORIGIN)
    edition.open(desk.articles, START)
    return Newsagent(edition, window=30)


def distorted(
    agent: Newsagent, kind: str, target: str = "/rss.xml", **args: Any
) -> Response:
    """What a fault makes of an outlet's answer."""
    request = Request("GET", target, {})
    return KINDS[kind](Scene(request, agent, agent.answer(request), args))


def page_of(agent: Newsagent) -> str:
    return agent.edition.postings[0].path


# Orders


def test_the_oldest_order_that_matches_strikes_and_counts_down() -> None:
    faults = Faults()
    faults.add(order({"outlet": "courier", "path": "^/rss", "kind": "a", "count": 2}))
    faults.add(order({"kind": "b"}))
    taken = [faults.take("courier", "/rss.xml") for _ in range(3)]
    assert [fault and fault.kind for fault in taken] == ["a", "a", "b"]
    other = faults.take("talbote", "/rss.xml")
    assert other is not None
    assert other.kind == "b"
    faults.clear()
    assert faults.take("courier", "/rss.xml") is None


def test_an_order_without_a_match_does_not_count_down() -> None:
    faults = Faults()
    faults.add(order({"path": "^/robots", "kind": "a", "count": 1}))
    assert faults.take("courier", "/rss.xml") is None
    assert faults.take("courier", "/robots.txt") is not None
    assert faults.take("courier", "/robots.txt") is None


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({}, id="no kind"),
        pytest.param({"kind": "drop", "often": 3}, id="an unknown key"),
        pytest.param({"kind": "drop", "path": "("}, id="a broken pattern"),
    ],
)
def test_a_wrong_order_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"missing|unknown|no pattern"):
        order(said)


# Distortions: another response


@pytest.mark.parametrize(
    ("kind", "args", "status", "header"),
    [
        pytest.param("status", {}, 500, {}, id="500"),
        pytest.param(
            "status",
            {"status": 429, "retry_after": 3600},
            429,
            {"Retry-After": "3600"},
            id="429 with Retry-After",
        ),
        pytest.param("challenge", {}, 403, {"Cf-Mitigated": "challenge"}, id="bots"),
        pytest.param("redirect", {}, 302, {"Location": "/rss.xml"}, id="loop"),
        pytest.param(
            "redirect",
            {"to": "http://169.254.169.254/", "status": 308},
            308,
            {"Location": "http://169.254.169.254/"},
            id="redirect to a private address",
        ),
        pytest.param("redirect_chain", {}, 302, {"Location": "/rss.xml?hop=1"}, id="1"),
        pytest.param("not_modified", {}, 304, {}, id="304 to everybody"),
        pytest.param("headers", {"headers": {"Set-Cookie": "a=b"}}, 200,
                     {"Set-Cookie": "a=b"}, id="a cookie"),
        pytest.param("content_type", {"type": "application/pdf"}, 200,
                     {"Content-Type": "application/pdf"}, id="no pdf"),
    ],
)  # fmt: skip
def test_status_and_headers(
    agent: Newsagent,
    kind: str,
    args: dict[str, Any],
    status: int,
    header: dict[str, str],
) -> None:
    response = distorted(agent, kind, **args)
    assert response.status == status
    assert header.items() <= response.headers.items()


def test_a_redirect_chain_ends_in_the_true_answer(agent: Newsagent) -> None:
    target, hops = "/rss.xml", 0
    while (
        response := distorted(agent, "redirect_chain", target, hops=7)
    ).status == 302:
        target, hops = response.headers["Location"], hops + 1
    assert hops == 7
    assert response.body == distorted(agent, "no_validators").body


def test_a_missing_content_type_is_missing(agent: Newsagent) -> None:
    assert "Content-Type" not in distorted(agent, "content_type", type=None).headers


def test_a_frozen_etag_hides_changes(agent: Newsagent) -> None:
    first = distorted(agent, "frozen_etag")
    request = Request("GET", "/", {"if-none-match": first.headers["Etag"]})
    scene = Scene(request, agent, agent.answer(request))
    assert KINDS["frozen_etag"](scene).status == 304
    assert "Last-Modified" not in first.headers


def test_no_validators_answers_in_full(agent: Newsagent) -> None:
    response = distorted(agent, "no_validators")
    assert response.body.startswith(b"<?xml")
    assert not {"Etag", "Last-Modified"} & response.headers.keys()


@pytest.mark.parametrize(
    ("args", "kind", "encoding"),
    [
        pytest.param({}, "text/html", "utf-8", id="nothing says it is utf-8"),
        pytest.param(
            {"label": "utf-8", "encoding": "cp1252"},
            "text/html; charset=utf-8",
            "cp1252",
            id="cp1252 that claims to be utf-8",
        ),
    ],
)
def test_charsets_lie(
    agent: Newsagent, args: dict[str, Any], kind: str, encoding: str
) -> None:
    response = distorted(agent, "charset", page_of(agent), **args)
    assert response.headers["Content-Type"] == kind
    text = response.body.decode(encoding)
    assert "electricity" in text
    assert "<meta charset" not in text


@pytest.mark.parametrize(
    ("target", "mark"),
    [
        pytest.param("/rss.xml", b"<link>http://10.0.0.1/</link>", id="rss"),
        pytest.param("/atom.xml", b'href="http://10.0.0.1/"', id="atom"),
        pytest.param("/sitemap-news-1.xml", b"<loc>http://10.0.0.1/</loc>", id="map"),
        pytest.param("/sitemap.xml", b"<loc>http://10.0.0.1/</loc>", id="index"),
        pytest.param("/harbour/", b'<a href="http://10.0.0.1/">', id="section"),
    ],
)
def test_links_are_slipped_into_listings(
    agent: Newsagent, target: str, mark: bytes
) -> None:
    response = distorted(agent, "links", target, links=["http://10.0.0.1/"])
    assert mark in response.body


@pytest.mark.parametrize("kind", ["session_links", "flapping"])
def test_what_differs_with_every_request(agent: Newsagent, kind: str) -> None:
    target = "/rss.xml" if kind == "session_links" else page_of(agent)
    first, second = (distorted(agent, kind, target) for _ in range(2))
    assert first.body != second.body


def test_the_declared_canonical_is_replaced(agent: Newsagent) -> None:
    response = distorted(agent, "canonical", page_of(agent), to="http://10.0.0.1/x")
    tree = html.fromstring(response.body)
    assert tree.xpath("//link[@rel='canonical']/@href") == ["http://10.0.0.1/x"]


def test_a_body_to_order_knows_its_origin(agent: Newsagent) -> None:
    response = distorted(agent, "body", text="<loc>{origin}/x</loc>", type="text/xml")
    assert response.body == f"<loc>{ORIGIN}/x</loc>".encode()
    assert response.headers["Content-Type"] == "text/xml"
    assert distorted(agent, "body", base64="/wAA").body == b"\xff\x00\x00"


@pytest.mark.parametrize("name", PAGES)
def test_pages_that_are_no_article(agent: Newsagent, name: str) -> None:
    response = distorted(agent, "page", page=name)
    assert response.status == 200
    assert response.body == PAGES[name].encode()


@pytest.mark.parametrize(
    ("kind", "args", "least"),
    [
        pytest.param("huge", {}, 1_900_000, id="2 MB of paragraphs"),
        pytest.param("many_links", {}, 200_000 * 15, id="200,000 links"),
        pytest.param("deep", {"depth": 10_000}, 110_000, id="10,000 levels"),
        pytest.param("wide_table", {}, 1_000, id="a colspan of 9e15"),
        pytest.param("huge_robots", {}, 5_000_000, id="5 MB of robots.txt"),
    ],
)
def test_big_things_are_big(
    agent: Newsagent, kind: str, args: dict[str, Any], least: int
) -> None:
    assert len(distorted(agent, kind, **args).body) > least


def test_robots_close_the_site(agent: Newsagent) -> None:
    text = distorted(agent, "disallow", "/robots.txt", delay=7).body.decode()
    assert text == "User-agent: *\nDisallow: /\nCrawl-delay: 7\n"


def test_truncated_gzip_ends_early_but_has_its_length(agent: Newsagent) -> None:
    response = distorted(agent, "truncated_gzip")
    stream = zlib.decompressobj(31)
    begun = stream.decompress(response.body)
    assert agent.answer(Request("GET", "/rss.xml", {})).body.startswith(begun)
    assert begun
    assert not stream.eof


def test_mislabelled_gzip_is_none(agent: Newsagent) -> None:
    response = distorted(agent, "mislabelled_gzip")
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.body.startswith(b"<?xml")


def test_nested_gzip_can_be_unpacked_step_by_step(agent: Newsagent) -> None:
    response = distorted(agent, "nested_gzip", times=3)
    assert response.headers["Content-Encoding"] == "gzip, gzip, gzip"
    data = response.body
    for _ in range(3):
        data = gzip.decompress(data)
    assert data.startswith(b"<?xml")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_a_bomb_is_small_and_opens_to_what_was_ordered(
    agent: Newsagent, coding: str
) -> None:
    size = 8 * 1024 * 1024
    response = distorted(agent, "bomb", encoding=coding, bytes=size)
    opened = {
        "gzip": gzip.decompress,
        "deflate": zlib.decompress,
        "br": brotli.decompress,
    }[coding](response.body)
    assert len(opened) == size
    assert len(response.body) < size / 50
    assert response.headers["Content-Encoding"] == coding


def test_every_distortion_answers_every_kind_of_resource(agent: Newsagent) -> None:
    args = {"to": "/", "headers": {}, "links": ["/x"], "page": "login", "bytes": 10**6}
    for kind in KINDS:
        for target in ("/rss.xml", "/robots.txt", page_of(agent), "/nothing"):
            assert distorted(agent, kind, target, **args).status in {
                *(200, 302, 304, 403, 404, 500)
            }


# Garbling: other bytes on the wire, seen from a raw socket


@pytest.fixture(scope="module")
def shared_site() -> Iterator[Site]:
    with Site.start() as running:
        yield running


@pytest.fixture
def faulty(shared_site: Site) -> Iterator[Site]:
    """A site whose faults are cleared after each test."""
    yield shared_site
    shared_site.clear_faults()


class Caller:
    """A raw connection that has asked for a page."""

    def __init__(self, site: Site, target: str = "/rss.xml") -> None:
        address = urlsplit(site.outlets["courier"])
        host, port = str(address.hostname), address.port or 80
        self.socket = socket.create_connection((host, port), timeout=10)
        ask = f"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        self.socket.sendall(ask.encode())

    def until(self, size: int) -> bytes:
        """What comes, up to `size` bytes or the end."""
        data = b""
        while len(data) < size and (part := self.socket.recv(65536)):
            data += part
        return data

    def everything(self) -> bytes:
        return self.until(10**9)


def answer_of(site: Site) -> bytes:
    caller = Caller(site)
    with closing(caller.socket):
        return caller.everything()


@pytest.fixture
def call(faulty: Site) -> Iterator[Any]:
    """Orders a fault, then calls; the connection is closed after the test."""
    callers = []

    def ordered(kind: str, **args: Any) -> Caller:
        faulty.fault("courier", "^/rss", kind, **args)
        callers.append(Caller(faulty))
        return callers[-1]

    yield ordered
    for caller in callers:
        with closing(caller.socket):
            pass


def length_and_body(answer: bytes) -> tuple[int, bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    named = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    return int(named["Content-Length"]), body


def test_drop_resets_the_connection(call: Any) -> None:
    with pytest.raises(ConnectionResetError):
        call("drop").everything()


def test_drop_after_some_bytes(call: Any) -> None:
    caller = call("drop", after=300)
    assert len(caller.until(300)) == 300
    with pytest.raises(ConnectionResetError):
        caller.everything()


def test_close_ends_without_an_answer(call: Any) -> None:
    assert call("close").everything() == b""


@pytest.mark.parametrize("after", [0, 250])
def test_hang_sends_no_more(call: Any, faulty: Site, after: int) -> None:
    caller = call("hang", after=after)
    assert len(caller.until(after)) == after
    caller.socket.settimeout(0.2)
    with pytest.raises(TimeoutError):
        caller.until(after + 1)


def test_drip_sends_the_head_at_once_and_the_body_slowly(call: Any) -> None:
    answer = call("drip", rate=20).until(220)
    assert b"\r\n\r\n" in answer
    assert len(answer) < 1000


def test_slow_headers_start_at_the_first_byte(call: Any) -> None:
    assert len(call("slow_headers", rate=10).until(1)) < 10


def test_short_keeps_back_what_its_length_promises(call: Any) -> None:
    length, body = length_and_body(call("short").everything())
    assert len(body) == length // 2


def test_lying_length_is_not_the_length(call: Any) -> None:
    length, body = length_and_body(call("lying_length", length=7).everything())
    assert length == 7
    assert len(body) > 1000


def test_endless_goes_on(call: Any) -> None:
    answer = call("endless", type="audio/mpeg").until(5_000_000)
    assert b"Content-Type: audio/mpeg" in answer
    assert len(answer) >= 5_000_000


@pytest.mark.parametrize("kind", ["header_flood", "endless_1xx"])
def test_heads_that_go_on(call: Any, kind: str) -> None:
    answer = call(kind).until(2_000_000)
    assert len(answer) >= 2_000_000
    assert answer.startswith(b"HTTP/1.1 ")


def test_header_line_is_long(call: Any) -> None:
    answer = call("header_line", bytes=100_000).everything()
    assert max(map(len, answer.split(b"\r\n"))) > 100_000
    assert answer.endswith(b"\r\n\r\nok")


def test_bad_chunk_ends_inside_a_chunk(call: Any) -> None:
    head, _, rest = call("bad_chunk").everything().partition(b"\r\n\r\n")
    size, _, chunk = rest.partition(b"\r\n")
    assert b"Transfer-Encoding: chunked" in head
    assert 0 < len(chunk) < int(size, 16)


def test_garbage_is_no_http(call: Any) -> None:
    assert call("garbage").everything() == b"SSH-2.0-OpenSSH_9.6\r\n"


def test_a_fault_is_logged_and_ends_when_the_client_leaves(
    call: Any, faulty: Site
) -> None:
    faulty.clear_log()
    caller = call("hang")
    caller.socket.close()
    faulty.clear_faults()
    assert b"200 OK" in answer_of(faulty)
    hung, answered = faulty.log("courier")
    assert (hung["fault"], hung["status"]) == ("hang", None)
    assert (answered["fault"], answered["status"]) == (None, 200)


def test_every_kind_has_a_name_of_its_own_and_says_what_it_does() -> None:
    assert not KINDS.keys() & garbling.KINDS.keys()
    for kind in (*KINDS.values(), *garbling.KINDS.values()):
        assert kind.__doc__


def test_a_distortion_reaches_the_wire(faulty: Site) -> None:
    faulty.fault("courier", "^/rss", "status", count=1, status=503, retry_after=9)
    first, second = answer_of(faulty), answer_of(faulty)
    assert first.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert b"Retry-After: 9\r\n" in first
    assert second.startswith(b"HTTP/1.1 200 OK\r\n")


# Certificates


@pytest.fixture(scope="module")
def secure() -> Iterator[Tls]:
    with Site.start(tls=True) as running:
        assert running.tls is not None
        yield running.tls


def secure_head(tls: Tls, flaw: str, *, trusting: bool = True) -> bytes:
    context = ssl.create_default_context(cadata=tls.authority if trusting else None)
    address = urlsplit(tls.servers[flaw])
    host, port = str(address.hostname), address.port or 443
    with (
        socket.create_connection((host, port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=host) as wrapped,
    ):
        wrapped.sendall(b"HEAD /rss.xml HTTP/1.1\r\nConnection: close\r\n\r\n")
        return wrapped.recv(1000)


def test_the_right_certificate_is_accepted_by_who_trusts_its_authority(
    secure: Tls,
) -> None:
    assert secure_head(secure, "none").startswith(b"HTTP/1.1 200 OK")
    with pytest.raises(
        ssl.SSLCertVerificationError, match="unable to get local issuer"
    ):
        secure_head(secure, "none", trusting=False)


@pytest.mark.parametrize(
    ("flaw", "reason"),
    [
        pytest.param("expired", "has expired", id="expired"),
        pytest.param("self_signed", "self-signed", id="self-signed"),
        pytest.param("wrong_name", "mismatch", id="for another name"),
    ],
)
def test_a_flawed_certificate_fails_for_its_reason(
    secure: Tls, flaw: str, reason: str
) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match=reason):
        secure_head(secure, flaw)


def test_arguments_of_a_fault_may_be_called_path(faulty: Site) -> None:
    faulty.fault("courier", "^/rss", "disallow", path="/news/")
    assert answer_of(faulty).endswith(b"Disallow: /news/\n")
