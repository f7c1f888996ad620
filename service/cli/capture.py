"""`presswatch capture`: a page becomes a test of its outlet."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.options import database_options, json_option

if TYPE_CHECKING:
    from config.models import Config, Outlet
    from service.capturing import Kept


@click.command("capture")
@click.argument("url")
@click.option("--outlet", metavar="KEY", help="The outlet, if its URL does not say it.")
@click.option(
    "--from-database",
    is_flag=True,
    help="Take the stored raw page instead of asking the outlet.",
)
@click.option("--replace", is_flag=True, help="Overwrite the page and its review.")
@database_options
@json_option
def capture(
    url: str,
    outlet: str | None,
    from_database: bool,
    replace: bool,
    config_dir: Path,
    database: Path | None,
    as_json: bool,
) -> None:
    """Keep a page and the text it gives beside the outlet's config, as a test.

    Writes page.html.gz, meta.json and expected.json to outlets/KEY.pages/DATE-NAME/.
    Review expected.json, and mend it where the text is not the article's: `presswatch
    check --pages` reads the page again and shows what differs from it. A key that is
    taken out of expected.json is not compared.

    Asks the outlet as politely as the service, or nobody with --from-database. The
    exit code is 1 if there is no page, 2 if it is kept already.

    \b
    Examples:
      presswatch capture https://example.org/news/1
      presswatch capture https://example.org/news/1 --from-database --replace
    """
    from config import load
    from service import captured, logs

    logs.configure(logging.WARNING)
    config = load(config_dir)
    if database is not None:
        config = config.model_copy(update={"database": database})
    _check_outlet(config, outlet)
    kept = _kept(config, url, outlet, stored=from_database)
    if kept.directory.exists() and not replace:
        raise click.UsageError(f"{kept.directory} is there already; see --replace")
    try:
        captured.write(kept.directory, kept.page, kept.reading)
    except OSError as error:
        click.echo(f"presswatch: {kept.directory}: {error.strerror or error}", err=True)
        sys.exit(74)
    if as_json:
        click.echo(json.dumps(_plain(kept)))
    else:
        _print(kept)


def _check_outlet(config: Config, outlet: str | None) -> None:
    if outlet is not None and outlet not in config.outlets:
        known = ", ".join(config.outlets) or "none"
        raise click.UsageError(
            f"{config.directory} has no outlet {outlet!r}; it has: {known}"
        )


def _kept(config: Config, url: str, key: str | None, *, stored: bool) -> Kept:
    from pipelines.store import Store
    from pipelines.urls import UrlError
    from service import capturing
    from service.links import typed

    try:
        if stored:
            with Store.open(config.database, read_only=True) as store:
                return capturing.from_database(store, config, url, key)
        canonical = typed(url)
    except UrlError as error:
        raise click.BadParameter(str(error), param_hint="URL") from error
    return capturing.from_network(config, canonical, _outlet(config, canonical, key))


def _outlet(config: Config, url: str, key: str | None) -> Outlet:
    from service.trying import outlet_of

    outlet = outlet_of(url, config.outlets) if key is None else config.outlets[key]
    if outlet is None:
        known = ", ".join(config.outlets) or "none"
        raise click.UsageError(
            f"{url} is of no outlet in {config.directory}; name one with --outlet:"
            f" {known}"
        )
    return outlet


def _plain(kept: Kept) -> dict[str, object]:
    cleaned = kept.reading.cleaned
    return {
        "page": str(kept.directory),
        "outlet": kept.page.outlet,
        "url": kept.page.url,
        "outcome": cleaned.outcome or "new",
        "detail": cleaned.detail,
        "title": kept.reading.title,
        "text": cleaned.text,
    }


def _print(kept: Kept) -> None:
    from service.captured import EXPECTED
    from service.cli.printing import print_blocks, print_heading, print_metadata
    from service.telling import blocks, line

    reading, cleaned = kept.reading, kept.reading.cleaned
    print_heading(line(reading.title or "(no title)"))
    print_metadata(reading.metadata, reading.language)
    print_blocks(blocks(cleaned.text, cleaned.removed))
    if cleaned.outcome is not None:
        words = f"\nNo article: {cleaned.outcome}: {line(cleaned.detail or '')}"
        click.secho(words, fg="yellow")
    click.echo(f"\nKept in {kept.directory}. Now review:")
    click.echo(f"  {kept.directory / EXPECTED}")
    click.echo("Mend it where it is not the article, rules in the outlet's file; then:")
    click.echo("  presswatch check --pages")
