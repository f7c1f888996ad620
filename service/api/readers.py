"""Reads the database beside the event loop: short-lived connections in few threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from pipelines.store import Store

T = TypeVar("T")

#: More would only wait for the disk and for Python.
THREADS = 4


class Readers:
    """Questions to the database of `path`, each on a connection of its own.

    A connection is opened for each (0.7 ms, measured): none is kept that would hold
    an old state, or a file that was replaced.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="reader")

    async def ask(self, question: Callable[[Store], T]) -> T:
        """What `question` finds in the database. It must not write."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self._ask, question)

    def opened(self) -> Store:
        """A connection of one's own, to read by; for the thread that asks for it."""
        return Store.open(self._path, read_only=True)

    def _ask(self, question: Callable[[Store], T]) -> T:
        with self.opened() as store:
            return question(store)

    def close(self) -> None:
        """Take no more questions; those that run end by themselves."""
        self._pool.shutdown(wait=False, cancel_futures=True)
