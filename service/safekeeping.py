"""Copies of the database made, found, checked and put back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from config.models import Settings
from pipelines.store import Store, StoreError, copies, restoring
from pipelines.store.copies import Backup, Keep
from pipelines.store.lock import DatabaseLock
from pipelines.store.restoring import Restored

#: Without a copy for so long an alert opens: one night was missed.
OVERDUE = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the copies of a database are kept, and which stay."""

    database: Path
    directory: Path
    keep: Keep

    @classmethod
    def of(cls, settings: Settings) -> Place:
        """The place that the config says."""
        said = settings.backup
        return cls(
            settings.database,
            said.directory or copies.directory_of(settings.database),
            Keep(said.keep.daily, said.keep.weekly),
        )

    def copies(self) -> tuple[Backup, ...]:
        """The finished copies, latest first."""
        return copies.found(self.directory, self.database)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a copy holds. `faults`: why it cannot be used."""

    path: Path
    schema: int
    articles: int
    messages: int
    latest: datetime | None
    faults: tuple[str, ...] = ()


def make(place: Place, now: datetime) -> Backup:
    """One more copy. On a connection of its own, so that the writer goes on."""
    with Store.open(place.database, read_only=True, older=True) as store:
        return store.backup_into(place.directory, now, place.keep)


def make_at(place: Place, target: Path) -> Backup:
    """A copy at a place of the operator's choice, apart from those that are kept."""
    with Store.open(place.database, read_only=True, older=True) as store:
        made = store.backup(target)
    status = made.stat()
    return Backup(
        made, datetime.fromtimestamp(status.st_mtime).astimezone(), status.st_size
    )


def check(copy: Path) -> Checked:
    """Reads a copy from end to end; StoreError if it is none."""
    with Store.open(copy, read_only=True, older=True) as store:
        found = store.overview.totals()
        return Checked(
            copy,
            store.schema_version,
            found.articles,
            found.messages,
            found.latest,
            tuple(store.damage()),
        )


def restore(
    place: Place, copy: Path | None, now: datetime, tell: Callable[[str], None]
) -> tuple[Restored, Checked]:
    """Puts a copy, or else the latest that is sound, in the place of the database.

    `tell` hears of copies that were passed over. Raises StoreError.
    """
    with DatabaseLock(place.database):
        pass  # refuse before anything is read, which may take minutes
    checked = _sound(copy) if copy is not None else _latest_sound(place, tell)
    return restoring.restore(place.database, checked.path, now), checked


def _sound(copy: Path) -> Checked:
    if not copy.exists():
        step = "`presswatch backup --list` shows the backups there are"
        raise StoreError(copy, "there is no such file", step)
    checked = check(copy)
    if checked.faults:
        raise StoreError(
            copy, f"is damaged itself ({checked.faults[0]})", "take another backup"
        )
    return checked


def _latest_sound(place: Place, tell: Callable[[str], None]) -> Checked:
    for copy in place.copies():
        try:
            return _sound(copy.path)
        except StoreError as error:
            tell(f"passed over: {error}")
    raise StoreError(
        place.directory,
        f"holds no sound backup of {place.database.name}",
        "name a file: presswatch restore FILE",
    )
