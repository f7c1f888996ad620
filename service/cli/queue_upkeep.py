"""`queue stats`, `dead`, `redrive`, `pause`, `resume`, `remove`: for operators."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import click

from pipelines.store.dead_letters import Dead
from pipelines.store.tallies import Stats
from service.cli.database import opened
from service.cli.options import database_options, json_option
from service.cli.queue_target import Target, now, target_options
from service.queue_json import dead_json, shown, stats_json


@click.command()
@click.option("--subscription", metavar="NAME", help="Only this one's.")
@database_options
@json_option
def stats(
    subscription: str | None, config_dir: Path, database: Path | None, as_json: bool
) -> None:
    """How many messages stand where, for every subscription.

    \b
    Example:
      presswatch queue stats --json
    """
    at = now()
    with opened(config_dir, database) as store:
        if subscription is not None:
            store.queue.is_paused(subscription)  # there is such a one
        found = store.queue.stats(at)
    chosen = [each for each in found if subscription in (None, each.subscription)]
    if as_json:
        for each in chosen:
            click.echo(json.dumps(stats_json(each, at)))
    else:
        for row in _table(chosen, at):
            click.echo(row)


@click.command()
@target_options
@json_option
def dead(target: Target, as_json: bool) -> None:
    """The messages that were given up, and how each of their attempts ended.

    \b
    Examples:
      presswatch queue dead
      presswatch queue dead --json | jq -r .id | xargs presswatch queue redrive
    """
    with target.opened() as store:
        found = store.queue.dead(target.subscription)
    for letter in found:
        if as_json:
            click.echo(json.dumps(dead_json(letter)))
        else:
            _tell(letter)


@click.command()
@click.argument("message_ids", nargs=-1, metavar="[ID]...")
@click.option("--all", "everything", is_flag=True, help="All that are dead.")
@target_options
@json_option
def redrive(
    message_ids: tuple[str, ...], everything: bool, target: Target, as_json: bool
) -> None:
    """Deliver dead messages afresh.

    \b
    Examples:
      presswatch queue redrive 5f1d6a...
      presswatch queue redrive --all
    """
    if bool(message_ids) == everything:
        raise click.UsageError("Name the messages, or give --all.")
    chosen = None if everything else message_ids
    with target.written() as store:
        count = store.queue.redrive(chosen, now(), target.subscription)
    if as_json:
        click.echo(json.dumps({"redriven": count}))
    else:
        click.echo(f"{count} will be delivered again", err=True)


@click.command()
@target_options
@json_option
def pause(target: Target, as_json: bool) -> None:
    """Give out nothing until `resume`; messages go on to be queued.

    \b
    Example:
      presswatch queue pause --subscription archive
    """
    with target.written() as store:
        store.queue.pause(target.subscription)
    if as_json:
        click.echo(json.dumps(_switch(target, paused=True)))
    else:
        click.echo(f"{target.subscription} is paused until `queue resume`", err=True)


@click.command()
@target_options
@json_option
def resume(target: Target, as_json: bool) -> None:
    """Give out messages again after `pause`.

    \b
    Example:
      presswatch queue resume
    """
    with target.written() as store:
        store.queue.resume(target.subscription)
    if as_json:
        click.echo(json.dumps(_switch(target, paused=False)))
    else:
        click.echo(f"{target.subscription} is given out again", err=True)


@click.command()
@click.argument("name")
@database_options
@json_option
def remove(name: str, config_dir: Path, database: Path | None, as_json: bool) -> None:
    """Forget a subscription that the config no longer has, with what it left unread.

    The texts stay, and other subscriptions keep theirs.

    \b
    Example:
      presswatch queue remove berlin
    """
    with opened(config_dir, database) as store:
        unsettled = store.queue.remove(name)
    if as_json:
        click.echo(json.dumps({"subscription": name, "unsettled": unsettled}))
    else:
        click.echo(f"{name} is gone, {unsettled} messages were not settled", err=True)


def _table(found: Sequence[Stats], at: datetime) -> Iterator[str]:
    """A line a subscription, under the names of the columns."""
    width = max((len(each.subscription) for each in found), default=0)
    width = max(width, len("subscription"))
    yield (
        f"{'subscription':{width}}  {'ready':>8}  {'delayed':>8}  {'leased':>8}"
        f"  {'dead':>8}  {'done':>8}  {'oldest ready':>12}  {'last lease':>12}"
    )
    for each in found:
        row = (
            f"{each.subscription:{width}}  {each.ready:8}  {each.delayed:8}"
            f"  {each.leased:8}  {each.dead:8}  {each.done:8}"
            f"  {_ago(each.oldest_ready, at):>12}  {_ago(each.read_at, at):>12}"
        )
        yield f"{row}  {', '.join(_remarks(each))}".rstrip()


def _ago(then: datetime | None, at: datetime) -> str:
    if then is None:
        return "-"
    seconds = max(0, round((at - then).total_seconds()))
    for unit, length in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit} ago"
    return f"{seconds} s ago"


def _remarks(each: Stats) -> Iterator[str]:
    if each.paused:
        yield "paused"
    if each.retired_at is not None:
        yield "no longer in the config"
    if each.to_offer:
        yield f"{each.to_offer} to be offered"


def _switch(target: Target, *, paused: bool) -> dict[str, object]:
    return {"subscription": target.subscription, "paused": paused}


def _tell(letter: Dead) -> None:
    click.echo(f"{letter.id}  {letter.outlet}  {letter.url}")
    for ending in letter.history:
        reason = f": {ending.reason}" if ending.reason else ""
        click.echo(
            f"  {shown(ending.ended_at)}  attempt {ending.attempt} {ending.how}{reason}"
        )
