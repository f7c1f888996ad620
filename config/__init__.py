"""What operators configure: their YAML files, and the only code that reads them."""

from __future__ import annotations

from config.load import database_path, load, sample_directory
from config.models import Config, Outlet, Source, SourceKind
from config.problems import ConfigError, Problem

__all__ = [
    "Config",
    "ConfigError",
    "Outlet",
    "Problem",
    "Source",
    "SourceKind",
    "database_path",
    "load",
    "sample_directory",
]
