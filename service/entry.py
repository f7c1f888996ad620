"""The service's way in: console and API, from the config's section `console`."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from config import ConfigError, secrets
from config.console import Console
from config.load import read_settings
from config.models import Config
from config.problems import Unfit
from crawlers.session import Session
from service.api import server
from service.api.access import Access
from service.api.app import make_app
from service.api.desk import Desk
from service.api.limits import Buckets
from service.api.readers import Readers

log = logging.getLogger(__name__)


def tokens_of(config: Config) -> tuple[str, ...]:
    """The tokens that the config names; ConfigError if they cannot be had."""
    if config.console.tokens is None:
        return ()
    try:
        return secrets.tokens(config.console.tokens)
    except Unfit as error:
        said = read_settings(config.directory)
        problem = said.problem(("console", "tokens"), str(error), error.hint)
        raise ConfigError((problem,)) from None


@contextmanager
def opened(session: Session) -> Iterator[Entry]:
    """The way in for a session, its address taken. Raises server.AddressTaken."""
    bound = server.listen(session.config.console)
    try:
        yield Entry(session, bound)
    finally:
        if bound is not None:
            bound.close()


class Entry:
    """Console and API on a bound socket; None: they are off."""

    def __init__(self, session: Session, bound: socket.socket | None) -> None:
        self._console = session.config.console
        self._desk = Desk(Readers(session.config.database), session.writer, session.now)
        access = Access.of(self._console, tokens_of(session.config))
        self._edge = make_app(self._desk, access, self._console.rate)
        self._server = None if bound is None else server.Server(self._edge, bound)
        self.address = None if bound is None else server.address(bound)

    @property
    def desk(self) -> Desk:
        """The database, for whoever works beside the loop."""
        return self._desk

    def start(self) -> None:
        """Begin to answer."""
        if self._server is not None:
            self._server.start()

    def hurry(self) -> None:
        """The end is near: nobody is to wait for a message any more."""
        self._desk.waiting.close()

    async def stop(self) -> None:
        """End in a few seconds."""
        self._desk.waiting.close()
        if self._server is not None:
            await self._server.stop()
        self._desk.close()

    def reload(self, console: Console, tokens: tuple[str, ...]) -> None:
        """Puts a new config in force; another address only at the next start."""
        if console.bind != self._console.bind:
            words = (
                "console.bind: %s takes force at the next start; %s stays until then"
            )
            log.warning(words, console.bind, self._console.bind)
        if not tokens and not self._console.local:
            log.warning("console.tokens: kept, as others can connect until the restart")
        else:
            self._edge.access = Access.of(console, tokens)
        self._edge.buckets = Buckets(console.rate)
