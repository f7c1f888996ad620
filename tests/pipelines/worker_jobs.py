"""What the workers of test_workers.py are told to do, by name."""

from __future__ import annotations

import os
import resource
import signal
import threading
from collections.abc import Callable


def perform(deed: tuple[str, object]) -> object:
    """Does one of the deeds below."""
    name, argument = deed
    return DEEDS[name](argument)


def hang(_: object) -> object:
    threading.Event().wait()
    return None


def burn(_: object) -> object:
    while True:
        pass


def allocate(size: object) -> object:
    assert isinstance(size, int)
    return len(bytearray(size))


def leave(code: object) -> object:
    assert isinstance(code, int)
    os._exit(code)


def die(number: object) -> object:
    assert isinstance(number, int)
    os.kill(os.getpid(), number)
    return None


def fail(text: object) -> object:
    raise ValueError(text)


def dive(depth: object) -> object:
    return dive(depth)


def cpu_seconds(_: object) -> object:
    return resource.getrlimit(resource.RLIMIT_CPU)[0]


def interrupt(_: object) -> object:
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(os.getpid(), number)
    return "unmoved"


DEEDS: dict[str, Callable[[object], object]] = {
    "echo": lambda argument: argument,
    "pid": lambda _: os.getpid(),
    "hang": hang,
    "burn": burn,
    "allocate": allocate,
    "leave": leave,
    "die": die,
    "fail": fail,
    "dive": dive,
    "cpu seconds": cpu_seconds,
    "interrupt": interrupt,
}
