"""The scenes of the demo, in order: what was found, kept, changed, handed on.

What is told is read from the program's own database; nothing is made up.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from pipelines.store import StoreError
from service.demo import lookout, narration
from service.demo.client import Site
from service.demo.lookout import Lookout
from service.demo.narration import Totals
from service.demo.newsroom import OUTLETS
from service.demo.program import Program

#: The article that its desk holds back, and the one it has a later version of.
HELD: Final = ("courier", "customs-house-opens-its-tower")
CHANGED: Final = "power-cut-at-the-fish-market"

#: Wide enough for a sentence, narrow enough to be read.
WIDEST: Final = 80

#: Seconds: between two looks, to read a scene by, until something has gone wrong.
LOOK: Final = 0.2
READ: Final = 2.0
PATIENCE: Final = 60.0

LEASE: Final = timedelta(minutes=5)


class ShowError(Exception):
    """The demo cannot go on; the message says why and what to do."""

    exit_code = 1


class Curtain(Exception):
    """The show is over, as it was meant to be."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What is shown: the newspapers, the program, its database and its console."""

    site: Site
    program: Program
    database: Path
    console: str


class Paper:
    """Prints lines; on a pipe, without control codes."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.width = min(console.width, WIDEST)

    def print(self, lines: Iterable[Text]) -> None:
        """Print the lines at once, none of them broken or cut."""
        for one in lines:
            self._console.print(one, soft_wrap=True)
        self._console.file.flush()


class Clock:
    """Waits, and raises Curtain when the demo is to end."""

    def __init__(self, stop: threading.Event, lasting: timedelta | None = None) -> None:
        self._stop = stop
        self._start = time.monotonic()
        self._lasting = None if lasting is None else lasting.total_seconds()

    @property
    def seconds(self) -> float:
        """Since the demo began."""
        return time.monotonic() - self._start

    def wait(self, seconds: float) -> None:
        """Wait so long."""
        if self._stop.wait(seconds):
            raise Curtain
        if self._lasting is not None and self.seconds >= self._lasting:
            raise Curtain


class Scenes:
    """Tells everything there is to show, until the clock says that it is over."""

    _stage: Stage
    _lookout: Lookout

    def __init__(self, paper: Paper, clock: Clock) -> None:
        self._paper = paper
        self._clock = clock
        self.totals = Totals()  # as far as there was anything to see

    def perform(self, stage: Stage, *, until_told: bool) -> None:
        """All scenes; then, unless `until_told`, what else comes."""
        self._stage = stage
        try:
            self._open()
            with self._looking() as self._lookout:
                self._until_curtain(until_told=until_told)
                self._close()
        except Curtain:
            pass  # before there was anything to see

    def pass_on(self, program: Program) -> None:
        """Show what the program has complained of."""
        for words in program.said():
            self._paper.print(narration.passed_on(words, self._paper.width))

    def _until_curtain(self, *, until_told: bool) -> None:
        try:
            self._find()
            self._show_one()
            self._change()
            self._hand_on()
            if not until_told:
                self._go_on()
        except Curtain:
            pass  # as it is meant to end

    # The scenes

    def _open(self) -> None:
        origins = self._stage.site.outlets
        names = {outlet.key: outlet.name for outlet in OUTLETS}
        self._heading(f"{len(origins)} small newspapers on this machine")
        self._paper.print(narration.newspapers(origins, names))
        self._say(
            "All in them is invented, and nothing leaves this machine. Open one in a"
            " browser while this runs; Ctrl-C ends everything."
        )
        self._heading("`presswatch run` watches them")

    def _find(self) -> None:
        self._watch("the first articles", self._lookout.settled)
        sources, seen = self._lookout.sources(), self._lookout.seen
        self._say(
            f"{sources} feeds, sitemaps and section pages read, {len(seen)} articles"
            " found; their texts are in the database. In a browser:"
            f" {self._stage.console}"
        )
        self._pause_for(READ)

    def _show_one(self) -> None:
        sight = narration.best(self._lookout.seen.values())
        if sight is None:
            raise ShowError("the newspapers listed no article; please report this")
        self._heading("One of them in full: what stays, what goes, and why")
        self._paper.print(narration.in_full(sight, self._paper.width))
        self._pause_for(2 * READ)

    def _change(self) -> None:
        site = self._stage.site
        changed = site.article(CHANGED)
        outlet, slug = HELD
        (published,) = site.publish(outlet, slug=slug)
        site.update(changed["url"])
        self._heading("The Courier publishes an article and changes another")
        self._watch("the new article", lambda: published in self._lookout.seen)
        self._watch("the revision", lambda: self._is_revised(changed["url"]))
        self._pause_for(READ)

    def _hand_on(self) -> None:
        self._heading("Whoever reads the texts takes them from a durable queue")
        database, width = self._stage.database, self._paper.width
        message = lookout.leased(database, LEASE, _now())
        if message is None:
            raise ShowError("the queue gave no message; please report this")
        self._command("presswatch queue lease --for 5m")
        self._paper.print(narration.message(message, width))
        self._command("presswatch queue ack ID TOKEN")
        lookout.settle(database, message, _now())
        stats = self._lookout.queue(_now())
        self._say(
            f"{stats.done} done, {stats.ready} wait. A message that is not settled"
            " comes back under the same id when its lease ends."
        )

    def _go_on(self) -> None:
        self._heading("It goes on watching until Ctrl-C")
        while True:
            self._pause()

    def _close(self) -> None:
        self._heading("In figures")
        self.totals = self._totals()
        self._paper.print(narration.totals(self.totals, self._paper.width))

    # Watching

    def _watch(self, what: str, done: Callable[[], bool]) -> None:
        """Tell the news until `done`. ShowError if that does not come to pass."""
        patience = self._clock.seconds + PATIENCE
        while self._tell_news() or not done():
            if self._clock.seconds > patience:
                raise ShowError(f"{what} did not come within {PATIENCE:.0f} seconds")
            self._pause(tell=False)

    def _pause_for(self, seconds: float) -> None:
        until = self._clock.seconds + seconds
        while self._clock.seconds < until:
            self._pause()

    def _pause(self, *, tell: bool = True) -> None:
        if tell:
            self._tell_news()
        self._check_program()
        self._clock.wait(LOOK)

    def _tell_news(self) -> bool:
        fresh = self._lookout.news()
        for sight in fresh:
            self._paper.print(narration.arrival(sight, self._paper.width))
        return bool(fresh)

    def _check_program(self) -> None:
        """Show what the program complains of. ShowError if it has ended."""
        program = self._stage.program
        code = program.code
        self.pass_on(program)
        if code is not None:
            raise ShowError(f"`presswatch run` ended by itself with code {code}")

    @contextmanager
    def _looking(self) -> Iterator[Lookout]:
        """The lookout, as soon as the program has made its database."""
        patience = self._clock.seconds + PATIENCE
        while True:
            try:
                with lookout.looking(self._stage.database) as found:
                    yield found
                return
            except StoreError:
                if self._clock.seconds > patience:
                    raise
            self._check_program()
            self._clock.wait(LOOK)

    def _is_revised(self, url: str) -> bool:
        sight = self._lookout.seen.get(url)
        return sight is not None and sight.before is not None

    def _totals(self) -> Totals:
        seen = self._lookout.seen.values()
        log = self._stage.site.log()
        return Totals(
            seconds=round(self._clock.seconds),
            articles=len(seen),
            copies=sum(sight.original is not None for sight in seen),
            revisions=sum(sight.article.revision - 1 for sight in seen),
            queued=self._lookout.queued(),
            requests=len(log),
            unmodified=sum(entry["status"] == 304 for entry in log),
            at_once=max((entry["concurrent"] for entry in log), default=0),
        )

    # Words

    def _heading(self, words: str) -> None:
        self._paper.print(narration.heading(words, self._paper.width))

    def _say(self, words: str) -> None:
        self._paper.print([Text(), *narration.said(words, self._paper.width)])

    def _command(self, words: str) -> None:
        self._paper.print([Text(f"$ {words}", style="bold")])


def _now() -> datetime:
    return datetime.now(UTC)
