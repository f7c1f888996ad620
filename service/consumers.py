"""What is wrong with the consumers: unread, behind, dead letters, filters. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from crawlers.backlog import overfull
from pipelines.store import Notice
from pipelines.store.deliveries import Stats

#: A text that waited this long has no consumer, or none that keeps up.
PATIENCE = timedelta(hours=6)

#: What the keys of these alerts begin with; the subscription's name follows.
KEYS = ("unread", "queue", "dead", "retired", "filter", "overfull")


def notices(
    found: Sequence[Stats], now: datetime, most_waiting: int | None = None
) -> Iterator[Notice]:
    """The alerts that the subscriptions call for."""
    for stats in overfull(found, most_waiting):
        yield _overfull(stats, most_waiting)
    for stats in found:
        yield from _backlog(stats, now)
        yield from _dead(stats)
        yield from _retired(stats)
        yield from _strained(stats)


def _backlog(stats: Stats, now: datetime) -> Iterator[Notice]:
    """Texts wait for long: nobody reads, or whoever reads falls behind."""
    if stats.oldest_ready is None:
        return
    # A new subscription may begin with texts of last year.
    since = max(stats.oldest_ready, stats.added_at or stats.oldest_ready)
    if now - since <= PATIENCE:
        return
    name, evidence = stats.subscription, _evidence(stats)
    if now - max(since, stats.read_at or since) > PATIENCE:
        text = f"nobody reads the subscription {name}: {_texts(stats.ready)} waiting"
        if stats.paused:
            text = f"the subscription {name} is paused: {_texts(stats.ready)} waiting"
        command = f"presswatch queue resume --subscription {name}"
        if not stats.paused:
            command = f"presswatch queue stats --subscription {name}"
        yield Notice(f"unread:{name}", text, evidence, command)
    else:
        hours = (now - since) / timedelta(hours=1)
        text = (
            f"the consumer of {name} falls behind: the oldest text waits for"
            f" {hours:.0f} h"
        )
        command = f"presswatch queue stats --subscription {name}"
        yield Notice(f"queue:{name}", text, evidence, command)


def _overfull(stats: Stats, most: int | None) -> Notice:
    name = stats.subscription
    text = (
        f"{_texts(stats.waiting)} wait in {name}, more than"
        f" {most} (queue.most_waiting): pages are fetched slowly until it is fewer"
    )
    command = f"presswatch queue stats --subscription {name}"
    return Notice(f"overfull:{name}", text, _evidence(stats), command)


def _dead(stats: Stats) -> Iterator[Notice]:
    if stats.dead:
        name = stats.subscription
        verb = "was" if stats.dead == 1 else "were"
        text = f"{_texts(stats.dead)} of {name} {verb} given up after failing"
        command = f"presswatch queue dead --subscription {name}"
        yield Notice(f"dead:{name}", text, _evidence(stats), command)


def _retired(stats: Stats) -> Iterator[Notice]:
    if stats.retired_at is not None:
        name, left = stats.subscription, stats.waiting + stats.dead
        text = (
            f"the subscription {name} is no longer in the config; it keeps"
            f" {_texts(left)}, and collects nothing more"
        )
        evidence = f"it left at {stats.retired_at:%Y-%m-%d %H:%M} UTC"
        yield Notice(
            f"retired:{name}", text, evidence, f"presswatch queue remove {name}"
        )


def _strained(stats: Stats) -> Iterator[Notice]:
    if stats.strained is not None:
        name = stats.subscription
        text = (
            f"an expression of the subscription {name} takes too long; texts that it"
            " could not judge were delivered"
        )
        command = f"write it simpler: queue.subscriptions.{name}.match"
        yield Notice(f"filter:{name}", text, f"the regex {stats.strained}", command)


def _texts(number: int) -> str:
    return f"{number} text" if number == 1 else f"{number} texts"


def _evidence(stats: Stats) -> str:
    read = "never"
    if stats.read_at is not None:
        read = f"{stats.read_at:%Y-%m-%d %H:%M} UTC"
    return (
        f"{stats.ready} ready, {stats.delayed} delayed, {stats.leased} leased,"
        f" {stats.dead} dead; last leased: {read}"
    )
