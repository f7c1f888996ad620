"""The demo as a whole: newspapers and the real program started, shown, and ended."""

from __future__ import annotations

import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import TextIOWrapper
from pathlib import Path
from typing import Final

from rich.console import Console

from service.demo import narration
from service.demo.client import Site, SiteError
from service.demo.narration import Totals
from service.demo.program import Program
from service.demo.scenes import Clock, Paper, Scenes, ShowError, Stage

#: Sources are polled this often, so that nobody waits long for the news.
EACH: Final = {"every": "2s", "revisit": "2s"}


_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class KeepRefused(ShowError):
    """--keep names no place for new files; the message says why."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Options:
    """How long the demo lasts (None: until Ctrl-C), and where its files stay.

    `aside`: it is told on standard error.
    """

    lasting: timedelta | None = None
    until_told: bool = False
    keep: Path | None = None
    aside: bool = False


def present(options: Options) -> Totals:
    """Give the demo, and leave nothing running. Raises ShowError or StoreError.

    Ctrl-C, SIGTERM and a closed terminal end it at any time, as they should.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal may not know all letters
    paper = Paper(Console(highlight=False, stderr=options.aside))
    with _signals() as stop, _folder(options.keep) as directory:
        clock = Clock(stop, options.lasting)
        scenes = Scenes(paper, clock)
        _perform(directory, scenes, until_told=options.until_told)
    paper.print(narration.farewell(options.keep, paper.width))
    return scenes.totals


def _perform(directory: Path, scenes: Scenes, *, until_told: bool) -> None:
    with _site() as site:
        console = f"127.0.0.1:{_free_port()}"
        site.config(directory, each=EACH, console={"bind": console})
        program = Program(directory)
        database = directory / "data" / "presswatch.db"
        try:
            with program:
                stage = Stage(site, program, database, f"http://{console}/")
                scenes.perform(stage, until_told=until_told)
        finally:
            scenes.pass_on(program)


def _free_port() -> int:
    """A port that nobody has: a service of this machine may have the usual one."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
    return port


@contextmanager
def _site() -> Iterator[Site]:
    try:
        with Site.start() as site:
            yield site
    except SiteError as error:
        raise ShowError(f"the demo's newspapers failed: {error}") from error


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """Where config and database go: `keep`, which must be empty, or for a while."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="presswatch-demo-") as name:
            yield Path(name)
        return
    try:
        keep.mkdir(parents=True, exist_ok=True)
        occupied = next(keep.iterdir(), None)
    except OSError as error:
        raise KeepRefused(f"--keep {keep}: {error.strerror}; name another") from error
    if occupied is not None:
        raise KeepRefused(f"--keep {keep} is not empty; name a new directory")
    yield keep.resolve()


@contextmanager
def _signals() -> Iterator[threading.Event]:
    """An event that is set when somebody wants the demo to end.

    Handlers are set outright: a shell starts background jobs with SIGINT ignored.
    """
    stop = threading.Event()
    old = {number: signal.signal(number, lambda *_: stop.set()) for number in _ENDING}
    try:
        yield stop
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)
