"""`presswatch restore`: a backup becomes the database."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.database import settings_for
from service.cli.options import database_options, json_option

if TYPE_CHECKING:
    from pipelines.store.restoring import Restored
    from service.safekeeping import Checked


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@database_options
@json_option
def restore(
    file: Path | None, config_dir: Path, database: Path | None, as_json: bool
) -> None:
    """Put a backup, or else the latest sound one, in the place of the database.

    The backup is verified first, and the old database is kept beside the new one.
    What was found since the backup is found again, under the same message ids; so a
    consumer that keeps the ids it has seen takes nothing twice. Stop the service and
    the consumers first.

    \b
    Examples:
      presswatch restore
      presswatch restore data/backups/presswatch-20261125T033000Z.db
    """
    from service import safekeeping

    place = safekeeping.Place.of(settings_for(config_dir, database))
    restored, checked = safekeeping.restore(
        place, file, datetime.now(UTC), lambda line: click.echo(line, err=True)
    )
    if as_json:
        click.echo(json.dumps(_as_json(restored, checked)))
    else:
        _print(restored, checked)


def _as_json(restored: Restored, checked: Checked) -> dict[str, object]:
    from service.telling import iso

    return {
        "database": str(restored.database),
        "backup": str(restored.backup),
        "aside": None if restored.aside is None else str(restored.aside),
        "schema": checked.schema,
        "articles": checked.articles,
        "messages": checked.messages,
        "latest": iso(checked.latest),
    }


def _print(restored: Restored, checked: Checked) -> None:
    from service.telling import stamp

    until = "" if checked.latest is None else f", the last from {stamp(checked.latest)}"
    holds = f"{checked.articles} articles, {checked.messages} messages{until}"
    click.echo(f"{restored.backup} is now {restored.database}: {holds}")
    if restored.aside is not None:
        click.echo(f"the old database is {restored.aside}; delete it when all is well")
    click.echo("what was found since is found again: start the service")
