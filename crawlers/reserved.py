"""Whether a page may be kept, by what it reserves and the operator respects."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from crawlers.fetch import Answer
from crawlers.refusal import Miss
from crawlers.robots import product_token
from pipelines import reservations
from pipelines.document import parse
from pipelines.outcome import Outcome


async def refusal(
    answer: Answer, respect: Collection[str], user_agent: str
) -> Miss | None:
    """The outcome of a page that reserves what is respected; None: it may be kept.

    Asked before anything of the page is stored. It is parsed off the event loop.
    """
    if not respect:
        return None
    return await asyncio.to_thread(_refusal, answer, respect, user_agent)


def _refusal(answer: Answer, respect: Collection[str], user_agent: str) -> Miss | None:
    tree = parse(answer.body, answer.content_type, answer.url).tree
    robot = product_token(user_agent)
    found = reservations.of_page(tree, answer.headers, robot)
    for signal, where in found.items():
        if signal in respect:
            words = f"reserved by the outlet: {signal} ({where}; respect)"
            return Miss(Outcome.DENIED, words, answer.status)
    return None
