"""The only door to uvicorn: serves an application on the loop that is running.

The process and its signals belong to the service: the server starts and ends when it
is told to, and touches neither.
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from config.console import Console
from service.api.problems import MEDIA_TYPE, Problem

log = logging.getLogger(__name__)

#: Seconds that requests in progress get to end in.
PATIENCE: Final = 3
#: Seconds after which an idle connection is closed.
KEEP_ALIVE: Final = 15
#: Seconds in which the head of a request has to be there, from the connection or from
#: its first byte on.
HEAD_PATIENCE: Final = 15.0
#: Seconds in which a client has to read what is buffered for it, some 50 kB: who is
#: slower by far than any modem is thought to have gone.
READ_PATIENCE: Final = 60.0
_BACKLOG: Final = 128


class AddressTaken(Exception):
    """The address cannot be listened on; the message says which, why and what next."""

    exit_code = 1


def listen(console: Console) -> socket.socket | None:
    """The socket that the config names, bound; None if it is off.

    Raises AddressTaken.
    """
    if console.bind is None:
        return None
    try:
        found = socket.getaddrinfo(
            console.host, console.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        family, kind, protocol, _, address = found[0]
        bound = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _taken(console, error) from error
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(_BACKLOG)
        bound.setblocking(False)
    except OSError as error:
        bound.close()
        raise _taken(console, error) from error
    return bound


def _taken(console: Console, error: OSError) -> AddressTaken:
    step = "choose another port in console.bind, or null for none"
    return AddressTaken(
        f"console.bind: cannot listen on {console.bind}: "
        f"{error.strerror or error}; {step}"
    )


def address(bound: socket.socket) -> str:
    """The URL at which a browser of this machine finds a bound socket."""
    host, port = bound.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        host = "localhost"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


class _Deadline:
    """Calls `action` so many seconds after `start`, unless it is stopped by then."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        seconds: float,
        action: Callable[[], object],
    ) -> None:
        self._loop, self._seconds, self._action = loop, seconds, action
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begins to wait; one that waits already is not put off."""
        if self._timer is None:
            self._timer = self._loop.call_later(self._seconds, self._action)

    def stop(self) -> None:
        """Waits no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class _Protocol(H11Protocol):
    """HTTP/1.1, whose own refusals are problem documents as well.

    Who is slow holds a connection for a bounded time: uvicorn waits for ever for the
    rest of a request's head, and for a client to read its answer.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begins to wait for the first request."""
        super().connection_made(transport)
        self._head = _Deadline(self.loop, HEAD_PATIENCE, self._refuse_slow)
        self._unread = _Deadline(self.loop, READ_PATIENCE, transport.abort)
        self._head.start()

    def data_received(self, data: bytes) -> None:
        """Goes on to wait while what has come is only part of a head."""
        super().data_received(data)
        begun = self.conn.their_state is h11.IDLE and bool(self.conn.trailing_data[0])
        if begun:
            self._head.start()
        else:
            self._head.stop()

    def pause_writing(self) -> None:
        """The client does not read: begins to wait for it."""
        self.flow.pause_writing()
        self._unread.start()

    def resume_writing(self) -> None:
        """The client reads again."""
        self._unread.stop()
        self.flow.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Waits for nothing any more."""
        self._head.stop()
        self._unread.stop()
        super().connection_lost(exc)

    def _refuse_slow(self) -> None:
        words = f"no whole request head within {HEAD_PATIENCE:g} seconds"
        self._hang_up(408, Problem("too-slow", words))

    def send_400_response(self, msg: str) -> None:
        """Answers what is no HTTP, and hangs up."""
        self._hang_up(400, Problem("bad-request", "this is no valid HTTP request"))

    def _hang_up(self, status: int, problem: Problem) -> None:
        self._head.stop()
        body = json.dumps(problem.document()).encode("ascii")
        headers = [
            (b"content-type", MEDIA_TYPE.encode("ascii")),
            (b"content-length", str(len(body)).encode("ascii")),
            (b"connection", b"close"),
        ]
        for event in (
            h11.Response(status_code=status, headers=headers),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves signals alone: uvicorn would take them, and raise them once more."""
        yield


class Server:
    """Serves an application on a bound socket, from `start` to `stop`."""

    def __init__(self, app: Any, bound: socket.socket) -> None:
        self._bound = bound
        self._server = _Server(
            uvicorn.Config(
                app,
                loop="none",
                http=_Protocol,
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="warning",  # an access log would repeat what is asked
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=KEEP_ALIVE,
                timeout_graceful_shutdown=PATIENCE,
                h11_max_incomplete_event_size=32_768,
            )
        )
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to answer."""
        self._task = asyncio.create_task(self._server.serve([self._bound]))
        self._task.add_done_callback(_ended)

    async def stop(self) -> None:
        """Answer nothing new; give what runs a moment to end."""
        if self._task is None:
            self._bound.close()
            return
        self._server.should_exit = True
        with suppress(TimeoutError, Exception):
            await asyncio.wait_for(self._task, PATIENCE + 2)


def _ended(task: asyncio.Task[None]) -> None:
    """Says so if the server broke: the crawl goes on without it."""
    if not task.cancelled() and task.exception() is not None:
        log.error("console and API have ended", exc_info=task.exception())
