"""`presswatch clean`: saved pages and flattened texts, cleaned and explained."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.options import config_option, json_option, unused_options

if TYPE_CHECKING:
    from pipelines.article import Reading
    from service.saved_pages import Cleaning, Manner, Saved

#: How much of a removed block is shown; `--json` has all of it.
_SHOWN = 100


@click.command("clean")
@click.argument("files", nargs=-1, metavar="FILE...")
@click.option("--text", "as_text", is_flag=True, help="The files are flattened text.")
@click.option(
    "--batch",
    "batch_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True),
    metavar="FILE.jsonl",
    help='Clean the files of {"id", "file", "url"} lines; all cores are used.',
)
@click.option("--url", help="Where the page was, if one FILE is cleaned.")
@click.option("--outlet", metavar="KEY", help="Apply the rules of this outlet.")
@config_option
@unused_options("database")
@json_option
def clean(
    files: tuple[str, ...],
    as_text: bool,
    batch_file: Path | None,
    url: str | None,
    outlet: str | None,
    config_dir: Path,
    as_json: bool,
) -> None:
    """Clean saved pages: the article's text, and what was removed and why.

    Reads HTML, gzipped or not, or with --text the lines of a page flattened by another
    program; FILE - is standard input. Uses no network and no database, and no config
    but with --outlet. The exit code is 1 if any file gave no text.

    \b
    Examples:
      presswatch clean page.html --url https://example.org/news/1
      curl -s https://example.org/news/1 | presswatch clean - --json
      presswatch clean --text scraped.txt
      presswatch clean --batch pages.jsonl --json > cleaned.jsonl
    """
    from service import saved_pages

    saved = _inputs(files, batch_file, url)
    manner = _manner(as_text, outlet, config_dir)
    failed = False
    for cleaning in _progress(saved_pages.clean(saved, manner), len(saved)):
        failed = failed or cleaning.failed
        if as_json:
            click.echo(saved_pages.as_json(cleaning))
        else:
            _show(cleaning, headed=len(saved) > 1)
    sys.exit(1 if failed else 0)


def _inputs(
    files: tuple[str, ...], batch_file: Path | None, url: str | None
) -> list[Saved]:
    """The inputs that were asked for. Usage errors end the program with 2."""
    from service import saved_pages

    if bool(files) == (batch_file is not None):
        raise click.UsageError("give either FILEs or --batch FILE.jsonl")
    if url is not None and len(files) != 1:
        raise click.UsageError("--url goes with one FILE; a batch has a url per line")
    if batch_file is None:
        return saved_pages.named(files, url)
    with click.open_file(
        str(batch_file), encoding="utf-8-sig", errors="replace"
    ) as lines:
        return list(saved_pages.batch(lines, batch_file))


def _manner(as_text: bool, outlet: str | None, config_dir: Path) -> Manner:
    from service import saved_pages

    if outlet is None:
        return saved_pages.Manner(as_text)
    import config

    outlets = config.load(config_dir).outlets
    if outlet not in outlets:
        known = ", ".join(outlets) or "none"
        raise click.UsageError(
            f"{config_dir} has no outlet {outlet!r}; it has: {known}"
        )
    return saved_pages.manner_of(outlets[outlet], as_text=as_text)


def _progress(cleanings: Iterator[Cleaning], count: int) -> Iterator[Cleaning]:
    """`cleanings`, counted on standard error where a person waits for them."""
    watched = sys.stderr.isatty() and not sys.stdout.isatty() and count > 1
    for done, cleaning in enumerate(cleanings, start=1):
        yield cleaning
        if watched:
            end = "\n" if done == count else ""
            click.echo(f"\r{done} of {count} cleaned", err=True, nl=bool(end))


def _show(cleaning: Cleaning, *, headed: bool) -> None:
    """One result for a reader: title, facts, text, what was removed and why."""
    from pipelines.workers import Failure
    from service.telling import line

    if headed:
        name = cleaning.saved.file or "a line of the batch"
        click.secho(f"== {line(name)}", fg="cyan")
    if isinstance(cleaning.result, Failure):
        words = f"{cleaning.result.outcome}: {cleaning.result.detail}"
        click.secho(line(words), fg="red")
        return
    reading = cleaning.result
    click.secho(reading.cleaned.title or "(no title)", bold=True)
    click.secho(_facts(reading), dim=True)
    for paragraph in reading.cleaned.paragraphs:
        click.echo(f"\n{paragraph.text}")
    if reading.cleaned.removed:
        click.secho(f"\nRemoved ({len(reading.cleaned.removed)}):", fg="yellow")
    for removed in reading.cleaned.removed:
        click.echo(f"  {removed.at:>4}  {removed.reason:<10}  {_short(removed.text)}")
        click.secho(f"{'':18}{removed.evidence}", dim=True)
    click.echo()


def _facts(reading: Reading) -> str:
    """Authors, time, language and outcome, with where they were said."""
    about, cleaned = reading.metadata, reading.cleaned
    facts = []
    if about.authors:
        facts.append(f"{', '.join(about.authors)} ({about.sources['authors']})")
    if about.published is not None:
        facts.append(f"{about.published.at.isoformat()} ({about.published.source})")
    facts.append(reading.language)
    if cleaned.outcome is not None:
        facts.append(f"{cleaned.outcome}: {cleaned.detail or 'no details'}")
    return " | ".join(facts)


def _short(text: str) -> str:
    """The beginning of a removed block, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 3] + "..."
