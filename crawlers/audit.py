"""Whether a source's answers to conditional requests can be believed. Pure.

A server may answer 304 although its document changed, or send the same validator with
a changed document. Either would hide articles for ever, so that each source is asked
unconditionally about once a day, and one that was caught is asked in no other way
until it has been honest for some days.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from crawlers.validators import Validators
from pipelines.store.habits import Habits

EVERY: Final = timedelta(days=1)
#: Honest audits after which a source that lied is asked conditionally again.
PENANCE: Final = 3


def is_due(known: Habits | None, now: datetime) -> bool:
    """Whether the source is to be asked unconditionally for the sake of an audit."""
    at = None if known is None else known.audited_at
    return at is None or now - at >= EVERY


def trusted(known: Habits | None) -> bool:
    """Whether the source may be asked conditionally."""
    return known is None or known.distrust == 0


def stuck(before: Validators, after: Validators) -> bool:
    """Whether the validators of two different documents are the same."""
    if before.etag or after.etag:
        return before.etag == after.etag
    same = before.last_modified == after.last_modified
    return before.last_modified is not None and same


def distrust_after(known: Habits | None, *, lied: bool, proven: bool) -> int:
    """How many audits that prove it honest are wanted from now on."""
    if lied:
        return PENANCE
    before = 0 if known is None else known.distrust
    return max(0, before - proven)
