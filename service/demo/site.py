"""The newspapers on loopback, as one process: `python -m service.demo.site`.

Each outlet listens on its own free port of 127.0.0.1; so do the control port
(control.py) and "forbidden", a port that no config allows and that only counts who
comes. One JSON line on standard output says where, as soon as all are open. The
process ends with SIGTERM, or when its standard input closes: no orphan stays.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import ssl
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, cast

from service.demo import distortions, garbling
from service.demo.access import AccessLog, Entry
from service.demo.control import Control, House
from service.demo.distortions import Scene
from service.demo.edition import Edition
from service.demo.faults import Fault, Faults
from service.demo.garbling import Wire
from service.demo.newsagent import Newsagent
from service.demo.newsroom import Desk, open_newsroom
from service.demo.synthetic import Salad
from service.demo.web import (
    BadRequest,
    Request,
    Response,
    compressed,
    read_request,
    response_bytes,
    start_server,
)

FORBIDDEN = "forbidden"
_FEED_WINDOW = 30

Answering = Callable[
    [Request, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[bool]
]


class Site:
    """The servers of one process over one `House`."""

    def __init__(self, desks: Sequence[Desk], window: int) -> None:
        self._window = window
        self._house = House(
            desks={desk.outlet.key: desk for desk in desks},
            editions={},
            faults=Faults(),
            log=AccessLog(),
        )
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[Any]] = set()

    async def open(self, generate: int, start: datetime) -> dict[str, object]:
        """Start every server; the addresses, as they are printed."""
        editions = self._house.editions
        for key, desk in self._house.desks.items():
            editions[key] = await self._open_outlet(desk, generate, start)
        control = Control(self._house, lambda: datetime.now(UTC))

        async def command(request: Request, _: object, writer: _Writer) -> bool:
            return await _send(writer, request, control.answer(request))

        return {
            "control": await self._listen("control", command),
            FORBIDDEN: await self._listen(FORBIDDEN, self._refuse),
            "outlets": {key: edition.origin for key, edition in editions.items()},
        }

    async def open_tls(self, now: datetime) -> dict[str, object]:
        """Serve the first outlet over TLS too, once with each flaw.

        "authority" is the certificate that vouches for them, as PEM.
        """
        from service.demo.tls import Flaw, authority, certificate, server_context

        answer = self._answering(next(iter(self._house.editions.values())))
        signer = authority(now)
        servers = {}
        for flaw in Flaw:
            context = server_context(certificate(flaw, signer, now))
            servers[flaw.value] = await self._listen(f"tls-{flaw}", answer, context)
        return {"authority": signer.pem.decode(), "servers": servers}

    async def close(self) -> None:
        """Stop listening and drop every connection."""
        for server in self._servers:
            server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _open_outlet(self, desk: Desk, generate: int, start: datetime) -> Edition:
        edition = Edition(desk.outlet, origin="")
        answering = self._answering(edition)
        edition.origin = await self._listen(desk.outlet.key, answering)
        edition.open([*desk.articles, *Salad(desk).articles(0, generate)], start)
        return edition

    def _answering(self, edition: Edition) -> Answering:
        agent = Newsagent(edition, self._window)

        async def answer(
            request: Request, reader: asyncio.StreamReader, writer: _Writer
        ) -> bool:
            return await self._exchange(agent, request, reader, writer)

        return answer

    async def _listen(
        self, name: str, answering: Answering, tls: ssl.SSLContext | None = None
    ) -> str:
        async def connected(reader: asyncio.StreamReader, writer: _Writer) -> None:
            task = asyncio.current_task()
            if task is not None:  # always: asyncio runs this in a task
                self._tasks.add(task)
            self._house.log.connections[name] += 1
            # Cancelled only by close(), when there is nobody left to tell.
            with suppress(asyncio.CancelledError):
                await _converse(answering, reader, writer)
            self._tasks -= {task}

        server = await start_server(connected, tls)
        self._servers.append(server)
        host, port = server.sockets[0].getsockname()
        return f"{'https' if tls else 'http'}://{host}:{port}"

    async def _exchange(
        self,
        agent: Newsagent,
        request: Request,
        reader: asyncio.StreamReader,
        writer: _Writer,
    ) -> bool:
        """Answer one request to an outlet; False if the connection is to end."""
        with self._house.log.request(agent.edition.outlet.key, request) as entry:
            counted = _counting(writer, entry)
            fault = self._house.faults.take(entry.outlet, request.target)
            response = agent.answer(request)
            if fault is not None:
                entry.fault = fault.kind
                if fault.kind in garbling.KINDS:
                    wire = Wire(reader, counted, request, response, fault.args)
                    return await _garble(wire, fault)
                response = await _distorted(Scene(request, agent, response), fault)
            return await self._sent(counted, request, response, entry)

    async def _sent(
        self, writer: _Writer, request: Request, response: Response, entry: Entry
    ) -> bool:
        entry.status = response.status
        return await _send(writer, request, compressed(request, response))

    async def _refuse(self, request: Request, _: object, writer: _Writer) -> bool:
        """The forbidden port: whoever gets here has slipped through a guard."""
        with self._house.log.request(FORBIDDEN, request) as entry:
            entry.status = 200
            secret = Response(200, {"Content-Type": "text/html"}, b"<p>A secret.</p>")
            return await _send(writer, request, secret)


_Writer = asyncio.StreamWriter
_NOBODY = Request("GET", "/", {})


class _Counting:
    """A writer that enters into the log how much is written."""

    def __init__(self, writer: _Writer, entry: Entry) -> None:
        self._writer = writer
        self._entry = entry

    def write(self, data: bytes) -> None:
        self._entry.sent += len(data)
        self._writer.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)


def _counting(writer: _Writer, entry: Entry) -> _Writer:
    return cast("asyncio.StreamWriter", _Counting(writer, entry))


async def _converse(
    answering: Answering, reader: asyncio.StreamReader, writer: _Writer
) -> None:
    """One connection: request after request until somebody closes it."""
    try:
        while request := await read_request(reader):
            if not await answering(request, reader, writer):
                break
    except BadRequest as error:
        writer.write(response_bytes(_NOBODY, Response(400, {}, str(error).encode())))
    except (ConnectionError, asyncio.IncompleteReadError):
        pass  # the client has gone, which is its right
    finally:
        writer.close()


async def _send(writer: _Writer, request: Request, response: Response) -> bool:
    writer.write(response_bytes(request, response))
    await writer.drain()
    return request.keeps_alive


async def _distorted(scene: Scene, fault: Fault) -> Response:
    """The distorted response, made in a thread: a bomb takes a second to pack."""
    scene = Scene(scene.request, scene.agent, scene.response, fault.args)
    return await asyncio.to_thread(distortions.KINDS[fault.kind], scene)


async def _garble(wire: Wire, fault: Fault) -> bool:
    await garbling.KINDS[fault.kind](wire)
    return False


async def serve(options: argparse.Namespace) -> None:
    """Open the site, print where, and stay until told to stop."""
    site = Site(open_newsroom(), options.window)
    start = datetime.now(UTC).replace(microsecond=0)
    addresses = await site.open(options.generate, start)
    if options.tls:
        addresses["tls"] = await site.open_tls(start)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    _watch_stdin(lambda: loop.call_soon_threadsafe(stopped.set))
    sys.stdout.write(json.dumps(addresses) + "\n")
    sys.stdout.flush()
    await stopped.wait()
    await site.close()


def _watch_stdin(ended: Callable[[], object]) -> None:
    """Call `ended` when standard input closes: whoever started the site has gone."""

    def watch() -> None:
        # os.read, not sys.stdin: a thread inside its lock would stop the exit.
        while os.read(0, 4096):
            pass
        ended()

    threading.Thread(target=watch, daemon=True).start()


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse the options and serve."""
    parser = argparse.ArgumentParser(description="Newspapers on loopback.")
    parser.add_argument(
        "--generate",
        type=int,
        default=0,
        metavar="N",
        help="add N synthetic articles to every outlet",
    )
    parser.add_argument(
        "--window",
        type=int,
        default=_FEED_WINDOW,
        metavar="N",
        help=f"items a feed shows (default {_FEED_WINDOW})",
    )
    parser.add_argument(
        "--tls", action="store_true", help="serve the first outlet over TLS too"
    )
    asyncio.run(serve(parser.parse_args(arguments)))


if __name__ == "__main__":
    main()
