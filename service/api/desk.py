"""What the endpoints work with: reads beside the loop, writes by the writer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from pipelines.store import Store, Writer
from service.api.readers import Readers
from service.api.waiting import Waiting

T = TypeVar("T")


@dataclass
class Desk:
    """One a service. Nothing here keeps the event loop from its work."""

    readers: Readers
    writer: Writer
    now: Callable[[], datetime]
    waiting: Waiting = field(init=False)

    def __post_init__(self) -> None:
        self.waiting = Waiting(self._ready)

    async def read(self, question: Callable[[Store], T]) -> T:
        """What `question` finds in the database."""
        return await self.readers.ask(question)

    async def write(self, action: Callable[[Store], T]) -> T:
        """What `action` returns, once it is committed."""
        return await self.writer.do(action, vital=True)

    def close(self) -> None:
        """Ends all waiting; requests that run may end by themselves."""
        self.waiting.close()
        self.readers.close()

    async def _ready(self, subscriptions: frozenset[str]) -> frozenset[str]:
        now = self.now()
        return await self.read(
            lambda store: frozenset(
                name for name in subscriptions if store.queue.any_ready(now, name)
            )
        )


def _desk(request: Request) -> Desk:
    desk = request.app.state.desk
    assert isinstance(desk, Desk)  # noqa: S101 (for the type checker)
    return desk


#: A parameter of an endpoint.
DeskOf = Annotated[Desk, Depends(_desk)]
