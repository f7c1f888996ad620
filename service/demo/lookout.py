"""The store of the running demo, for one who looks and for one who consumes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from pipelines.store import Store
from pipelines.store.deliveries import Leased, Stats
from pipelines.store.stories import ArticleRow
from service.demo.narration import Sight

#: More articles than the newspapers have.
_MOST = 1000


class Lookout:
    """Tells what came into the store since the last look, each revision once.

    Reads only.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._since: datetime | None = None
        self.seen: dict[str, Sight] = {}

    def news(self) -> list[Sight]:
        """The articles, and revisions of articles, that are new, oldest first."""
        rows = self._store.articles.list(since=self._since, limit=_MOST)
        fresh = [self._sight(row) for row in reversed(rows) if self._is_new(row)]
        for sight in fresh:
            self._since = sight.article.stored_at
            self.seen[sight.article.url] = sight
        return fresh

    def settled(self) -> bool:
        """Whether every source was read and every listed URL has an outcome."""
        sources = self._store.frontier.source_status()
        if not sources or any(source.last_ok is None for source in sources):
            return False
        return all(
            link.outcome is not None
            for source in sources
            for link in self._store.overview.listed_by(source.id)
        )

    def sources(self) -> int:
        """How many sources are watched."""
        return len(self._store.frontier.source_status())

    def queue(self, now: datetime) -> Stats:
        """How the consumer's queue stands."""
        (stats,) = self._store.queue.stats(now)
        return stats

    def queued(self) -> int:
        """How many messages were ever queued."""
        return self._store.queue.last_seq()

    def _is_new(self, row: ArticleRow) -> bool:
        known = self.seen.get(row.url)
        return known is None or known.article.revision < row.revision

    def _sight(self, row: ArticleRow) -> Sight:
        known = self.seen.get(row.url)
        return Sight(
            article=row,
            removed=tuple(self._store.articles.removed(row.id, row.revision)),
            original=self._original(row),
            before=None if known is None else known.article,
        )

    def _original(self, row: ArticleRow) -> ArticleRow | None:
        return None if row.story == row.id else self._store.articles.get(row.story)


@contextmanager
def looking(database: Path) -> Iterator[Lookout]:
    """A lookout on the database. StoreError while there is none yet."""
    with Store.open(database, read_only=True) as store:
        yield Lookout(store)


def leased(database: Path, lasting: timedelta, now: datetime) -> Leased | None:
    """Take the oldest message, as `presswatch queue lease` does."""
    with Store.open(database) as store:
        return next(iter(store.queue.lease(duration=lasting, now=now)), None)


def settle(database: Path, message: Leased, now: datetime) -> None:
    """Settle a message, as `presswatch queue ack` does."""
    with Store.open(database) as store:
        store.queue.ack(message.id, message.token, now)
