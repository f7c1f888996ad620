"""A fetched page or a flattened text becomes an article's text and a ledger.

Names are loaded when they are asked for: a process that cleans nothing itself, as the
one that fetches, needs the rules alone and not the vocabularies.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.cleaning.flat import clean_text
    from pipelines.cleaning.page import CLEANER_VERSION, clean_page
    from pipelines.cleaning.rules import CleanRules

__all__ = ["CLEANER_VERSION", "CleanRules", "clean_page", "clean_text"]

_HOMES = {
    "clean_text": "flat",
    "clean_page": "page",
    "CLEANER_VERSION": "page",
    "CleanRules": "rules",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
