"""The real program as a child process of the demo, and what it complains of."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import IO, Self

#: Seconds to end by itself; what is not stored by then, nobody will miss.
_STOP_SECONDS = 3


class Program:
    """`presswatch run --quiet --config DIR` while entered."""

    def __init__(self, config: Path) -> None:
        self._config = config
        self._said: SimpleQueue[str] = SimpleQueue()

    def __enter__(self) -> Self:
        run = ("run", "--quiet", "--config", str(self._config.resolve()))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "service.demo.leash", *run],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
            start_new_session=True,  # Ctrl-C is for the demo, which then ends us
            encoding="utf-8",
            errors="replace",
        )
        assert self._process.stderr is not None  # noqa: S101 - we asked for the pipe
        self._reader = threading.Thread(
            target=self._read, args=(self._process.stderr,), daemon=True
        )
        self._reader.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_STOP_SECONDS)
        self._process.kill()  # does nothing to a process that has ended
        self._process.wait()
        self._reader.join(_STOP_SECONDS)
        if self._process.stdin is not None:
            self._process.stdin.close()

    @property
    def code(self) -> int | None:
        """How it ended; None while it runs. When it ended, all it said is there."""
        code = self._process.poll()
        if code is not None:
            self._reader.join(_STOP_SECONDS)
        return code

    def said(self) -> list[str]:
        """The lines it wrote to standard error since the last call."""
        lines: list[str] = []
        with suppress(Empty):
            while True:
                lines.append(self._said.get_nowait())
        return lines

    def _read(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                self._said.put(line.rstrip("\n"))
