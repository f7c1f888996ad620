"""Options that every command takes; each means one thing.

Programs pass `--config`, `--database` and `--json` after any command. One that has no
use for an option takes it all the same, and its help says so.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

_METAVARS: Final = {"config": "DIR", "database": "FILE"}


class AtLeast(click.IntRange):
    """A whole number, at least `least`; one beyond `most` means `most`."""

    def __init__(self, least: int, most: int = 10**15) -> None:
        super().__init__(least)
        self._most = most

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """The number, as far as SQLite and calendars go."""
        return min(int(super().convert(value, param, ctx)), self._most)


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


def unused_options(*names: str) -> Callable[[Command], Command]:
    """The common options of those names, taken and not looked at."""

    def with_options(command: Command) -> Command:
        for name in reversed(names):
            option = click.option(
                f"--{name}",
                is_flag=name == "json",
                metavar=None if name == "json" else _METAVARS[name],
                expose_value=False,
                help="Taken as by every command; not used by this one.",
            )
            command = option(command)
        return command

    return with_options


def json_option(command: Command) -> Command:
    """`--json`, passed as `as_json`."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print JSON, one object a line."
    )(command)
