"""The copies of a database: their names, which are there, which stay, when one is due.

Making them is `backup`'s; nothing here opens a database.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from pipelines.store.errors import StoreError

#: The directory beside the database, unless the config names another.
DIRECTORY: Final = "backups"

#: `presswatch-20261125T033000Z.db`: the database's name, and when it was begun.
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"(.+)-([0-9]{8}T[0-9]{6}Z)\.db")


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished copy: where it is, when it was begun, its size in bytes."""

    path: Path
    at: datetime
    size: int


@dataclass(frozen=True, slots=True)
class Keep:
    """Of how many days, and of how many ISO weeks, the latest copy stays."""

    daily: int = 7
    weekly: int = 4


def directory_of(database: Path) -> Path:
    """Where the copies of a database go when nothing else was said."""
    return database.resolve().parent / DIRECTORY


def path_for(directory: Path, database: Path, now: datetime) -> Path:
    """The name of a copy that is begun now."""
    return directory / f"{database.stem}-{now.astimezone(UTC):{_STAMP}}.db"


def found(directory: Path, database: Path) -> tuple[Backup, ...]:
    """The finished copies of a database, latest first."""
    try:
        entries = list(directory.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise StoreError(
            directory, f"cannot be read ({error.strerror})", "check permissions"
        ) from error
    backups = [one for path in entries if (one := _backup(path, database.stem))]
    return tuple(sorted(backups, key=lambda one: one.at, reverse=True))


def _backup(path: Path, stem: str) -> Backup | None:
    match = _NAME.fullmatch(path.name)
    if match is None or match[1] != stem:
        return None
    try:
        at = datetime.strptime(match[2], _STAMP).replace(tzinfo=UTC)
        return Backup(path, at, path.stat().st_size)
    except (ValueError, OSError):
        return None  # no time of any calendar, or gone meanwhile


def kept(times: Iterable[datetime], keep: Keep) -> frozenset[datetime]:
    """Which copies stay: the latest of each of the latest days and weeks with any."""
    days: dict[date, datetime] = {}
    weeks: dict[tuple[int, int], datetime] = {}
    for at in sorted(times):
        days[at.date()] = at
        weeks[at.isocalendar()[:2]] = at
    latest_weeks = sorted(weeks.values(), reverse=True)[: keep.weekly]
    return frozenset(sorted(days.values(), reverse=True)[: keep.daily] + latest_weeks)


def is_due(last: datetime | None, now: datetime, at: time) -> bool:
    """Whether the copy of the latest `at` (UTC) that has come is still to be made.

    Goes by what there is and not by a timer, so that a night the machine slept
    through is made up for. A copy from the future, of a clock that was wrong, does
    not count.
    """
    today = datetime.combine(now.astimezone(UTC).date(), at)
    latest = today if today <= now else today - timedelta(days=1)
    return last is None or last < latest or last > now + timedelta(days=1)


def restoring_advice(directory: Path, database: Path) -> str:
    """The command that puts the latest copy back, in words."""
    try:
        latest = next(iter(found(directory, database)), None)
    except StoreError:
        latest = None
    words = f"--database {shlex.quote(str(database))}"
    if latest is None:
        return f"restore a backup: presswatch restore {words}"
    made = f"{latest.at:%Y-%m-%d %H:%M} UTC"
    file = shlex.quote(str(latest.path))
    return f"restore the backup of {made}: presswatch restore {file} {words}"
