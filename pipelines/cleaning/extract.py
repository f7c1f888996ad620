"""What trafilatura takes for the article: a second opinion. The only door to it."""

from __future__ import annotations

from copy import deepcopy
from typing import Final

from lxml.html import HtmlElement
from trafilatura import extract
from trafilatura.settings import use_config

#: trafilatura's work grows faster than the page; its own limits do not see that.
_MOST_ELEMENTS: Final = 15_000
_CONFIG: Final = use_config()


def second_opinion(tree: HtmlElement) -> list[str]:
    """The lines that trafilatura would keep of `tree`; none of an enormous page.

    Precision mode without its fallbacks. `tree` is left as it is.
    """
    if sum(1 for _ in tree.iter()) > _MOST_ELEMENTS:
        return []
    text = extract(
        deepcopy(tree),
        fast=True,
        favor_precision=True,
        include_comments=False,
        deduplicate=False,
        config=_CONFIG,
    )
    return text.split("\n") if text else []
