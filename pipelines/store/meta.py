"""Single values the program remembers of itself (heartbeats, last backup)."""

from __future__ import annotations

from pipelines.store.columns import printable
from pipelines.store.session import Session


class Meta:
    """Named texts."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, key: str) -> str | None:
        """The value of that name."""
        value = self._session.value("SELECT value FROM meta WHERE key = ?", [key])
        return None if value is None else str(value)

    def put(self, key: str, value: str) -> None:
        """Set the value of that name."""
        with self._session.write() as db:
            db.conn.execute(
                "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)",
                [key, printable(value)],
            )
