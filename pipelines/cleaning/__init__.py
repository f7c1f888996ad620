"""A fetched page or a flattened text becomes an article's text and a ledger."""

from pipelines.cleaning.flat import clean_text
from pipelines.cleaning.page import CLEANER_VERSION, clean_page
from pipelines.cleaning.rules import CleanRules

__all__ = ["CLEANER_VERSION", "CleanRules", "clean_page", "clean_text"]
