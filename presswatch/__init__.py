"""What programs import from Presswatch; each name is loaded when it is used.

A consumer starts without what only the crawl needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.article import Cleaned, Reason, Removed
    from pipelines.outcome import Outcome
    from pipelines.store.errors import StoreError
    from service.consuming import Article, Message, messages
    from service.consuming_async import AsyncMessage, messages_async
    from service.holding import Reject

__all__ = [
    "Article",
    "AsyncMessage",
    "Cleaned",
    "Message",
    "Outcome",
    "Reason",
    "Reject",
    "Removed",
    "StoreError",
    "messages",
    "messages_async",
]

_PLACES = {
    "Article": "service.consuming",
    "AsyncMessage": "service.consuming_async",
    "Cleaned": "pipelines.article",
    "Message": "service.consuming",
    "Outcome": "pipelines.outcome",
    "Reason": "pipelines.article",
    "Reject": "service.holding",
    "Removed": "pipelines.article",
    "StoreError": "pipelines.store.errors",
    "messages": "service.consuming",
    "messages_async": "service.consuming_async",
}


def __getattr__(name: str) -> object:
    """The name, from where it is defined."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)
