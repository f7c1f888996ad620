"""The store: one connection to the database, and its parts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.store import backup, disk, place, reserve, retention, soundness
from pipelines.store.copies import Backup, Keep
from pipelines.store.deliveries import Deliveries, half_to_one_and_a_half
from pipelines.store.errors import StoreBusy, StoreError
from pipelines.store.opening import Kind, Terms, open_session, schema_version
from pipelines.store.pages import Pages
from pipelines.store.schema import APPLICATION_ID, MIGRATIONS
from pipelines.store.session import Session

if TYPE_CHECKING:
    from sqlite_utils import Database

    from pipelines.store.alerts import Alerts
    from pipelines.store.articles import Articles
    from pipelines.store.coverage import Coverage
    from pipelines.store.forgetting import Forgetting
    from pipelines.store.frontier import Frontier
    from pipelines.store.hosts import Hosts
    from pipelines.store.memory import Memory
    from pipelines.store.meta import Meta
    from pipelines.store.overview import Overview
    from pipelines.store.replays import Replays
    from pipelines.store.requests import Requests

__all__ = ["Store", "StoreBusy", "StoreError"]


#: With less free space an opening that failed is taken for a full disk (bytes).
_NO_ROOM = 1_000_000


def _opened(path: Path, terms: Terms, *, fetching: bool) -> Session:
    """The session; on a full disk, where even opening takes room, by the reserve.

    It is held for consumers: whoever fetches would use it up.
    """
    kind = Kind(APPLICATION_ID, MIGRATIONS)
    try:
        return open_session(path, terms, kind)
    except StoreError:
        full = path.exists() and disk.space(path.parent).free < _NO_ROOM
        if fetching or not (full and reserve.release(path)):
            raise
    return open_session(path, terms, kind)


class Store:
    """The database, for the thread that opened it. Raises StoreError throughout."""

    def __init__(
        self,
        session: Session,
        jitter: Callable[[], float] = half_to_one_and_a_half,
    ) -> None:
        self.session = session
        self.pages = Pages(session.path.parent)
        session.precede(self.pages.commit, self.pages.discard)
        self.queue = Deliveries(session, jitter)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        create: bool = False,
        migrate: bool = False,
        read_only: bool = False,
        older: bool = False,
        backups: Path | None = None,
        network: bool | None = None,
    ) -> Store:
        """The store in that file.

        `create`: make the file, and its directory, if absent. `migrate`: bring an
        older schema up, after a backup beside the file. Without them an absent or
        older file is refused; a newer, foreign or broken one always is. `older`: take
        an older schema as it is, for who only checks or copies the file. `backups`: the
        directory of its copies, if not the usual one; where there are any, an absent
        file was lost and is not made anew. `network`: whether the config allows a
        network file system, for whoever fetches; None: whether the database says that
        it was allowed.
        """
        terms = Terms(create, migrate, read_only, older, backups)
        place.check(path, network, writing=not read_only)
        store = cls(_opened(path, terms, fetching=network is not None))
        try:
            place.settle(store.session, network, writing=not read_only)
        except BaseException:
            store.close()
            raise
        return store

    # The other parts are loaded when they are used: `queue ack` runs in shell loops.

    @cached_property
    def frontier(self) -> Frontier:
        """What is to be fetched."""
        from pipelines.store.frontier import Frontier

        return Frontier(self.session, self.pages)

    @cached_property
    def memory(self) -> Memory:
        """What recurs in the outlets' articles."""
        from pipelines.store.memory import Memory

        return Memory(self.session)

    @cached_property
    def articles(self) -> Articles:
        """Articles and their revisions."""
        from pipelines.store.articles import Articles

        return Articles(self.session, self.pages, self.queue, self.memory)

    @cached_property
    def forgetting(self) -> Forgetting:
        """Taking texts out for good."""
        from pipelines.store.forgetting import Forgetting

        return Forgetting(self.session, self.pages, self.queue)

    @cached_property
    def alerts(self) -> Alerts:
        """What operators should know."""
        from pipelines.store.alerts import Alerts

        return Alerts(self.session)

    @cached_property
    def hosts(self) -> Hosts:
        """Holds and robots.txt, by host."""
        from pipelines.store.hosts import Hosts

        return Hosts(self.session)

    @cached_property
    def meta(self) -> Meta:
        """Single values."""
        from pipelines.store.meta import Meta

        return Meta(self.session)

    @cached_property
    def requests(self) -> Requests:
        """What was asked of every host."""
        from pipelines.store.requests import Requests

        return Requests(self.session)

    @cached_property
    def overview(self) -> Overview:
        """Counts over everything."""
        from pipelines.store.overview import Overview

        return Overview(self.session)

    @cached_property
    def coverage(self) -> Coverage:
        """Which of an outlet's sources list what."""
        from pipelines.store.coverage import Coverage

        return Coverage(self.session)

    @cached_property
    def replays(self) -> Replays:
        """Stored pages to be read again."""
        from pipelines.store.replays import Replays

        return Replays(self.session, self.pages)

    @property
    def path(self) -> Path:
        """The database file."""
        return self.session.path

    @property
    def schema_version(self) -> int:
        """The number of the file's schema."""
        return schema_version(self.session)

    def write(self) -> AbstractContextManager[Database]:
        """A transaction over everything done within; see `Session.write`."""
        return self.session.write()

    def snapshot(self) -> AbstractContextManager[None]:
        """Several reads of one state of the database."""
        return self.session.snapshot()

    def backup(self, target: Path) -> Path:
        """A verified, durable copy of the database while others write."""
        return backup.copy_into(self.session, target)

    def backup_into(self, directory: Path, now: datetime, keep: Keep) -> Backup:
        """One more copy in a directory of them; those no longer kept go."""
        return backup.make(self.session, directory, now, keep)

    def prune_pages(self, than: datetime) -> int:
        """Delete files of raw pages of weeks that ended before; returns how many.

        A file in which a page still waits to be processed stays.
        """
        return self.pages.remove_older(than, self.frontier.files_in_use())

    def prune_texts(self, than: datetime, now: datetime) -> int:
        """Empty some texts stored before, that are settled; 0 when none is left.

        What they were stays known, so that nothing is taken for new again.
        """
        return retention.expire_texts(self.session, than, now)

    def forget_addresses(self, than: datetime, after: int) -> int | None:
        """Forget URLs nobody lists any more; see `retention.forget_addresses`."""
        return retention.forget_addresses(self.session, than, after)

    def tidy(self) -> int:
        """Give free pages back to the disk; see `retention.tidy`."""
        return retention.tidy(self.session)

    def damage(self, *, quick: bool = False) -> list[str]:
        """What is broken in the file; see `soundness.damage`."""
        return soundness.damage(self.session, quick=quick)

    def breaches(self) -> list[str]:
        """Which promises the rows break; see `soundness.breaches`."""
        return soundness.breaches(self.session)

    def prune_words(self, than: datetime, now: datetime) -> bool:
        """Forget some words of texts seen before; False once a day's pass is through.

        Copies of them are recognised word for word from then on.
        """
        from pipelines.store.sweeping import sweep

        return sweep(self.session, than, now)

    def catch_up_words(self, since: datetime) -> bool:
        """Learn some words of texts fetched since then; see `catching_up`.

        False once those of all are known.
        """
        from pipelines.store.catching_up import catch_up

        return catch_up(self.session, since)

    def merge_words(self) -> bool:
        """Move some words of the latest texts to those of the others; see `merging`.

        False when that is not due, or no longer.
        """
        from pipelines.store.merging import merge

        return merge(self.session)

    def close(self) -> None:
        """Give the files back."""
        self.pages.close()
        self.session.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
