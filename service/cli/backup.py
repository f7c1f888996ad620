"""`presswatch backup`: a verified copy of the database, now."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.database import settings_for
from service.cli.options import database_options, json_option

if TYPE_CHECKING:
    from pipelines.store.copies import Backup


@click.command("backup")
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write this file instead; it is never thinned out.",
)
@click.option("--list", "only_list", is_flag=True, help="Show the copies there are.")
@database_options
@json_option
def backup(
    target: Path | None,
    only_list: bool,
    config_dir: Path,
    database: Path | None,
    as_json: bool,
) -> None:
    """Copy the database and verify the copy, also while the service runs.

    The running service makes a copy every night; backup in presswatch.yaml says when,
    where to, and how many stay. Raw pages are no part of it.

    \b
    Examples:
      presswatch backup
      presswatch backup --to /mnt/usb/presswatch.db
      presswatch backup --list
    """
    from service import safekeeping

    place = safekeeping.Place.of(settings_for(config_dir, database))
    if only_list:
        copies = place.copies()
        if not copies and not as_json:
            click.echo(f"no backups in {place.directory}")
    elif target is not None:
        copies = (safekeeping.make_at(place, target),)
    else:
        copies = (safekeeping.make(place, datetime.now(UTC)),)
    for copy in copies:
        _print(copy, as_json)


def _print(copy: Backup, as_json: bool) -> None:
    from service.telling import iso, size, stamp

    if as_json:
        told = {"file": str(copy.path), "at": iso(copy.at), "bytes": copy.size}
        click.echo(json.dumps(told))
    else:
        click.echo(f"{copy.path} ({size(copy.size)}, {stamp(copy.at)})")
