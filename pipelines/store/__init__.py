"""The database: all SQL is here. It decides nothing; `pipelines.decide` does.

Each name is loaded when it is used: who takes messages needs little of it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.decide import Submission
    from pipelines.store.alerts import Alert, Notice
    from pipelines.store.articles import Stored
    from pipelines.store.connection import Store
    from pipelines.store.errors import StoreBusy, StoreError
    from pipelines.store.frontier import Attempt, Fetched, UrlWork, WaitingPage
    from pipelines.store.hosts import GAP, HostRow, RobotsRow
    from pipelines.store.listing import Listed
    from pipelines.store.lock import DatabaseLock, LockHeld
    from pipelines.store.pages import PageMissing
    from pipelines.store.sources import PollRecord, PollStored, SourceSpec, SourceWork
    from pipelines.store.subscriptions import SubscriptionSpec
    from pipelines.store.writer import Writer

__all__ = [
    "GAP",
    "Alert",
    "Attempt",
    "DatabaseLock",
    "Fetched",
    "HostRow",
    "Listed",
    "LockHeld",
    "Notice",
    "PageMissing",
    "PollRecord",
    "PollStored",
    "RobotsRow",
    "SourceSpec",
    "SourceWork",
    "Store",
    "StoreBusy",
    "StoreError",
    "Stored",
    "Submission",
    "SubscriptionSpec",
    "UrlWork",
    "WaitingPage",
    "Writer",
]

_PLACES = {
    "GAP": "pipelines.store.hosts",
    "Alert": "pipelines.store.alerts",
    "Attempt": "pipelines.store.frontier",
    "DatabaseLock": "pipelines.store.lock",
    "Fetched": "pipelines.store.frontier",
    "HostRow": "pipelines.store.hosts",
    "Listed": "pipelines.store.listing",
    "LockHeld": "pipelines.store.lock",
    "Notice": "pipelines.store.alerts",
    "PageMissing": "pipelines.store.pages",
    "PollRecord": "pipelines.store.sources",
    "PollStored": "pipelines.store.sources",
    "RobotsRow": "pipelines.store.hosts",
    "SourceSpec": "pipelines.store.sources",
    "SourceWork": "pipelines.store.sources",
    "Store": "pipelines.store.connection",
    "StoreBusy": "pipelines.store.errors",
    "StoreError": "pipelines.store.errors",
    "Stored": "pipelines.store.articles",
    "Submission": "pipelines.decide",
    "SubscriptionSpec": "pipelines.store.subscriptions",
    "UrlWork": "pipelines.store.frontier",
    "WaitingPage": "pipelines.store.frontier",
    "Writer": "pipelines.store.writer",
}


def __getattr__(name: str) -> object:
    """The name, from where it is defined."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)
