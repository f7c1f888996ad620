"""Which database a command works on, and opening it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

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
    """The store of a command that writes. Only who fetches makes an absent database."""
    return Store.open(database_file(config_dir, database))


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
