"""Files of JSON Lines: each text once, across any crash.

Lines go to a file with a hidden name, which is synced; then one transaction of the
database acknowledges their messages and notes how long the file is. Whatever stands
behind that length was never acknowledged: it is cut off before anything is written,
and comes again. A file of full size or age is renamed, whole, to its real name.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from pipelines.store import Store
from pipelines.store.deliveries import Leased
from service.push.delivery import Delivered, Trouble
from service.push.envelope import line

log = logging.getLogger(__name__)

#: Messages a sync of the disk and a transaction.
BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class Place:
    """Where files of one subscription go, and when one is full."""

    name: str
    directory: Path
    rotate_size: int
    rotate_after: timedelta

    @property
    def key(self) -> str:
        """Under which the database keeps how far the open file is good."""
        return f"push:{self.name}"


@dataclass(frozen=True, slots=True)
class Open:
    """The file that is written to: its final name, its good bytes, its beginning."""

    file: str
    size: int
    begun: datetime

    def told(self) -> str:
        """For the database."""
        return json.dumps([self.file, self.size, self.begun.isoformat()])

    @classmethod
    def of(cls, told: str | None) -> Open | None:
        """What the database said; None if no file is open."""
        if not told:
            return None
        file, size, begun = json.loads(told)
        return cls(file, size, datetime.fromisoformat(begun))


class Lines:
    """The files of one subscription. All of it runs in a thread of its own."""

    batch = BATCH
    lease = timedelta(minutes=1)

    def __init__(
        self,
        place: Place,
        opened: Callable[[], Store],
        now: Callable[[], datetime],
    ) -> None:
        self._place = place
        self._opened = opened
        self._now = now

    async def open(self) -> None:
        """Nothing: each turn looks for itself how things stand."""

    async def close(self) -> None:
        """Nothing is held between two turns."""

    async def deliver(self, messages: Sequence[Leased]) -> Delivered:
        """Writes the messages; acknowledging them also makes their bytes good."""
        try:
            written = await asyncio.to_thread(self._write, messages)
        except OSError as error:
            where = error.filename or self._place.directory
            return Delivered(trouble=Trouble(f"{where}: {error.strerror or error}"))
        key, told = self._place.key, written.told()
        return Delivered(messages, note=lambda store: store.meta.put(key, told))

    async def idle(self) -> Delivered | None:
        """Finishes a file that is old enough, also while nothing comes."""
        try:
            finished = await asyncio.to_thread(self._finish_if_due)
        except OSError as error:
            log.warning("push %s: %s", self._place.name, error)
            return None
        key = self._place.key
        return (
            Delivered(note=lambda store: store.meta.put(key, "")) if finished else None
        )

    # In the thread

    def _write(self, messages: Sequence[Leased]) -> Open:
        current = self._current()
        if current is not None and self._is_due(current):
            self._finish(current)
            current = None
        current = current or self._begin()
        data = b"".join(map(line, messages))
        part = self._part(current.file)
        fresh = not part.exists()
        with part.open("ab") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if fresh:
            _sync(self._place.directory)
        return Open(current.file, current.size + len(data), current.begun)

    def _finish_if_due(self) -> bool:
        current = self._current()
        if current is None or not self._is_due(current):
            return False
        self._finish(current)
        return True

    def _current(self) -> Open | None:
        """The open file as the database knows it, cut to what was acknowledged."""
        with self._opened() as store:
            noted = Open.of(store.meta.get(self._place.key))
        self._clear_away(noted)
        if noted is None or not self._part(noted.file).exists():
            return None  # none was begun, or it was finished and not yet noted so
        return noted if self._cut(noted) else None

    def _cut(self, noted: Open) -> bool:
        part = self._part(noted.file)
        size = part.stat().st_size
        if size < noted.size:
            kept = part.with_suffix(".damaged")
            part.rename(kept)
            words = "push %s: %s has lost %d bytes that were on the disk; kept as %s"
            log.error(words, self._place.name, part, noted.size - size, kept.name)
            return False
        if size > noted.size:
            with part.open("r+b") as file:
                file.truncate(noted.size)
                os.fsync(file.fileno())
        return True

    def _clear_away(self, noted: Open | None) -> None:
        """Removes files that were begun and of which nothing was acknowledged."""
        ours = re.compile(rf"\.{re.escape(self._place.name)}-\d+T\d+Z\.jsonl\.part")
        with suppress(FileNotFoundError):
            for file in self._place.directory.iterdir():
                known = noted is not None and file == self._part(noted.file)
                if ours.fullmatch(file.name) and not known:
                    file.unlink()

    def _begin(self) -> Open:
        self._place.directory.mkdir(parents=True, exist_ok=True)
        begun = self._now()
        at = begun
        while (self._place.directory / self._named(at)).exists():
            at += timedelta(microseconds=1)  # a clock that went back
        return Open(self._named(at), 0, begun)

    def _named(self, at: datetime) -> str:
        return f"{self._place.name}-{at:%Y%m%dT%H%M%S%f}Z.jsonl"

    def _is_due(self, current: Open) -> bool:
        old = self._now() - current.begun >= self._place.rotate_after
        return current.size >= self._place.rotate_size or (old and current.size > 0)

    def _finish(self, current: Open) -> None:
        self._part(current.file).rename(self._place.directory / current.file)
        _sync(self._place.directory)

    def _part(self, file: str) -> Path:
        return self._place.directory / f".{file}.part"


def _sync(directory: Path) -> None:
    """Makes names that were given or changed survive a power cut."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
