"""Options that several commands share; `--config` and `--json` mean one thing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def config_option(command: Command) -> Command:
    """`--config DIR`, passed as `config_dir`."""
    return click.option(
        "--config",
        "config_dir",
        type=click.Path(path_type=Path),
        default=Path("config"),
        show_default=True,
        metavar="DIR",
        help="The directory of presswatch.yaml and outlets/.",
    )(command)


def database_options(command: Command) -> Command:
    """`--config DIR` and `--database FILE`, passed as `config_dir` and `database`."""
    option = click.option(
        "--database",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The database, if not the one that the config names.",
    )
    return config_option(option(command))


def json_option(command: Command) -> Command:
    """`--json`, passed as `as_json`."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print JSON, one object a line."
    )(command)
