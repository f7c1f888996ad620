"""Which database a command works on, and opening it."""

from __future__ import annotations

from pathlib import Path

from pipelines.store.connection import Store


def database_file(config_dir: Path, database: Path | None) -> Path:
    """`--database`, else what the config names. ConfigError if that cannot be read.

    The config is read only when it is needed: checking it takes longer than an
    acknowledgement does.
    """
    if database is not None:
        return database
    from config import database_path

    return database_path(config_dir)


def opened(config_dir: Path, database: Path | None, *, create: bool = False) -> Store:
    """The store of a command. `create`: an absent database is made."""
    return Store.open(database_file(config_dir, database), create=create)


def looked_at(config_dir: Path, database: Path | None) -> Store:
    """The store of a command that only looks."""
    return Store.open(database_file(config_dir, database), read_only=True)
