"""`presswatch import` and `export`: outlets from and for feed readers, as OPML."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.options import config_option, json_option, unused_options

if TYPE_CHECKING:
    from service.subscribing import Left


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--print", "only_print", is_flag=True, help="Show the files, but write none."
)
@config_option
@unused_options("database")
@json_option
def import_(file: Path, only_print: bool, config_dir: Path, as_json: bool) -> None:
    """Add the feeds of FILE.opml as outlets, one file for each site.

    Asks nothing of the network. No file that is there is touched; feeds that are
    watched already are left out. The exit code is 1 if entries had to be left out
    because they are no good.

    \b
    Examples:
      presswatch import subscriptions.opml --print
      presswatch import subscriptions.opml
    """
    from config import load
    from config.outlet_file import write
    from service.subscribing import read, take

    found = take(read(file), load(config_dir), file.name)
    for draft in found.drafts:
        at = None if only_print else str(write(config_dir, draft))
        if as_json:
            told = {"outlet": draft.key, "file": at, "sources": len(draft.sources)}
            click.echo(json.dumps({**told, "text": draft.text()}))
        elif at is None:
            click.secho(f"# {config_dir}/outlets/{draft.key}.yaml", bold=True)
            click.echo(draft.text())
        else:
            click.echo(f"wrote {at} ({_feeds(len(draft.sources))})")
    for left in found.left:
        _tell_left(file, left, as_json)
    if not as_json:
        words = "would be added" if only_print else "added"
        count = len(found.drafts)
        noun = "outlet" if count == 1 else "outlets"
        left_out = f", {_entries(len(found.left))} left out" if found.left else ""
        click.echo(f"{count} {noun} {words}{left_out}")
    sys.exit(1 if any(left.wrong for left in found.left) else 0)


def _feeds(count: int) -> str:
    return f"{count} feed" if count == 1 else f"{count} feeds"


def _entries(count: int) -> str:
    return f"{count} entry" if count == 1 else f"{count} entries"


def _tell_left(file: Path, left: Left, as_json: bool) -> None:
    from service.telling import line

    if as_json:
        told = {"outlet": None, "line": left.line, "feed": left.feed, "why": left.why}
        click.echo(json.dumps({**told, "wrong": left.wrong}))
        return
    words = f"{file}:{left.line}: {line(left.feed)}: {line(left.why)}"
    click.secho(words, fg="red" if left.wrong else "yellow", err=True)


@click.command("export")
@config_option
@unused_options("database")
@json_option
def export(config_dir: Path, as_json: bool) -> None:
    """Print the outlets' feeds as OPML, for feed readers and for `import`.

    Sitemaps and section pages are no feeds and left out; how many is said on standard
    error. With --json: the same feeds, one a line.

    \b
    Examples:
      presswatch export > presswatch.opml
      presswatch export --config /etc/presswatch --json
    """
    from datetime import UTC, datetime

    from config import load
    from config.models import SourceKind
    from service.subscribing import export as exported

    config = load(config_dir)
    document, others = exported(config, datetime.now(UTC))
    if as_json:
        for outlet in config.outlets.values():
            for source in outlet.sources:
                if source.kind is SourceKind.FEED:
                    told = {"outlet": outlet.key, "name": outlet.name}
                    click.echo(json.dumps({**told, "feed": source.url}))
    else:
        click.echo(document.decode(), nl=False)
    if others:
        click.echo(f"{others} sitemaps and section pages left out", err=True)
