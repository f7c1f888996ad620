"""What the queue's commands share: whose deliveries, for how long, at what time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from pipelines.store.connection import Store
from pipelines.store.subscriptions import DEFAULT
from service.cli.database import opened, written
from service.cli.options import database_options

Command = TypeVar("Command", bound=Callable[..., Any])


class Duration(click.ParamType[timedelta]):
    """`90s 15m 2h 7d`."""

    name = "duration"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """The duration, or a usage error in the words of the config."""
        if isinstance(value, timedelta):
            return value
        from config.durations import parse

        try:
            return parse(value)
        except ValueError as error:
            self.fail(f"{value!r} {error}", param, ctx)


@dataclass(frozen=True, slots=True)
class Target:
    """The subscription a command works on, and where it is."""

    config_dir: Path
    database: Path | None
    subscription: str

    def opened(self) -> Store:
        """The store; an absent database is an error."""
        return opened(self.config_dir, self.database)

    def written(self) -> Store:
        """The store, to write to; an absent database is made, and that told."""
        return written(self.config_dir, self.database)


def target_options(command: Command) -> Command:
    """`--subscription`, `--config` and `--database`, passed as `target`."""

    @wraps(command)
    def with_target(
        *args: Any,
        config_dir: Path,
        database: Path | None,
        subscription: str,
        **options: Any,
    ) -> Any:
        target = Target(config_dir, database, subscription)
        return command(*args, target=target, **options)

    option = click.option(
        "--subscription",
        default=DEFAULT,
        show_default=True,
        metavar="NAME",
        help="Whose deliveries.",
    )
    return cast("Command", database_options(option(with_target)))


def now() -> datetime:
    """The wall clock, aware."""
    return datetime.now(UTC)
