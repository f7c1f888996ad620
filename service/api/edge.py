"""What every request passes: its size, pace and right to come in; what every answer
carries. An ASGI application around another."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from service.api.access import Access
from service.api.limits import Buckets
from service.api.problems import Problem

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

#: A thousand acknowledgements are 100 kB.
MOST_BODY: Final = 1_000_000
#: Seconds in which a request's body has to be there.
BODY_PATIENCE: Final = 10.0
#: Requests answered at a time, those that wait for a message included.
MOST_AT_ONCE: Final = 256
#: What a wrong token costs of a client's pace: guessing is slow.
WRONG_TOKEN: Final = 20.0

#: Nothing from elsewhere, nothing embedded, nothing kept; no script at all.
HEADERS: Final = tuple(
    (name.encode(), value.encode())
    for name, value in {
        "content-security-policy": "default-src 'none'; style-src 'self';"
        " img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-store",
    }.items()
)


class Edge:
    """The outermost application. `answers` counts them by method and status."""

    def __init__(self, app: App, access: Access, rate: float) -> None:
        self._app = app
        self.access = access
        self.buckets = Buckets(rate)
        self.answers: Counter[tuple[str, int]] = Counter()
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            return  # no websockets here; uvicorn is told to offer none
        answer = _Answer(scope, send, self.answers)
        self._running += 1
        try:
            await self._answer(scope, receive, answer)
        finally:
            self._running -= 1

    async def _answer(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        problem = self._refuse(scope)
        if problem is None:
            body = await _body(scope, receive)
            if isinstance(body, bytes):
                await self._pass_on(scope, _Replay(body, receive), answer)
                return
            problem = body
        if problem is not None:
            await problem.response()(scope, receive, answer.send)

    def _refuse(self, scope: Scope) -> Problem | None:
        if self._running > MOST_AT_ONCE:
            words = f"{MOST_AT_ONCE} requests are being answered"
            return Problem("overloaded", words, headers={"Retry-After": "1"})
        headers = {
            name.decode("latin-1"): value.decode("latin-1")
            for name, value in scope["headers"]
        }
        problem = self.access.refuse(scope["method"], scope["path"], headers)
        client = scope.get("client") or ("unknown",)
        wrong = problem is not None and problem.kind == "no-token"
        cost = WRONG_TOKEN if wrong else 1.0
        pause = self.buckets.take(client[0], time.monotonic(), cost)
        if pause:
            words = f"more than {self.buckets.rate:g} requests a second"
            return Problem(
                "too-many-requests", words, headers={"Retry-After": str(pause)}
            )
        return problem

    async def _pass_on(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        try:
            await self._app(scope, receive, answer.send)
        except Exception:
            log.exception("a bug, in %s %s", scope["method"], scope["path"])
            if not answer.started:
                problem = Problem("internal", "the log has the traceback")
                await problem.response()(scope, receive, answer.send)


class _Answer:
    """Adds the headers to one answer and counts it."""

    def __init__(
        self, scope: Scope, send: Send, answers: Counter[tuple[str, int]]
    ) -> None:
        self._method = str(scope["method"])
        self._send = send
        self._answers = answers
        self.started = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            known = self._method if self._method in _METHODS else "other"
            self._answers[known, message["status"]] += 1
            own = {name.lower() for name, _ in message["headers"]}
            more = [pair for pair in HEADERS if pair[0] not in own]
            message["headers"] = [*message["headers"], *more]
        await self._send(message)


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})


class _Replay:
    """Gives a body that was read already, then what else the connection says."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


async def _body(scope: Scope, receive: Receive) -> bytes | Problem | None:
    """The whole body; None if the client has gone."""
    for name, value in scope["headers"]:
        if name == b"content-length" and int(value) > MOST_BODY:
            return _too_large()
    try:
        async with asyncio.timeout(BODY_PATIENCE):
            return await _read(receive)
    except TimeoutError:
        words = f"no whole body within {BODY_PATIENCE:.0f} seconds"
        return Problem("too-slow", words, headers={"Connection": "close"})


async def _read(receive: Receive) -> bytes | Problem | None:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > MOST_BODY:
            return _too_large()
        if not message.get("more_body", False):
            return bytes(body)


def _too_large() -> Problem:
    words = f"at most {MOST_BODY:,} bytes are read"
    step = "send less at a time"
    return Problem("too-large", words, step, headers={"Connection": "close"})
