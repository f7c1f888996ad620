"""`presswatch story`: who carries a story, and in which form."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.database import looked_at
from service.cli.options import database_options, json_option

if TYPE_CHECKING:
    from pipelines.store.carriers import Kin
    from service.storyline import Storyline, Telling


@click.command("story")
@click.argument("named", metavar="ID|URL")
@click.option("--text", "with_text", is_flag=True, help="Print its best text as well.")
@database_options
@json_option
def story(
    named: str, with_text: bool, config_dir: Path, database: Path | None, as_json: bool
) -> None:
    """Tell who carries a story: the first outlet, then the others as they came.

    The story is named by the URL of one of its articles, by an article's number or by
    a message's id. Shows how long after the first one each came, how much of its text
    it shares with the article that it is a copy of, whether it is cut or extended, the
    agency that it names, its revisions, and which text is the best, i.e. the most
    complete. What shares text without being a copy is named below. The exit code is 1
    if there is no such article.

    \b
    Examples:
      presswatch story https://example.org/news/1
      presswatch story 4711 --text
      presswatch story 4711 --json | jq -r .best.text
    """
    from pipelines.urls import UrlError
    from service import storyline

    with looked_at(config_dir, database) as store:
        try:
            found = storyline.storylines(store, named)
        except UrlError as error:
            raise click.BadParameter(str(error), param_hint="ID|URL") from error
    if not found:
        click.echo(f"there is no article {named}: see `presswatch articles`", err=True)
        sys.exit(1)
    for one in found:
        if as_json:
            click.echo(json.dumps(storyline.as_json(one)))
        else:
            _print(one, with_text=with_text)


def _print(story: Storyline, *, with_text: bool) -> None:
    from service.cli.printing import print_all, print_heading
    from service.telling import line

    first, best = story.tellings[0].article, story.best.article
    click.secho(f"Story {story.id}: {line(first.title or '(no title)')}", bold=True)
    for telling in story.tellings:
        print_all(_telling(telling))
    print_all([f"best       {best.outlet} {best.url}, {story.best.words} words"])
    if story.kin:
        print_heading("Shares text with")
        print_all(_kin(kin) for kin in story.kin)
    if with_text:
        print_heading(f"Text of {best.outlet} {best.url}")
        print_all(line(paragraph) for paragraph in best.text.split("\n"))
    click.echo()


def _telling(telling: Telling) -> Iterator[str]:
    from service.telling import line, span, stamp

    carrier, article = telling.carrier, telling.article
    lag = f" +{span(carrier.lag)}" if carrier.lag else ""
    yield f"{stamp(carrier.seen_at)}{lag}  {article.outlet}  {article.url}"
    facts = [f"{telling.words} words"]
    if carrier.credit is not None:
        facts.append(f"credits {carrier.credit}")
    if article.story == article.id:
        facts.append("leads the story")
    elif carrier.coverage is not None and carrier.coverage_of is not None:
        forms = ((carrier.cut, "cut"), (carrier.extended, "extended"))
        form = " and ".join(name for holds, name in forms if holds) or "whole"
        facts.append(
            f"{form}: {carrier.coverage:.0%} of it is in {carrier.of},"
            f" {carrier.coverage_of:.0%} of that in it"
        )
    yield f"    {', '.join(facts)}"
    for revision in telling.history[1:]:
        change = f"  {revision.change}" if revision.change else ""
        yield f"    revision {revision.n}  {stamp(revision.stored_at)}{change}"
        said = (revision.changes or {}).get("notice")
        if said:
            yield f"        {line(said)}"


def _kin(kin: Kin) -> str:
    shares = ""
    if kin.coverage is not None and kin.coverage_of is not None:
        later = "of it" if kin.later == kin.there else "of this"
        other = "of this" if kin.later == kin.there else "of it"
        shares = f" ({kin.coverage:.0%} {later}, {kin.coverage_of:.0%} {other})"
    return f"{kin.relation:<10} {kin.outlet} {kin.url}{shares}"
