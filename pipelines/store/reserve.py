"""Room held back for consumers: a file that is given up when the disk is full.

An acknowledgement is a write as well: it needs a few pages of the write-ahead log,
which on a full disk may not grow. Whoever finds the disk full while settling a
message gives the file up and tries again; the running service, which stores nothing
then, makes the file anew when there is room.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from pipelines.store import disk
from pipelines.store.errors import StoreFull

Method = TypeVar("Method", bound=Callable[..., Any])


def path_of(database: Path) -> Path:
    """The file that holds the room."""
    return database.with_name(f"{database.name}.reserve")


def held(database: Path) -> int:
    """The bytes that are held now."""
    return disk.size_of(path_of(database))


def ensure(database: Path, size: int) -> bool:
    """Hold `size` bytes; False when there is no room for them now."""
    path = path_of(database)
    if not size:
        path.unlink(missing_ok=True)
        return True
    if held(database) == size:
        return True
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(descriptor, 0, size)
            os.ftruncate(descriptor, size)
        finally:
            os.close(descriptor)
    except OSError:
        release(database)  # what was got of it would be room for nobody
        return False
    return True


def release(database: Path) -> bool:
    """Give the room up; False if there was none."""
    try:
        path_of(database).unlink()
    except OSError:
        return False
    return True


def on_reserve(method: Method) -> Method:
    """Makes a method of something with a `_session` use the reserve if it must.

    Within a larger transaction it does not: that one is lost as a whole, and its
    owner decides (`Writer`).
    """

    @functools.wraps(method)
    def tried(self: Any, *args: Any, **kwargs: Any) -> Any:
        session = self._session
        if session.writing:
            return method(self, *args, **kwargs)
        try:
            return method(self, *args, **kwargs)
        except StoreFull:
            if not release(session.path):
                raise
        return method(self, *args, **kwargs)

    return cast("Method", tried)
