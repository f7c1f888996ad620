"""The database: all SQL is here. It decides nothing; `pipelines.decide` does."""

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
