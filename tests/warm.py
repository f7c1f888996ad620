"""A process that has imported the program, and forks a run of it for each command.

Importing Scrapy, Twisted and lxml costs a second of CPU, and the tests give several
hundred commands. What is forked has the program imported and nothing else: it never
ran any of it, and has one thread. Each run has a process, an environment, a working
directory and standard streams of its own, and ends as an interpreter ends.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import types
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final

#: What most commands import, the slow ones among it.
IMPORTED: Final = (
    "service.cli.once",
    "service.once",
    "service.trying",
    "service.adding",
    "service.doctor",
    "service.queue_json",
    "pipelines.reading",
)
#: Variables that an interpreter reads when it starts, and not again.
_AT_THE_START: Final = ("PYTHON", "LC_", "LANG", "LD_", "MALLOC_")
_LARGEST_REQUEST: Final = 1 << 20


class Warm:
    """Runs commands of the program. Safe to use from several threads."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket = ours
        self._environment = _at_the_start(os.environ)
        self._process = subprocess.Popen(
            [sys.executable, "-P", __file__, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            cwd=Path(__file__).parents[1],
        )
        theirs.close()
        atexit.register(self.close)

    def fits(self) -> bool:
        """Whether a run of now would have the environment that this began with."""
        return _at_the_start(os.environ) == self._environment

    def run(
        self, argv: Sequence[str], timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """As `subprocess.run(argv, capture_output=True, text=True, timeout=...)`."""
        request = {"argv": list(argv), "cwd": str(Path.cwd()), "env": dict(os.environ)}
        with (
            tempfile.TemporaryFile() as out,
            tempfile.TemporaryFile() as err,
            Path(os.devnull).open("rb") as nothing,
        ):
            reading, writing = os.pipe()
            streams = [nothing.fileno(), out.fileno(), err.fileno(), writing]
            try:
                socket.send_fds(self._socket, [json.dumps(request).encode()], streams)
            finally:
                os.close(writing)
            with os.fdopen(reading, encoding="ascii") as told:
                code = _waited(told, argv, timeout)
            return subprocess.CompletedProcess(argv, code, _text(out), _text(err))

    def close(self) -> None:
        """End the process."""
        self._socket.close()
        self._process.wait()


def _at_the_start(environment: Mapping[str, str]) -> dict[str, str]:
    return {k: v for k, v in environment.items() if k.startswith(_AT_THE_START)}


def _waited(told: IO[str], argv: Sequence[str], timeout: float) -> int:
    """The exit code of the process that names itself first and its code last."""
    pid = int(told.readline())
    overdue = threading.Event()

    def end() -> None:
        overdue.set()
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    timer = threading.Timer(timeout, end)
    timer.start()
    code = int(told.readline())
    timer.cancel()
    if overdue.is_set():
        raise subprocess.TimeoutExpired(argv, timeout)
    return code


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


# The process


def serve(requests: socket.socket) -> dict[str, Any] | None:
    """In the process, None at its end; in each that is forked, what it is to run."""
    for name in IMPORTED:
        importlib.import_module(name)
    assert threading.active_count() == 1
    gc.collect()
    gc.freeze()
    # Who keeps a run ends unwaited for.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        try:
            said, streams, *_ = socket.recv_fds(requests, _LARGEST_REQUEST, 4)
        except KeyboardInterrupt:
            return None
        if not said:
            return None
        if os.fork() == 0:
            requests.close()
            request: dict[str, Any] = json.loads(said)
            return _forked(request, streams)
        for each in streams:
            os.close(each)


def _forked(request: dict[str, Any], streams: list[int]) -> dict[str, Any]:
    """Returns in the process that is to run; the one between waits for its end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    *standard, told = streams
    pid = os.fork()
    if pid:
        os.write(told, f"{pid}\n".encode())
        _, status = os.waitpid(pid, 0)
        os.write(told, f"{os.waitstatus_to_exitcode(status)}\n".encode())
        os._exit(0)
    os.close(told)
    for number, each in enumerate(standard):
        os.dup2(each, number)
        os.close(each)
    return request


def become(request: dict[str, Any]) -> None:
    """Makes this process the one that was asked for."""
    os.environ.clear()
    os.environ.update(request["env"])
    os.chdir(request["cwd"])
    time.tzset()
    sys.argv = request["argv"]
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - open to the end
    sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", errors="backslashreplace", closefd=False)  # noqa: SIM115
    # What this module is must not be imported again by workers.
    sys.modules["__main__"] = types.ModuleType("__main__")


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as taken:
        asked = serve(taken)
    if asked is not None:
        become(asked)
        from service.cli import main

        sys.exit(main())
