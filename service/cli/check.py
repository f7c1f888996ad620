"""`presswatch check`: is the config valid, and what does it say?"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.cli.options import config_option, json_option

if TYPE_CHECKING:
    from config.models import Config
    from config.problems import Problem


@click.command("check")
@config_option
@json_option
def check(config_dir: Path, as_json: bool) -> None:
    """Check the config: every problem of every file, with its line.

    Prints a summary when all is well, and warns of what should be looked at before
    the first run. Asks nothing of the network and needs no database. The exit code is
    2 if the config cannot be used.

    \b
    Examples:
      presswatch check
      presswatch check --config /etc/presswatch --json
    """
    from config import ConfigError, load

    try:
        config = load(config_dir)
    except ConfigError as error:
        _report(error.problems, as_json)
        sys.exit(error.exit_code)
    if as_json:
        click.echo(json.dumps(_summary(config)))
    else:
        _show(config)


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


def _show(config: Config) -> None:
    from config.advice import advice

    for problem in advice(config):
        click.secho(f"warning: {problem}", fg="yellow", err=True)
    click.echo(f"{config.directory} is valid.")
    click.echo(f"  outlets    {len(config.outlets)}")
    click.echo(f"  sources    {_listed(_kinds(config))}")
    click.echo(f"  languages  {_listed(_languages(config))}")
    click.echo(f"  database   {config.database}")


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
