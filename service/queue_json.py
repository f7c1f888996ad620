"""The queue's values for programs, the same from the shell and over HTTP. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pipelines.store.deliveries import Dead, Exported, Leased, Stats


def leased_json(message: Leased) -> dict[str, Any]:
    """A message as whoever leased it gets it."""
    return {
        "id": message.id,
        "token": message.token,
        "attempt": message.attempt,
        "kind": message.kind,
        "supersedes": message.supersedes,
        "article": message.article,
    }


def exported_json(message: Exported) -> dict[str, Any]:
    """A message of the log."""
    return {
        "seq": message.seq,
        "id": message.id,
        "attempt": message.attempt,
        "kind": message.kind,
        "queued_at": message.made_at.isoformat(),
        "supersedes": message.supersedes,
        "article": message.article,
    }


def dead_json(letter: Dead) -> dict[str, Any]:
    """A message that was given up, and how each of its latest leases ended."""
    fields = ("id", "kind", "outlet", "url", "title", "attempts", "last_error")
    history = [
        {
            "attempt": ending.attempt,
            "leased_at": ending.leased_at and shown(ending.leased_at),
            "ended_at": shown(ending.ended_at),
            "how": ending.how,
            "reason": ending.reason,
        }
        for ending in letter.history
    ]
    return {
        **{name: getattr(letter, name) for name in fields},
        "queued_at": shown(letter.queued_at),
        "history": history,
    }


def stats_json(stats: Stats, now: datetime) -> dict[str, Any]:
    """A subscription: how many of its messages stand where."""
    oldest = stats.oldest_ready
    age = None if oldest is None else round((now - oldest).total_seconds(), 1)
    return {
        "subscription": stats.subscription,
        "paused": stats.paused,
        "ready": stats.ready,
        "delayed": stats.delayed,
        "leased": stats.leased,
        "done": stats.done,
        "dead": stats.dead,
        "oldest_ready_seconds": age,
        "to_offer": stats.to_offer,
        "last_lease": stats.read_at and shown(stats.read_at),
        "retired": stats.retired_at and shown(stats.retired_at),
    }


def shown(at: datetime) -> str:
    """A time to the second."""
    return at.isoformat(timespec="seconds")
