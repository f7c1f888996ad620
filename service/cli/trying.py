"""`presswatch try`: a dry run over the network."""

from __future__ import annotations

import json
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from service.cli.options import database_options, json_option

if TYPE_CHECKING:
    from config.models import Config
    from pipelines.article import Reading
    from service.trying import Found, Goal, PageTrial, SourceTrial, Trial

#: How many of a source's URLs people are shown.
_SHOWN: Final = 15

_INTERRUPTED: Final = 130


@click.command("try")
@click.argument("what", metavar="URL|OUTLET")
@database_options
@json_option
def try_(what: str, config_dir: Path, database: Path | None, as_json: bool) -> None:
    """Dry run: show what an outlet's sources list, or what a page would become.

    OUTLET, a key of the config: polls its sources, shows what each lists and which
    rule keeps which URL out, then fetches the newest article. URL: fetches that page,
    by the rules of the outlet it belongs to. Shows the text with what was removed in
    its place, and why.

    Asks servers as politely as the service, robots.txt included, and waits where the
    database says that a host wants to be left alone. Writes nothing, and works
    without a database. The exit code is 1 if a source could not be polled or the page
    is no article that would be stored.

    \b
    Examples:
      presswatch try tag24
      presswatch try https://example.org/news/1 --json
    """
    from service import logs, trying

    logs.configure(logging.WARNING)
    config = _config(config_dir, database)
    goal = _goal(config, what)
    ending = trying.dry_run(config, goal, _print_json if as_json else _Printer())
    sys.stdout.flush()
    if ending.stopped:
        os._exit(_INTERRUPTED)  # the reactor would wait for what still hangs in it
    sys.exit(int(ending.failed))


def _config(config_dir: Path, database: Path | None) -> Config:
    from config import load

    config = load(config_dir)
    if database is None:
        return config
    return config.model_copy(update={"database": database})


def _goal(config: Config, what: str) -> Goal:
    """An outlet if the config has one of that name, else a page."""
    from pipelines.urls import UrlError
    from service.links import typed
    from service.trying import Goal, outlet_of

    if what in config.outlets:
        return Goal(config.outlets[what])
    if not set("./:") & set(what):
        known = ", ".join(sorted(config.outlets)) or "none"
        raise click.UsageError(
            f"{config.directory} has no outlet {what!r}; it has: {known}"
        )
    try:
        url = typed(what)
    except UrlError as error:
        raise click.BadParameter(str(error), param_hint="URL") from error
    return Goal(outlet_of(url, config.outlets), url)


def _print_json(trial: Trial) -> None:
    from service.trials import as_json

    click.echo(json.dumps(as_json(trial)))


class _Printer:
    """Prints trials for people, each URL once: sources list much the same."""

    def __init__(self) -> None:
        self._shown: set[str] = set()

    def __call__(self, trial: Trial) -> None:
        from service.trying import SourceTrial

        if isinstance(trial, SourceTrial):
            self._print_source(trial)
        else:
            _print_page(trial)

    def _print_source(self, trial: SourceTrial) -> None:
        from service.telling import line

        click.secho(f"{trial.kind} {trial.url}", bold=True)
        if trial.failed:
            error = line(trial.poll.error or trial.poll.outcome)
            click.secho(f"  could not be polled: {error}\n", fg="red")
            return
        new = sum(not found.known for found in trial.wanted)
        refused = len(trial.refused)
        again = sum(found.url in self._shown for found in trial.found)
        above = f"; {again} of them are above" if again else ""
        click.echo(f"  {len(trial.found)} listed: {new} new, {refused} kept out{above}")
        self._print_some(trial.wanted)
        self._print_some(trial.refused)
        self._shown.update(found.url for found in trial.found)
        click.echo()

    def _print_some(self, found: tuple[Found, ...]) -> None:
        fresh = [one for one in found if one.url not in self._shown]
        for one in fresh[:_SHOWN]:
            _print_found(one)
        if len(fresh) > _SHOWN:
            rest = f"  and {len(fresh) - _SHOWN} more (--json lists all)"
            click.secho(rest, dim=True)


def _print_found(found: Found) -> None:
    from service.telling import line, stamp

    listed = found.listed
    when = "(no date)" if found.at is None else stamp(found.at)
    word = listed.outcome or ("known" if found.known else "new")
    click.secho(f"  {when:<16}  {word:<7}", dim=True, nl=False)
    click.echo(f" {line(listed.candidate.title or '(no title)')}")
    click.echo(f"{'':28}{found.url}")
    if listed.detail is not None:
        click.secho(f"{'':28}{line(listed.detail)}", fg="yellow")


def _print_page(trial: PageTrial) -> None:
    from service.telling import line

    click.secho(trial.url, bold=True)
    rules = "no outlet's rules" if trial.outlet is None else f"rules of {trial.outlet}"
    click.echo(f"  {rules}; ", nl=False)
    detail = "" if trial.detail is None else f" ({line(trial.detail)})"
    click.secho(f"{trial.outcome}{detail}", fg="red" if trial.failed else "green")
    if trial.rule is not None:
        words = f"  a crawl would not fetch it: {trial.rule}"
        click.secho(words, fg="yellow")
    answer = trial.answer
    if answer is not None:
        facts = f"HTTP {answer.status}, {answer.content_type or 'no type'}"
        click.echo(f"  {facts}, {len(answer.body)} B from {answer.url}")
    if trial.reading is not None:
        _print_reading(trial.reading, trial.identity)


def _print_reading(reading: Reading, identity: str | None) -> None:
    from service.cli.printing import print_blocks, print_heading, print_metadata
    from service.telling import blocks, line

    print_heading(line(reading.title or "(no title)"))
    if identity is not None:
        click.echo(f"  {'goes by':<10} {identity}")
    print_metadata(reading.metadata, reading.language)
    print_blocks(blocks(reading.cleaned.text, reading.cleaned.removed))
