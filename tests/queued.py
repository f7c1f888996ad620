"""Messages in a database, with no article behind them: for tests of consumers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from pipelines.store import Store
from pipelines.store.deliveries import Message, Stats


def article(name: str, text: str = "") -> dict[str, object]:
    """A body as the store step makes it."""
    return {
        "url": f"https://ferry.example/{name}",
        "outlet": "ferry",
        "title": f"Ferry {name}",
        "authors": [],
        "published": None,
        "language": "en",
        "text": text or f"The ferry {name} runs again.",
        "revision": 1,
    }


def queue(store: Store, names: Iterable[str], now: datetime | None = None) -> None:
    """Queue a message a name; its id is the name."""
    with store.write():
        for name in names:
            body = json.dumps(article(name))
            message = Message(name, "new", None, 1, None, 0, None, body)
            store.queue.add(message, now or datetime.now(UTC))


def database(path: Path, *names: str) -> Path:
    """A database with these messages."""
    with Store.open(path, create=True) as store:
        queue(store, names)
    return path


def stats(path: Path) -> Stats:
    """How `default` stands now."""
    with Store.open(path) as store:
        return store.queue.stats(datetime.now(UTC))[0]
