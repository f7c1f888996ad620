"""Points in time as operators write them: `2h` ago, or a date."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click


def moment(text: str, now: datetime) -> datetime:
    """The time that `text` names: so long before `now`, or an ISO 8601 date or time.

    A time without zone is UTC. Raises ValueError, in words for the operator.
    """
    from config.durations import parse

    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        try:
            return now - parse(text)
        except ValueError as error:
            message = f"{error}, nor a date such as 2026-11-01"
            raise ValueError(message) from None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


class Since(click.ParamType[datetime]):
    """`90s 15m 2h 7d` before now, or a date."""

    name = "since"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """The time, or a usage error."""
        if isinstance(value, datetime):
            return value
        try:
            return moment(value, datetime.now(UTC))
        except ValueError as error:
            self.fail(f"{value!r} {error}", param, ctx)
