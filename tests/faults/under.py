"""Runs the program in a world of the test's making: names, files, limits.

The world is a few lines of Python that are executed in the new process before the
command line is.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from program import DEADLINE

_START = "\nfrom service.cli import main\nmain(prog_name='presswatch')\n"

#: All names under .test are this machine.
LOCAL_NAMES = """
import socket
look_up = socket.getaddrinfo
def local(host, *args, **kwargs):
    host = "127.0.0.1" if str(host).endswith(".test") else host
    return look_up(host, *args, **kwargs)
socket.getaddrinfo = local
"""

#: Look-ups of names under hang.invalid take a minute.
HANGING_NAMES = """
import socket, time
look_up = socket.getaddrinfo
def hanging(host, *args, **kwargs):
    if not kwargs.get("flags") and str(host).endswith("hang.invalid"):
        time.sleep(60)
    return look_up(host, *args, **kwargs)
socket.getaddrinfo = hanging
"""


def command(world: str, *words: object) -> list[str]:
    """The arguments of a process that runs `presswatch WORDS` in the world."""
    return [sys.executable, "-c", world + _START, *map(str, words)]


def run_under(
    world: str, *words: object, code: int | None = 0, **kwargs: Any
) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end, which must be `code` (None: any)."""
    done = subprocess.run(
        command(world, *words),
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        **kwargs,
    )
    assert code is None or done.returncode == code, done.stderr[-4000:]
    return done


@contextmanager
def running(
    config: Path, world: str = "", **kwargs: Any
) -> Iterator[subprocess.Popen[str]]:
    """`presswatch run` in the world, killed at the end if it still runs."""
    words = command(world, "run", "--config", config)
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True, **kwargs)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def add_outlet(config: Path, key: str, *feeds: str, **said: Any) -> None:
    """Writes one more outlet into a config directory."""
    told = {"sources": [{"feed": feed} for feed in feeds], **said}
    (config / "outlets" / f"{key}.yaml").write_text(yaml.safe_dump(told))


def database(config: Path) -> Path:
    """Where `Site.config` puts the database."""
    return config / "data" / "presswatch.db"
