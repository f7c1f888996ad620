"""`presswatch init`: a first config to start from."""

from __future__ import annotations

import json
from pathlib import Path

import click

from service.cli.options import json_option, unused_options


@click.command("init")
@click.argument("directory", type=click.Path(path_type=Path), required=False)
@click.option(
    "--bare",
    is_flag=True,
    help="Only one outlet, whose file explains every key, instead of all samples.",
)
@click.option(
    "--config",
    "config_dir",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The same as DIRECTORY, as other commands name it.",
)
@unused_options("database")
@json_option
def init(
    directory: Path | None, bare: bool, config_dir: Path | None, as_json: bool
) -> None:
    """Write a first config, with comments, into an empty DIRECTORY (default: config).

    Nothing that is there is ever overwritten: a directory with files in it is
    refused.

    \b
    Examples:
      presswatch init
      presswatch init /etc/presswatch --bare
    """
    from service.starting import start

    if None not in (directory, config_dir) and directory != config_dir:
        raise click.UsageError("name one: DIRECTORY or --config DIR")
    chosen = directory or config_dir or Path("config")
    started = start(chosen, outlets=not bare)
    if as_json:
        told = {"directory": str(started.directory), "outlets": list(started.outlets)}
        click.echo(json.dumps(told))
        return
    count = len(started.outlets)
    noun = "outlet" if count == 1 else "outlets"
    click.echo(f"wrote {started.directory}/presswatch.yaml and {count} {noun}")
    at = "" if started.directory == Path("config") else f" --config {started.directory}"
    click.echo("next: put your contact into user_agent, then")
    click.echo(f"  presswatch check{at}")
    click.echo(f"  presswatch outlets add URL{at}")
    click.echo(f"  presswatch once{at}")
