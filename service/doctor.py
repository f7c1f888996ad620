"""Looks the installation over: config, database, disk, backups, clock, process.

Each check gives findings in plain words with the next step. A check that cannot be
made is a finding as well; one check never keeps the others from being made.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from typing import Final

from config import ConfigError, load
from config.models import Config, Settings
from config.sizes import readable
from pipelines.store import Store, StoreError, disk, lock, reserve, times
from pipelines.store.driver import sqlite3
from service import clock
from service.safekeeping import OVERDUE, Place
from service.telling import ago

#: Before this one, two connections that write and checkpoint at the same instant can
#: corrupt the write-ahead log (sqlite.org/wal.html, "the WAL-reset bug").
SOUND_SQLITE: Final = (3, 51, 3)
#: Open files that a crawl at full width takes, with some to spare.
DESCRIPTORS: Final = 1024
#: Libraries whose version explains most of what a text looks like.
LIBRARIES: Final = ("scrapy", "trafilatura", "lxml", "apscheduler", "sqlite-utils")
#: The heartbeat of a service that is well is never as old.
SILENCE: Final = timedelta(minutes=2)


class Level(StrEnum):
    """How bad it is. Only `bad` makes the exit code 1."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found; `step`: what to do about it."""

    check: str
    level: Level
    text: str
    step: str | None = None


Findings = Iterator[Finding]


def examine(directory: Path, database: Path | None, now: datetime) -> list[Finding]:
    """Every finding, in the order in which an operator would look."""
    found, settings = _config(directory, database)
    found += _each("program", _program)
    if settings is None:
        return found
    refused = _each("database", lambda: _refused(settings.database))
    if refused:
        return found + refused
    found += _each("disk", lambda: _place(settings))
    found += _each("database", lambda: _database(settings, now))
    return found + _each("backups", lambda: _backups(settings, now))


def _each(name: str, check: Callable[[], Findings]) -> list[Finding]:
    """The findings of a check; why it could not be made is one of them."""
    found: list[Finding] = []
    try:
        found.extend(check())
    except StoreError as error:
        found.append(Finding(name, Level.BAD, str(error)))
    except OSError as error:
        text = f"{error.filename or name}: {error.strerror or error}"
        step = "check the path, its owner and its permissions"
        found.append(Finding(name, Level.BAD, text, step))
    return found


# The config


def _config(
    directory: Path, database: Path | None
) -> tuple[list[Finding], Settings | None]:
    if database is not None and not directory.is_dir():
        text = f"no config in {directory}: the defaults hold"
        said = Settings(database=database)
        return [Finding("config", Level.WARN, text, "name it with --config")], said
    try:
        config = load(directory)
    except ConfigError as error:
        step = f"presswatch check --config {directory}"
        return [Finding("config", Level.BAD, str(error), step)], _settings(
            directory, database
        )
    if database is not None:
        config = config.model_copy(update={"database": database})
    return list(_loaded(config)), config


def _settings(directory: Path, database: Path | None) -> Settings | None:
    """What can be known although the config is broken."""
    from config import database_path

    try:
        return Settings(database=database or database_path(directory))
    except ConfigError:
        return None


def _loaded(config: Config) -> Findings:
    outlets = len(config.outlets)
    sources = sum(len(outlet.sources) for outlet in config.outlets.values())
    text = f"{outlets} outlets, {sources} sources in {config.directory}"
    if outlets:
        yield Finding("config", Level.OK, text)
    else:
        step = "presswatch outlets add URL, or write outlets/KEY.yaml"
        yield Finding("config", Level.WARN, text, step)


# The program


def _program() -> Findings:
    python = ".".join(map(str, sys.version_info[:3]))
    libraries = [f"{name} {metadata.version(name)}" for name in LIBRARIES]
    text = ", ".join([f"Python {python}", *libraries])
    yield Finding("program", Level.OK, text)
    yield _sqlite()
    yield _descriptors()


def _sqlite() -> Finding:
    text = f"SQLite {sqlite3.sqlite_version} ({sqlite3.__name__.partition('.')[0]})"
    if sqlite3.sqlite_version_info >= SOUND_SQLITE:
        return Finding("sqlite", Level.OK, text)
    wanted = ".".join(map(str, SOUND_SQLITE))
    words = (
        f"{text}: before {wanted} two programs that write at the same instant can, very"
        " rarely, corrupt the write-ahead log"
    )
    step = "pip install pysqlite3, which carries a newer one; keep backups"
    return Finding("sqlite", Level.WARN, words, step)


def _descriptors() -> Finding:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    text = f"{soft} open files allowed"
    if soft == resource.RLIM_INFINITY or soft >= DESCRIPTORS:
        return Finding("descriptors", Level.OK, text)
    step = f"LimitNOFILE={DESCRIPTORS} in the unit, or ulimit -n (up to {hard})"
    return Finding("descriptors", Level.WARN, text, step)


# The place


def _place(settings: Settings) -> Findings:
    directory = settings.database.resolve().parent
    if not directory.is_dir():
        step = "`presswatch once` or `presswatch run` makes it"
        yield Finding("disk", Level.WARN, f"there is no directory {directory}", step)
        return
    yield _file_system(directory, settings)
    yield _room(directory, settings)
    yield _permissions(directory, settings.database)


def _file_system(directory: Path, settings: Settings) -> Finding:
    kind = disk.file_system(directory)
    text = f"{directory} is on {kind or 'a file system of unknown kind'}"
    if not disk.is_network(kind):
        return Finding("file system", Level.OK, text)
    words = f"{text}, a network file system: the database can be corrupted"
    level = Level.WARN if settings.disk.network else Level.BAD
    return Finding("file system", level, words, "move it to a local disk")


def _room(directory: Path, settings: Settings) -> Finding:
    space, marks = disk.space(directory), settings.disk
    text = f"{readable(space.free)} of {readable(space.total)} free"
    held = reserve.held(settings.database)
    text += f", {readable(held)} held for consumers" if held else ""
    step = "free some space; queue and texts stay as they are"
    if space.free < marks.pause_below:
        words = f"{text}: no page is fetched (disk.pause_below)"
        return Finding("disk", Level.BAD, words, step)
    if space.free < marks.warn_below:
        return Finding("disk", Level.WARN, f"{text} (disk.warn_below)", step)
    return Finding("disk", Level.OK, text)


def _permissions(directory: Path, database: Path) -> Finding:
    wanted = [directory, *(path for path in _files(database) if path.exists())]
    refused = [path for path in wanted if not os.access(path, os.R_OK | os.W_OK)]
    if refused:
        who = f"user {os.getuid()} may not read and write {refused[0]}"
        step = "chown it to the user that runs Presswatch"
        return Finding("permissions", Level.BAD, who, step)
    owners = {path.stat().st_uid for path in wanted[1:]}
    if len(owners) > 1:
        text = f"the database's files belong to several users ({_list(owners)})"
        step = "chown them to one: a command was run as another user, such as root"
        return Finding("permissions", Level.WARN, text, step)
    return Finding("permissions", Level.OK, "the database's files can be written")


def _files(database: Path) -> Iterator[Path]:
    for side in ("", "-wal", "-shm", ".lock", ".reserve"):
        yield Path(f"{database}{side}")


def _list(numbers: set[int]) -> str:
    return ", ".join(map(str, sorted(numbers)))


# The database


def _refused(path: Path) -> Findings:
    """Why there is nothing else to look at."""
    if path.is_dir():
        yield Finding("database", Level.BAD, f"{path} is a directory", "name a file")


def _database(settings: Settings, now: datetime) -> Findings:
    path = settings.database
    if not path.exists():
        copies = Place.of(settings).copies()
        level = Level.BAD if copies else Level.WARN
        step = "presswatch restore" if copies else "`presswatch run` creates it"
        yield Finding("database", level, f"there is no {path}", step)
        return
    yield _holder(path)
    with Store.open(path, read_only=True) as store:
        yield from _soundness(store)
        yield from _times(store, now)
        yield _log(path)


def _holder(path: Path) -> Finding:
    holder = lock.holder(path)
    if holder is None:
        return Finding("process", Level.OK, "nothing is fetching at the moment")
    return Finding("process", Level.OK, f"process {holder.pid}: {holder.command}")


def _soundness(store: Store) -> Findings:
    size = readable(sum(map(disk.size_of, (store.path, Path(f"{store.path}-wal")))))
    text = f"{store.path}, schema {store.schema_version}, {size}"
    damage = store.damage(quick=True)
    for line in damage:
        step = "presswatch restore; the broken file is kept beside it"
        yield Finding("database", Level.BAD, f"{store.path}: {line}", step)
    if damage:
        return
    for line in store.breaches():
        yield Finding("database", Level.BAD, line, "please report it, with a backup")
    totals = store.overview.totals()
    counts = f"{totals.articles} articles, {totals.messages} messages"
    yield Finding("database", Level.OK, f"{text}; sound: {counts}")


def _times(store: Store, now: datetime) -> Findings:
    beat = store.meta.get("heartbeat")
    last = None if beat is None else datetime.fromisoformat(beat)
    known = [at for at in (last, times.latest(store.session)) if at is not None]
    if known and max(known) - now > clock.SMALLEST:
        text = f"the clock is behind what was stored at {max(known):%Y-%m-%d %H:%M:%S}"
        yield Finding("clock", Level.WARN, text, "timedatectl; `run` moves due times")
    else:
        yield Finding("clock", Level.OK, f"{now:%Y-%m-%d %H:%M:%S} UTC")
    holder = lock.holder(store.path)
    if holder and last and last >= holder.since and now - last > SILENCE:
        text = f"process {holder.pid} beat last {ago(last, now)}: it hangs"
        yield Finding("process", Level.BAD, text, "stop it with SIGTERM, start it anew")


def _log(path: Path) -> Finding:
    from service.machine import LONG_LOG

    size = disk.size_of(Path(f"{path}-wal"))
    text = f"write-ahead log: {readable(size)}"
    if size < LONG_LOG:
        return Finding("log", Level.OK, text)
    step = f"fuser -v {path} names who reads and does not end"
    return Finding("log", Level.WARN, text, step)


# The backups


def _backups(settings: Settings, now: datetime) -> Findings:
    place = Place.of(settings)
    if settings.backup.at is None:
        text = "backup.at is `never`: nothing is copied by itself"
        yield Finding("backups", Level.WARN, text, "presswatch backup, by cron")
        return
    copies = place.copies()
    if not copies:
        new = not settings.database.exists()
        level = Level.OK if new else Level.WARN
        text = f"none in {place.directory} yet"
        yield Finding("backups", level, text, None if new else "presswatch backup")
        return
    latest = copies[0]
    age = ago(min(latest.at, now), now)
    text = f"{len(copies)} in {place.directory}, the latest {age}"
    if now - latest.at > OVERDUE:
        step = "presswatch backup; `presswatch alerts` says why there is none"
        yield Finding("backups", Level.BAD, text, step)
    elif _same_disk(latest.path, settings.database):
        text += ", on the same disk as the database"
        yield Finding(
            "backups", Level.OK, text, "another disk is safer: backup.directory"
        )
    else:
        yield Finding("backups", Level.OK, text)


def _same_disk(one: Path, other: Path) -> bool:
    return other.exists() and one.stat().st_dev == other.stat().st_dev
