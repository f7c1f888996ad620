"""`queue stats`, `dead`, `redrive`, `pause`, `resume`, `remove`: for operators."""

from __future__ import annotations

import json
from pathlib import Path

import click

from pipelines.store.dead_letters import Dead
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
    for each in found:
        if subscription not in (None, each.subscription):
            continue
        numbers = stats_json(each, at)
        if as_json:
            click.echo(json.dumps(numbers))
        else:
            click.echo("  ".join(f"{name} {_plain(n)}" for name, n in numbers.items()))


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
    with target.opened(create=True) as store:
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
    with target.opened(create=True) as store:
        store.queue.pause(target.subscription)
    if as_json:
        click.echo(json.dumps(_switch(target, paused=True)))


@click.command()
@target_options
@json_option
def resume(target: Target, as_json: bool) -> None:
    """Give out messages again after `pause`.

    \b
    Example:
      presswatch queue resume
    """
    with target.opened(create=True) as store:
        store.queue.resume(target.subscription)
    if as_json:
        click.echo(json.dumps(_switch(target, paused=False)))


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


def _plain(value: object) -> str:
    return "-" if value is None else str(value)


def _switch(target: Target, *, paused: bool) -> dict[str, object]:
    return {"subscription": target.subscription, "paused": paused}


def _tell(letter: Dead) -> None:
    click.echo(f"{letter.id}  {letter.outlet}  {letter.url}")
    for ending in letter.history:
        reason = f": {ending.reason}" if ending.reason else ""
        click.echo(
            f"  {shown(ending.ended_at)}  attempt {ending.attempt} {ending.how}{reason}"
        )
