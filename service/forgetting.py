"""What an operator wants forgotten, and having it so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipelines.store import Store
from pipelines.store.forgetting import Forgotten
from service.links import spellings


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to go: all of an outlet, or what stands at a URL (as it is known)."""

    outlet: str | None
    url: str | None
    url_ids: tuple[int, ...]


def plan(store: Store, named: str) -> Plan:
    """What a word means: the key of an outlet that listed anything, else a URL.

    Raises `urls.UrlError`.
    """
    if store.memory.knows(named):
        return Plan(named, None, tuple(store.forgetting.of_outlet(named)))
    meant = spellings(named)
    for url in meant:
        found = store.forgetting.of_url(url)
        if found:
            return Plan(None, url, tuple(found))
    return Plan(None, meant[0], ())


def carry_out(store: Store, plan: Plan, now: datetime) -> Forgotten:
    """Take it out; may be repeated after it was broken off."""
    done = store.forgetting.forget(plan.url_ids, now)
    if plan.outlet is not None:
        store.forgetting.forget_outlet(plan.outlet)
    store.forgetting.finish()
    return done
