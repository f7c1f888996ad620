"""A process to be killed: publishes articles for ever, naming each once committed.

Run as `python publisher.py DATABASE FIRST`. Every third article is revised, every
fifth is a copy of the one before.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from newsdesk import Newsdesk, words

from pipelines.store import Store, Writer


def job(number: int):  # type: ignore[no-untyped-def]
    """The writing of one article."""
    topic = number - 1 if number % 5 == 0 else number

    def publish(store: Store) -> int:
        desk = Newsdesk(store)
        url = f"https://ferry.example/{number}"
        desk.publish(url, words(f"story {topic}"))
        if number % 3 == 0:
            desk.publish(url, words(f"story {topic}, later"))
        return number

    return publish


async def main(path: Path, number: int) -> None:
    """Publish ten at a time, so that batches hold several."""
    writer = Writer(path)
    writer.start()
    while True:
        some = [writer.do(job(n)) for n in range(number, number + 10)]
        for done in asyncio.as_completed(some):
            sys.stdout.write(f"{await done}\n")
            sys.stdout.flush()
        number += 10


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
