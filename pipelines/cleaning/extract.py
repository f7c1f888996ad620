"""What trafilatura takes for the article: a second opinion. The only door to it."""

from __future__ import annotations

from copy import deepcopy
from typing import Final

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import extract
from trafilatura.settings import use_config

#: trafilatura's work grows faster than the page, most of all with its depth; its own
#: limits do not see that. Real pages have up to 4,300 elements, 40 deep.
_MOST_ELEMENTS: Final = 8_000
_DEEPEST: Final = 100
_CONFIG: Final = use_config()


def second_opinion(tree: HtmlElement) -> list[str]:
    """The lines that trafilatura would keep of `tree`; none of an enormous page.

    Precision mode without its fallbacks. `tree` is left as it is.
    """
    if _is_too_much(tree):
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


def _is_too_much(tree: HtmlElement) -> bool:
    depth = 0
    for count, (event, _) in enumerate(etree.iterwalk(tree, events=("start", "end"))):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST or count > 2 * _MOST_ELEMENTS:
            return True
    return False
