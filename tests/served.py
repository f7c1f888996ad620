"""The application on loopback, over a real database, as the service runs it."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self, cast

from config.console import Console
from pipelines.store import Store, Writer
from service.api import server
from service.api.access import Access
from service.api.app import make_app
from service.api.desk import Desk
from service.api.readers import Readers

TOKEN = "4d9e1b7c3a5f60824d9e1b7c"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


class Served:
    """Answers over HTTP while entered. `now` is its clock, to be moved."""

    def __init__(
        self, database: Path, *, tokens: tuple[str, ...] = (), rate: float = 100_000
    ) -> None:
        self.now = datetime.now(UTC)
        self._database = database
        self._tokens = tokens
        self._rate = rate
        self._started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))

    def __enter__(self) -> Self:
        bound = server.listen(Console(bind="127.0.0.1:0"))
        assert bound is not None
        self._bound = bound
        self.url = server.address(bound)
        self.port = bound.getsockname()[1]
        self._thread.start()
        self._started.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Ends as the service does on SIGTERM."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._over.set)
            self._thread.join()

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._over = asyncio.Event()
        writer = Writer(self._database)
        writer.start()
        self.desk = Desk(Readers(self._database), writer, lambda: self.now)
        access = Access.of(Console(), self._tokens)
        self.edge = make_app(self.desk, access, self._rate)
        serving = server.Server(self.edge, self._bound)
        serving.start()
        self._started.set()
        await self._over.wait()
        self.desk.waiting.close()
        await serving.stop()
        self.desk.close()
        writer.close()

    # The client's side

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request. `body`: bytes as they are, anything else as JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        sent = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        more = {"Content-Type": "application/json"} if sent is not None else {}
        try:
            connection.request(method, path, sent, {**more, **(headers or {})})
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, told, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        """GET, with headers."""
        return self.ask("GET", path, None, headers)

    def post(self, path: str, body: object = None) -> Answer:
        """POST."""
        return self.ask("POST", path, body)

    def lease(self, query: str = "", subscription: str = "default") -> list[Any]:
        """The messages of a lease."""
        answer = self.post(f"/v1/queue/{subscription}/lease?{query}")
        assert answer.status == 200, answer.text
        messages: list[Any] = answer.json["messages"]
        return messages

    def later(self, **by: float) -> None:
        """Moves the clock."""
        self.now += timedelta(**by)


def stored(database: Path) -> Store:
    """A connection for a test's own changes."""
    return Store.open(database)


def described() -> dict[str, Any]:
    """The OpenAPI document, without anything running."""
    edge = make_app(cast("Desk", None), Access(), 1)
    document: dict[str, Any] = edge._app.openapi()  # type: ignore[attr-defined]
    return document
