"""`presswatch outlets memory`: what recurs in an outlet's articles and is taken out."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from service.cli.database import looked_at, opened
from service.cli.options import AtLeast, database_options, json_option

if TYPE_CHECKING:
    from pipelines.store.connection import Store
    from pipelines.store.memory import Remembered

#: Letters of a block that people are shown; `--json` has all.
_SHOWN: Final = 200


@click.command("memory")
@click.argument("outlet", metavar="KEY")
@click.option(
    "--revoke", type=AtLeast(0), metavar="ID", help="Keep this block in the texts."
)
@click.option("--restore", type=AtLeast(0), metavar="ID", help="Take back --revoke.")
@database_options
@json_option
def memory(
    outlet: str,
    revoke: int | None,
    restore: int | None,
    config_dir: Path,
    database: Path | None,
    as_json: bool,
) -> None:
    """Show what recurs in an outlet's articles and is taken out of them.

    A block is learnt after it stood in three stories of different matters, and
    forgotten when it stops recurring. --revoke keeps one from now on, for good;
    texts that are stored already change with `reclean`. The ID stands before each
    block.

    \b
    Examples:
      presswatch outlets memory tag24
      presswatch outlets memory tag24 --revoke 12
    """
    if revoke is not None and restore is not None:
        raise click.UsageError("--revoke and --restore exclude each other.")
    now = datetime.now(UTC)
    with _store(config_dir, database, revoke is None and restore is None) as store:
        _check_outlet(store, outlet, config_dir)
        if revoke is not None:
            store.memory.revoke(outlet, revoke, now)
        if restore is not None:
            store.memory.restore(outlet, restore)
        found = store.memory.list(outlet, now)
    for block in found:
        if as_json:
            click.echo(json.dumps(_plain(block)))
        else:
            _print(block)
    if not found and not as_json:
        click.echo(f"nothing recurs in the articles of {outlet}, as far as is known")


def _store(config_dir: Path, database: Path | None, looks: bool) -> Store:
    return looked_at(config_dir, database) if looks else opened(config_dir, database)


def _check_outlet(store: Store, outlet: str, config_dir: Path) -> None:
    """An outlet is known if it ever listed anything, or by the config."""
    if store.memory.knows(outlet):
        return
    from config import load

    if (config_dir / "presswatch.yaml").exists() and outlet in load(config_dir).outlets:
        return
    raise click.BadParameter(
        f"there is no outlet {outlet!r}; `presswatch outlets` lists them",
        param_hint="KEY",
    )


def _plain(block: Remembered) -> dict[str, Any]:
    from service.telling import iso

    return {
        "id": block.id,
        "outlet": block.outlet,
        "text": block.text,
        "state": _state(block),
        "stories": block.stories,
        "removals": block.removals,
        "since": iso(block.since),
        "last_seen": iso(block.last_seen),
        "learnt_at": iso(block.learnt_at),
        "revoked_at": iso(block.revoked_at),
    }


def _state(block: Remembered) -> str:
    if block.revoked_at is not None:
        return "revoked"
    return "forgotten" if block.forgotten else "removed"


def _print(block: Remembered) -> None:
    from service.telling import line, stamp

    state = _state(block)
    click.secho(f"{block.id:>6}  {state}", bold=True, nl=False)
    click.echo(
        f"  in {block.stories} stories since {stamp(block.since)},"
        f" last {stamp(block.last_seen)}; taken out {block.removals} times"
    )
    text = line(block.text)
    cut = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    click.secho(f"        {cut}", fg="red" if state == "removed" else None)
