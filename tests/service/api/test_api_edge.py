"""Who gets in, how much is read, how often one may ask, what answers carry."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from served import TOKEN, Answer, Served

from config.console import Console
from service.api import server
from service.api.access import Access, hostname
from service.api.edge import MOST_BODY, Receive, Scope, Send
from service.api.limits import Buckets

OTHER = "0123456789abcdef0123"


@pytest.fixture
def closed(database: Path) -> Iterator[Served]:
    with Served(database, tokens=(OTHER, TOKEN)) as served:
        yield served


def routes(api: Served) -> list[tuple[str, str]]:
    """Every address of the service with each of its methods."""
    told = api.edge._app.routes  # type: ignore[attr-defined]
    found = [
        (method, route.path)
        for route in told
        if hasattr(route, "methods")
        for method in route.methods
    ]
    document = api.edge._app.openapi()  # type: ignore[attr-defined]
    listed = [
        (method.upper(), path)
        for path, methods in document["paths"].items()
        for method in methods
    ]
    assert len(listed) > 15
    return sorted({*found, *listed, ("GET", "/openapi.json"), ("GET", "/nowhere")})


def basic(password: str) -> str:
    return "Basic " + base64.b64encode(f"me:{password}".encode()).decode()


def test_no_address_answers_without_a_token(closed: Served) -> None:
    for method, path in routes(closed):
        answer = closed.ask(method, path.replace("{", "").replace("}", ""))
        assert answer.status == 401, (method, path)
        assert answer.headers["www-authenticate"].endswith('realm="Presswatch"')
        if method != "HEAD":
            assert answer.json["type"] == "/problems#no-token"


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        f"Bearer {OTHER} {TOKEN}",
        f"Token {TOKEN}",
        TOKEN,
        "Bearer \xe9",
        "Basic ?",
        basic(TOKEN),
    ],
)
def test_a_wrong_token_is_none(closed: Served, authorization: str) -> None:
    answer = closed.get("/v1/queue", Authorization=authorization)
    assert answer.status == 401
    assert TOKEN not in answer.text


@pytest.mark.parametrize("token", [TOKEN, OTHER])
def test_each_token_opens(closed: Served, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}", "Host": "news.example.org"}
    assert closed.get("/v1/queue", **headers).status == 200
    assert closed.get("/metrics", Authorization=f"bearer {token}").status == 200


def test_a_browser_may_send_it_as_a_password_but_changes_nothing_with_it(
    closed: Served,
) -> None:
    assert closed.get("/healthz", Authorization=basic(TOKEN)).status == 200
    answer = closed.ask(
        "POST", "/v1/queue/default/pause", None, {"Authorization": basic(TOKEN)}
    )
    assert answer.status == 401
    asked = closed.get("/healthz", Accept="text/html")
    assert asked.headers["www-authenticate"].startswith("Basic")


def test_tokens_are_compared_as_digests_all_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return one == other

    monkeypatch.setattr("service.api.access.hmac.compare_digest", compare)
    access = Access.of(Console(), (TOKEN, OTHER))
    asked = {"authorization": f"Bearer {TOKEN}"}
    assert access.refuse("GET", "/v1/queue", asked) is None
    assert [len(one) for one, _ in compared] == [32, 32]
    assert TOKEN not in repr(access)


def test_tokens_are_not_logged(
    closed: Served, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)

    async def broken(_: object) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr(closed.desk, "read", broken)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = closed.ask("GET", f"/v1/queue?token={TOKEN}", None, headers)
    assert answer.status == 500
    assert answer.json["type"] == "/problems#internal"
    closed.end()
    assert "out of order" in caplog.text
    assert "out of order" not in answer.text
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST:8480", 200),
        ("127.0.0.1:1", 200),
        ("[::1]:8480", 200),
        ("evil.example:8480", 421),
        ("localhost.evil.example", 421),
        ("192.0.2.1", 421),
        ("", 421),
    ],
)
def test_a_name_that_is_not_ours_is_refused(
    api: Served, host: str, status: int
) -> None:
    assert api.get("/healthz", Host=host).status == status


def test_a_proxy_may_have_a_name() -> None:
    access = Access.of(Console(hosts=("news.example.org",)), ())
    asked = {"host": "News.Example.org:443"}
    assert access.refuse("GET", "/", asked) is None


@pytest.mark.parametrize(
    ("host", "name"),
    [("a.b:80", "a.b"), ("[::1]:80", "::1"), ("[::1]", "::1"), ("A.", "a"), ("", "")],
)
def test_names_in_host_headers(host: str, name: str) -> None:
    assert hostname(host) == name


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Host": "localhost:1", "Origin": "http://localhost:1"}, 200),
    ],
)
def test_a_page_of_another_site_changes_nothing(
    api: Served, headers: dict[str, str], status: int
) -> None:
    answer = api.ask("POST", "/v1/queue/default/pause", None, headers)
    assert answer.status == status
    paused = api.get("/v1/queue/default").json["paused"]
    assert paused is (status == 200)


def test_a_large_body_is_not_read(api: Served) -> None:
    path = "/v1/queue/default/ack"
    said = b"Content-Length: %d\r\n\r\n" % (MOST_BODY + 1)
    assert sent(api, said).startswith(b"HTTP/1.1 413 ")
    assert api.ask("POST", path, b" " * MOST_BODY).status == 422


def sent(api: Served, *parts: bytes) -> bytes:
    """What a request is answered with of which these parts are sent."""
    head = b"POST /v1/queue/default/ack HTTP/1.1\r\nHost: localhost\r\n"
    with socket.create_connection(("127.0.0.1", api.port), timeout=20) as connection:
        connection.sendall(head)
        for part in parts:
            connection.sendall(part)
        return connection.recv(4096)


def chunked(api: Served, size: int) -> bytes:
    """What a body of unknown length is answered with."""
    chunk = b"%x\r\n" % size + b"x" * size + b"\r\n"
    return sent(api, b"Transfer-Encoding: chunked\r\n\r\n", chunk)


def test_a_body_without_an_end_is_cut(api: Served) -> None:
    assert chunked(api, MOST_BODY + 1).startswith(b"HTTP/1.1 413 ")


def test_what_is_no_http_is_a_problem_document_too(api: Served) -> None:
    with socket.create_connection(("127.0.0.1", api.port), timeout=20) as connection:
        connection.sendall(b"GET nowhere at all\r\n\r\n")
        told = b""
        while data := connection.recv(4096):
            told += data
    head, _, body = told.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"application/problem+json" in head
    assert json.loads(body)["type"] == "/problems#bad-request"


def test_a_body_that_does_not_come_is_not_waited_for(
    api: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.api.edge.BODY_PATIENCE", 0.05)
    assert chunked(api, 1).startswith(b"HTTP/1.1 408 ")


HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param((), id="nothing"),
        pytest.param((b"GET /heal",), id="part of a line"),
        pytest.param((HEAD, b"X: 1\r\n", b"Y: 2\r\n"), id="headers without an end"),
        pytest.param((HEAD + b"\r\n", HEAD), id="a second request in part"),
    ],
)
def test_a_head_that_does_not_come_is_not_waited_for(
    api: Served, monkeypatch: pytest.MonkeyPatch, parts: tuple[bytes, ...]
) -> None:
    monkeypatch.setattr("service.api.server.HEAD_PATIENCE", 0.05)
    with socket.create_connection(("127.0.0.1", api.port), timeout=20) as connection:
        for part in parts:
            connection.sendall(part)
            if part.endswith(b"\r\n\r\n"):
                connection.recv(4096)
        told = b"".join(iter(lambda: connection.recv(4096), b""))
    assert b"HTTP/1.1 408 " in told
    assert b"/problems#too-slow" in told


def test_those_who_send_nothing_keep_nobody_waiting(api: Served) -> None:
    slow = [socket.create_connection(("127.0.0.1", api.port)) for _ in range(300)]
    try:
        for connection in slow:
            connection.sendall(HEAD)
        assert api.get("/healthz").status == 200
    finally:
        for connection in slow:
            connection.close()


def test_an_answer_that_nobody_reads_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("service.api.server.READ_PATIENCE", 0.05)
    bound = server.listen(Console(bind="127.0.0.1:0"))
    assert bound is not None

    async def ask_and_not_read() -> None:
        ended = asyncio.Event()

        async def large(scope: Scope, receive: Receive, send: Send) -> None:
            """Sends more than any buffer holds; ends when that is sent, or given up."""
            await send({"type": "http.response.start", "status": 200, "headers": []})
            chunk = {"type": "http.response.body", "body": b"x" * 100_000}
            for _ in range(1000):
                await send({**chunk, "more_body": True})
            ended.set()

        serving = server.Server(large, bound)
        serving.start()
        _, writer = await asyncio.open_connection(*bound.getsockname())
        writer.write(HEAD + b"\r\n")
        await asyncio.wait_for(ended.wait(), 20)
        writer.close()
        await serving.stop()

    asyncio.run(ask_and_not_read())


def test_too_many_requests_have_to_wait(database: Path) -> None:
    with Served(database, rate=1) as api:
        answers = [api.get("/healthz") for _ in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 429, 429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert answers[-1].json["type"] == "/problems#too-many-requests"


def test_guessing_is_slow(database: Path) -> None:
    with Served(database, tokens=(TOKEN,), rate=5) as api:
        statuses = [
            api.get("/healthz", Authorization=f"Bearer {n:020}").status
            for n in range(4)
        ]
    assert statuses == [401, 429, 429, 429]


def test_buckets_refill_and_are_of_one_client_each() -> None:
    buckets = Buckets(rate=2)
    assert [buckets.take("a", 0.0) for _ in range(5)] == [0, 0, 0, 0, 1]
    assert buckets.take("b", 0.0) == 0
    assert buckets.take("a", 0.5) == 0
    assert buckets.take("a", 0.5) == 1
    assert buckets.take("a", 0.0) == 1  # a clock that went back gives nothing
    assert [buckets.take("a", 99.0) for _ in range(5)] == [0, 0, 0, 0, 1]


def test_too_many_at_a_time_are_sent_away(
    api: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.api.edge.MOST_AT_ONCE", 0)
    answer = api.get("/healthz")
    assert (answer.status, answer.json["type"]) == (503, "/problems#overloaded")


@pytest.mark.parametrize("path", ["/healthz", "/nowhere", "/openapi.json"])
def test_every_answer_carries_the_headers(api: Served, path: str) -> None:
    headers = api.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers


def test_an_address_that_is_taken_is_said_so() -> None:
    taken = server.listen(Console(bind="127.0.0.1:0"))
    assert taken is not None
    with taken:
        port = taken.getsockname()[1]
        with pytest.raises(server.AddressTaken, match=f"127.0.0.1:{port}: ") as caught:
            server.listen(Console(bind=f"127.0.0.1:{port}"))
    assert "console.bind" in str(caught.value)


def test_switched_off_nothing_listens() -> None:
    assert server.listen(Console(bind=None)) is None


def test_answers_are_counted(api: Served) -> None:
    api.get("/nowhere")
    api.ask("BREW", "/nowhere")
    metrics: Answer = api.get("/metrics")
    told = 'presswatch_http_answers_total{method="GET",status="404"} 1.0'
    assert told in metrics.text.splitlines()
    assert 'method="other",status="404"' in metrics.text
