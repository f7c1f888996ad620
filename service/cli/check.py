"""`presswatch check`: is the config valid, and what does it say?"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.cli.options import database_options, json_option

if TYPE_CHECKING:
    from config.models import Config
    from config.problems import Problem
    from service.captured import Replayed


@click.command("check")
@click.option(
    "--pages",
    is_flag=True,
    help="Read the captured pages again, and show what differs.",
)
@click.option("--outlet", metavar="KEY", help="Only the captured pages of this outlet.")
@database_options
@json_option
def check(
    pages: bool,
    outlet: str | None,
    config_dir: Path,
    database: Path | None,
    as_json: bool,
) -> None:
    """Check the config: every problem of every file, with its line.

    Prints a summary when all is well, and warns of what should be looked at before
    the first run. Asks nothing of the network and needs no database. The exit code is
    2 if the config cannot be used.

    With --pages, the pages that `presswatch capture` has kept are cleaned by today's
    cleaner and rules, and compared with their expected.json; the exit code is 1 if
    any differs or cannot be read. With --json: a line a page, the summary last.

    \b
    Examples:
      presswatch check
      presswatch check --pages --outlet tag24
      presswatch check --config /etc/presswatch --json
    """
    from config import ConfigError, load

    if outlet is not None and not pages:
        raise click.UsageError("--outlet goes with --pages")
    try:
        config = load(config_dir)
    except ConfigError as error:
        _report(error.problems, as_json)
        sys.exit(error.exit_code)
    if database is not None:
        config = config.model_copy(update={"database": database})
    counts = _replay(config, outlet, as_json) if pages else None
    if as_json:
        click.echo(json.dumps(_summary(config) | (counts or {})))
    else:
        _show(config, counts)
    sys.exit(1 if counts is not None and counts["pages_differ"] else 0)


def _replay(config: Config, outlet: str | None, as_json: bool) -> dict[str, int]:
    """Replays the captured pages and prints what differs; counts them."""
    from service import captured

    if outlet is not None and outlet not in config.outlets:
        known = ", ".join(config.outlets) or "none"
        raise click.UsageError(
            f"{config.directory} has no outlet {outlet!r}; it has: {known}"
        )
    counts = {"pages": 0, "pages_differ": 0}
    for replayed in captured.replay(config, outlet):
        counts["pages"] += 1
        counts["pages_differ"] += not replayed.ok
        if as_json:
            click.echo(json.dumps(captured.as_json(replayed)))
        elif not replayed.ok:
            _show_page(replayed)
    return counts


def _show_page(replayed: Replayed) -> None:
    from service.differences import told
    from service.telling import line

    click.secho(str(replayed.directory), bold=True)
    if replayed.url is not None:
        click.echo(f"  {line(replayed.url)}")
    if replayed.problem is not None:
        click.secho(f"  {line(replayed.problem)}", fg="red")
    for one in told(replayed.differences):
        click.secho(f"  {one}", fg="red" if one.startswith("-") else "green")
    click.echo()


def _report(problems: tuple[Problem, ...], as_json: bool) -> None:
    if as_json:
        found = [_plain(problem) for problem in problems]
        click.echo(json.dumps({"valid": False, "problems": found}))
        return
    for problem in problems:
        click.echo(str(problem), err=True)
    click.secho(_counted(len(problems), "problem"), fg="red", err=True)


def _summary(config: Config) -> dict[str, Any]:
    from config.advice import advice

    return {
        "valid": True,
        "problems": [],
        "warnings": [_plain(problem) for problem in advice(config)],
        "directory": str(config.directory),
        "database": str(config.database),
        "outlets": len(config.outlets),
        "sources": dict(_kinds(config)),
        "languages": dict(_languages(config)),
    }


def _show(config: Config, pages: dict[str, int] | None) -> None:
    from config.advice import advice

    for problem in advice(config):
        click.secho(f"warning: {problem}", fg="yellow", err=True)
    click.echo(f"{config.directory} is valid.")
    click.echo(f"  outlets    {len(config.outlets)}")
    click.echo(f"  sources    {_listed(_kinds(config))}")
    click.echo(f"  languages  {_listed(_languages(config))}")
    click.echo(f"  database   {config.database}")
    if pages is not None:
        differ = pages["pages_differ"]
        words = f"{differ} of them differ" if differ else "all as expected"
        click.echo(f"  pages      {pages['pages']} captured, {words}")


def _plain(problem: Problem) -> dict[str, Any]:
    return {
        "file": str(problem.file),
        "line": problem.line,
        "key": problem.key,
        "message": problem.message,
        "hint": problem.hint,
    }


def _kinds(config: Config) -> Counter[str]:
    sources = (source for one in config.outlets.values() for source in one.sources)
    return Counter(source.kind.value for source in sources)


def _languages(config: Config) -> Counter[str]:
    return Counter(one.language or "any" for one in config.outlets.values())


def _listed(counts: Counter[str]) -> str:
    parts = [f"{count} {name}" for name, count in counts.most_common()]
    return ", ".join(parts) or "none"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
