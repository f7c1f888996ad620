"""What each outlet has shown of the spelling of its addresses."""

from __future__ import annotations

from typing import Final

from pipelines.fingerprint import url_key
from pipelines.store.session import Session
from pipelines.url_shapes import Shape, between, spellings

#: Shapes kept of an outlet: a site may number its readers in a parameter's name.
MOST: Final = 50


class Shapes:
    """Spellings that lead to one page, learnt outlet by outlet."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(self, outlet: str) -> list[Shape]:
        """What was seen of an outlet, the surest first."""
        rows = self._session.rows(
            "SELECT shape, same, different, example FROM url_shape WHERE outlet = ?"
            " ORDER BY same DESC, shape",
            [outlet],
        )
        return [Shape(*row) for row in rows]

    def known_as(self, outlet: str, url: str) -> str | None:
        """The address under which the outlet's article of that URL is stored.

        None if it is stored as it is spelt, or not at all.
        """
        learnt = {shape.name for shape in self.list(outlet) if shape.is_learnt}
        if not learnt or self._is_stored(outlet, url):
            return None
        others = (spelt for shape, spelt in spellings(url) if shape in learnt)
        return next((one for one in others if self._is_stored(outlet, one)), None)

    def note_same(self, outlet: str, url: str, other: str) -> None:
        """Two addresses of the outlet gave the same text."""
        shape = between(url, other)
        if shape is not None:
            self._note(outlet, shape, "same", url)

    def note_different(self, outlet: str, url: str) -> None:
        """That URL gave a text of its own: other spellings are other pages."""
        for shape, spelt in spellings(url):
            if self._is_stored(outlet, spelt):
                self._note(outlet, shape, "different", url)

    def _note(self, outlet: str, shape: str, what: str, example: str) -> None:
        count = "SELECT count(*) FROM url_shape WHERE outlet = ? AND shape <> ?"
        if self._session.value(count, [outlet, shape]) >= MOST:
            return
        self._session.db.conn.execute(
            f"INSERT INTO url_shape (outlet, shape, {what}, example)"  # noqa: S608 - ours
            f" VALUES (?, ?, 1, ?) ON CONFLICT DO UPDATE SET {what} = {what} + 1,"
            " example = excluded.example",
            [outlet, shape, example],
        )

    def _is_stored(self, outlet: str, url: str) -> bool:
        found = self._session.value(
            "SELECT EXISTS (SELECT 1 FROM article WHERE outlet = ? AND key = ?)",
            [outlet, url_key(url)],
        )
        return bool(found)
