"""`presswatch outlets`: who is watched, by what, how often."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.cli.adding import add
from service.cli.crosscheck import crosscheck
from service.cli.memory import memory
from service.cli.options import database_options, json_option

if TYPE_CHECKING:
    from datetime import timedelta

    from config.choices import Auto
    from config.models import Outlet, Source


@click.group("outlets", invoke_without_command=True)
@database_options
@json_option
@click.pass_context
def outlets(
    ctx: click.Context, config_dir: Path, database: Path | None, as_json: bool
) -> None:
    """List the configured outlets: key, name, language, sources, interval.

    Without a command, read from the config alone; needs no database.

    \b
    Examples:
      presswatch outlets
      presswatch outlets --json
      presswatch outlets memory tag24
      presswatch outlets check tag24
    """
    if ctx.invoked_subcommand is not None:
        # `outlets --config DIR check` means what `outlets check --config DIR` means.
        said = {"config_dir": config_dir, "database": database, "as_json": as_json}
        ctx.default_map = {ctx.invoked_subcommand: said}
        return
    from config import load

    for outlet in load(config_dir).outlets.values():
        if as_json:
            click.echo(json.dumps(_plain(outlet)))
        else:
            _show(outlet)


outlets.add_command(memory)
outlets.add_command(add)
outlets.add_command(crosscheck)


def _plain(outlet: Outlet) -> dict[str, Any]:
    return {
        "key": outlet.key,
        "name": outlet.name,
        "home": outlet.home,
        "language": outlet.language,
        "every": _every(outlet.every, outlet.between),
        "priority": outlet.priority,
        "sources": [_plain_source(outlet, source) for source in outlet.sources],
        "digest": outlet.digest,
    }


def _plain_source(outlet: Outlet, source: Source) -> dict[str, str]:
    every = _every(outlet.interval(source), outlet.bounds(source))
    return {"kind": source.kind.value, "url": source.url, "every": every}


def _every(interval: timedelta | Auto, between: tuple[timedelta, timedelta]) -> str:
    from config.choices import Auto
    from config.durations import spell

    if isinstance(interval, Auto):
        return f"auto, {spell(between[0])} to {spell(between[1])}"
    return spell(interval)


def _show(outlet: Outlet) -> None:
    click.secho(outlet.key, bold=True, nl=False)
    click.echo(f"  {outlet.name} ({outlet.language or 'any language'}) {outlet.home}")
    for source in outlet.sources:
        every = _every(outlet.interval(source), outlet.bounds(source))
        click.echo(f"  {source.kind.value:<8} every {every:<5} {source.url}")
