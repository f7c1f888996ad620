"""Texts related to those of a database that is only read.

What comes is kept beside it, in a memory that is gone when it is closed; its texts
have ids that no stored text has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from pipelines.fingerprint import text_hash, url_key
from pipelines.similarity.texts import Carried, Found, Posting, Sketch
from pipelines.store.neighbours import StoredWordings
from pipelines.store.scratch import Scratch
from pipelines.store.session import Session
from pipelines.store.sketches import Sketches

#: Ids from here on are of texts beside the database.
BESIDE: Final = 1 << 40


class Overlay:
    """The memory of a database and what was related to it; a `relating.Memory`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._stored = Sketches(session, StoredWordings(session))
        self._beside = Scratch(first=BESIDE)

    def article_at(self, outlet: str, urls: Collection[str]) -> int | None:
        """The `url_key` of the stored article that has one of these canonical URLs.

        That of the outlet, if several have.
        """
        found = [self._article_at(outlet, url) for url in urls]
        return next((article for article in found if article is not None), None)

    def url_of(self, text: int) -> str | None:
        """The URL of the article of a stored text; None of one that is beside it."""
        url: str | None = self._session.value(
            "SELECT a.url FROM revision r JOIN article a ON a.id = r.article_id"
            " WHERE r.id = ?",
            [text],
        )
        return url

    # What came before

    def repeated(self, outlet: str, lines: Collection[int]) -> set[int]:
        """Those of the lines that are the outlet's here or there."""
        stored = self._stored.repeated(outlet, lines)
        return stored | self._beside.repeated(outlet, lines)

    def at_url(self, url_key: int) -> Carried | None:
        """The latest text at that URL."""
        return self._beside.at_url(url_key) or self._stored.at_url(url_key)

    def worded(self, sketch: Sketch) -> Found | None:
        """The first text of that very wording, also where the text is no longer kept.

        In the database texts are known so for good, in the memory for a time.
        """
        row = self._session.row(
            "SELECT r.id, (SELECT min(id) FROM revision"
            "  WHERE article_id = coalesce(a.story, a.id)) AS story"
            " FROM text_seen t JOIN article a ON a.id = t.article_id"
            " JOIN revision r ON r.article_id = a.id AND r.text_hash = t.text_hash"
            " WHERE t.text_hash = ? AND a.forgotten_at IS NULL ORDER BY r.n LIMIT 1",
            [text_hash(sketch.text.text)],
        )
        return self._beside.worded(sketch) if row is None else Found(*row)

    def posted(self, prints: Sequence[int]) -> list[Posting]:
        """Who had these prints."""
        return self._stored.posted(prints) + self._beside.posted(prints)

    def carried(self, ids: Iterable[int]) -> list[Carried]:
        """Those texts, in that order, less those whose words are no longer kept."""
        return [
            carried
            for one in ids
            for carried in (self._stored, self._beside)[one >= BESIDE].carried([one])
        ]

    def members(self, story: int, most: int) -> list[int]:
        """The first texts of a story, less those that were revised since."""
        stored = self._stored.members(story, most)
        return (stored + self._beside.members(story, most))[:most]

    def keep(self, sketch: Sketch, story: int | None, prints: Collection[int]) -> int:
        """Remember a text beside the database; its new id."""
        return self._beside.keep(sketch, story, prints)

    def close(self) -> None:
        """Forget what was related."""
        self._beside.close()

    def _article_at(self, outlet: str, url: str) -> int | None:
        article: int | None = self._session.value(
            "SELECT id FROM article WHERE key = ? AND forgotten_at IS NULL"
            " ORDER BY outlet = ? DESC, id LIMIT 1",
            [url_key(url), outlet],
        )
        return article
