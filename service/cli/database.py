"""Which database a command works on, and opening it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.store.connection import Store

if TYPE_CHECKING:
    from config.models import Settings


def database_file(config_dir: Path, database: Path | None) -> Path:
    """`--database`, else what the config names. ConfigError if that cannot be read.

    The config is read only when it is needed: checking it takes longer than an
    acknowledgement does.
    """
    if database is not None:
        return database
    from config import database_path

    return database_path(config_dir)


def opened(config_dir: Path, database: Path | None) -> Store:
    """The store of a command that works on what is there: it must be there."""
    return Store.open(database_file(config_dir, database))


def written(config_dir: Path, database: Path | None) -> Store:
    """The store of a command of the queue that writes.

    An absent one is made, since a consumer may be started before the first pass, and
    that is told, since a name may be mistyped.
    """
    path = database_file(config_dir, database)
    absent = not path.exists()
    store = Store.open(path, create=True)
    if absent:
        told = "an empty database was made, as there was none; is the name right?"
        click.echo(f"presswatch: {path}: {told}", err=True)
    return store


def looked_at(config_dir: Path, database: Path | None) -> Store:
    """The store of a command that only looks."""
    return Store.open(database_file(config_dir, database), read_only=True)


def settings_for(config_dir: Path, database: Path | None) -> Settings:
    """What the config says of the machine, `--database` in force.

    With `--database` there need be no config: its defaults hold then.
    """
    from config import load_settings
    from config.models import Settings

    if database is None:
        return load_settings(config_dir)
    said = load_settings(config_dir) if config_dir.is_dir() else Settings()
    return said.model_copy(update={"database": database})
