"""`presswatch outlets add`: a new outlet's file, from its address."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.cli.options import database_options, json_option

if TYPE_CHECKING:
    from service.adding import Added
    from service.drafting import Chosen, Found


@click.command("add")
@click.argument("url")
@click.option(
    "--key", metavar="KEY", help="The outlet's key; else one is made from its host."
)
@click.option(
    "--print", "only_print", is_flag=True, help="Show the file, but write none."
)
@database_options
@json_option
def add(
    url: str,
    key: str | None,
    only_print: bool,
    config_dir: Path,
    database: Path | None,
    as_json: bool,
) -> None:
    """Look where the outlet at URL lists its articles, and write its file.

    Asks the page, what it announces, robots.txt and its sitemaps, and common places
    where neither tells: twenty requests at most, with the gap of `defaults.delay`.
    The file lists the sources that complete each other, with the reason beside each,
    and the others in comments. No file that is there is overwritten.

    \b
    Examples:
      presswatch outlets add https://www.tag24.com/ --print
      presswatch outlets add www.dw.com --key dw
    """
    from datetime import UTC, datetime

    from config import load
    from config.outlet_file import check_free, write
    from config.problems import Unfit
    from service import adding
    from service.once import with_database

    config = with_database(load(config_dir), database)
    try:
        wanted = None if key is None else adding.checked_key(key)
        if wanted is not None and not only_print:
            check_free(config_dir, wanted)  # before anybody is asked for anything
        address = url if "://" in url else f"https://{url}"
        tell = _silent if as_json else _tell
        added = adding.look_for(config, address, wanted, datetime.now(UTC), tell)
    except Unfit as error:
        hint = f"; {error.hint}" if error.hint else ""
        raise click.UsageError(f"{error}{hint}") from None
    file = None if only_print else write(config_dir, added.draft)
    if as_json:
        click.echo(json.dumps(_plain(added, file)))
    elif file is None:
        click.secho(f"# {config_dir}/outlets/{added.draft.key}.yaml", bold=True)
        click.echo(added.draft.text(), nl=False)
    else:
        taken = sum(one.taken for one in added.chosen)
        noun = "source" if taken == 1 else "sources"
        click.echo(f"wrote {file}: {taken} {noun}, after {added.asked} requests")
        click.echo(f"look at it, then: presswatch try {added.draft.key}")


def _silent(_: Found) -> None:
    """Programs get everything at the end."""


def _tell(found: Found) -> None:
    from service.telling import line

    lead = found.lead
    what = found.problem or f"{len(found.listed)} articles"
    words = f"{lead.kind.value:<8} {lead.url}: {line(what)} ({line(lead.found)})"
    click.secho(words, err=True, dim=found.problem is not None)


def _plain(added: Added, file: Path | None) -> dict[str, Any]:
    return {
        "outlet": added.draft.key,
        "file": None if file is None else str(file),
        "requests": added.asked,
        "sources": [_source(one) for one in added.chosen],
        "text": added.draft.text(),
    }


def _source(chosen: Chosen) -> dict[str, Any]:
    found = chosen.found
    return {
        "kind": found.lead.kind.value,
        "url": found.lead.url,
        "found": found.lead.found,
        "taken": chosen.taken,
        "why": chosen.why,
        "listed": len(found.listed),
        "newest": found.newest.isoformat() if found.newest else None,
    }
