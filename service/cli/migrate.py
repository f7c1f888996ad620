"""`presswatch migrate`: the database of an older program is brought up."""

from __future__ import annotations

import json
from pathlib import Path

import click

from service.cli.database import database_file
from service.cli.options import database_options, json_option


@click.command("migrate")
@database_options
@json_option
def migrate(config_dir: Path, database: Path | None, as_json: bool) -> None:
    """Bring a database of an older Presswatch to this one's schema.

    A copy is made beside it first. `run` and `once` do the same by themselves; this
    is for doing it before, and for consumers that run without the service.

    \b
    Example:
      presswatch migrate
    """
    from pipelines.store.upgrading import upgrade

    done = upgrade(database_file(config_dir, database))
    backup = None if done.backup is None else str(done.backup)
    if as_json:
        told = {"database": str(done.database), "from": done.before, "to": done.after}
        click.echo(json.dumps({**told, "backup": backup}))
    elif done.before == done.after:
        newest = f"has schema {done.after}, which is the newest"
        click.echo(f"nothing to do: {done.database} {newest}")
    else:
        steps = f"from schema {done.before} to {done.after}"
        click.echo(f"{done.database} was brought {steps}; the copy of before: {backup}")
