"""What operators configure: their YAML files, and the only code that reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.load import database_path, load, load_settings, sample_directory
from config.problems import ConfigError, Problem

if TYPE_CHECKING:
    from config.models import Config, Outlet, Source, SourceKind

__all__ = [
    "Config",
    "ConfigError",
    "Outlet",
    "Problem",
    "Source",
    "SourceKind",
    "database_path",
    "load",
    "load_settings",
    "sample_directory",
]


def __getattr__(name: str) -> object:
    """The models when they are used: see `config.load` on why they come late."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from config import models

    return getattr(models, name)
