"""Turns at hosts between the processes of one database: the service, `try`, `capture`.

One small sparse file beside the database, `DATABASE.gate`. Each host owns sixteen
bytes of it, at a place that follows from its name. Who asks the host holds a lock on
them (POSIX record locks, which the kernel drops with the process), and leaves two
times in them: when the gap ends, and until when the host wants to be left alone. Two
hosts that share a place take turns as if they were one, which does no harm.

The times are of the system clock, so that they outlive a restart of the machine; one
that lies further ahead than it can (the clock was set back) counts for nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

#: Places in the file, and the bytes of each.
PLACES: Final = 1 << 20
_TIMES: Final = struct.Struct("<dd")
#: Seconds: no gap is longer (crawl-delay, stretched), and no hold.
MOST_GAP: Final = 600.0
MOST_HOLD: Final = 25 * 3600.0


class Turnstile:
    """The file. `clock` is the system's, in seconds."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        """Opens or makes the file; OSError if that cannot be done."""
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o664)
        self._clock = clock

    def enter(self, host: str) -> bool:
        """Takes the turn; False while another process has it."""
        try:
            fcntl.lockf(
                self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, _TIMES.size, _place(host)
            )
        except (BlockingIOError, PermissionError):
            return False
        return True

    def leave(self, host: str, *, gap: float, hold: float) -> None:
        """Gives the turn back. Nobody asks the host again for so many seconds.

        On a full disk the turn is kept: whom the gap cannot be told must not ask.
        """
        now = self._clock()
        try:
            os.pwrite(self._file, _TIMES.pack(now + gap, now + hold), _place(host))
        except OSError:
            return
        self.withdraw(host)

    def withdraw(self, host: str) -> None:
        """Gives the turn back without having asked."""
        fcntl.lockf(self._file, fcntl.LOCK_UN, _TIMES.size, _place(host))

    def gap(self, host: str) -> float:
        """Seconds left of the gap that some process began."""
        return self._left(host, 0, MOST_GAP)

    def hold(self, host: str) -> float:
        """Seconds for which some process was told to leave the host alone."""
        return self._left(host, 1, MOST_HOLD)

    def close(self) -> None:
        """Closes the file, and with it gives every turn back."""
        os.close(self._file)

    def _left(self, host: str, which: int, most: float) -> float:
        data = os.pread(self._file, _TIMES.size, _place(host))
        if len(data) < _TIMES.size:
            return 0.0
        left = float(_TIMES.unpack(data)[which]) - self._clock()
        return left if 0.0 < left <= most else 0.0


def _place(host: str) -> int:
    digest = hashlib.blake2b(host.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % PLACES * _TIMES.size
