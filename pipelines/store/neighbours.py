"""Which stored article a text is a copy of, or shares much with.

Looked for before the transaction that stores the text; within it, only what was
stored since is looked at. Texts go by the id of their revision, stories by the first
revision of the article that told them first.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace

from pipelines.decide import Holder, Submission
from pipelines.fingerprint import url_key
from pipelines.similarity.candidates import to_post
from pipelines.similarity.judging import Likeness
from pipelines.similarity.passages import Passage, passages
from pipelines.similarity.relating import Relating, nearest, sketched
from pipelines.similarity.texts import Posting, Sketch, Text
from pipelines.similarity.wording import Wording, joined, line_key, worded_lines
from pipelines.store.columns import moment
from pipelines.store.outlet_lines import OutletLines
from pipelines.store.postings import Postings
from pipelines.store.session import Session
from pipelines.store.sketches import READY, Sketches


@dataclass(frozen=True, slots=True)
class Look:
    """What was found of a text. `newest` is the latest text that was looked at.

    `besides` is the article whose own texts do not count: the one at its URL.
    `passages` are what the text shares with the one that was found.
    """

    outlet: str
    besides: int | None
    sketch: Sketch
    posted: tuple[Posting, ...]
    newest: int
    found: Relating
    passages: tuple[Passage, ...] = ()


class StoredWordings:
    """The words of stored texts: read from the texts themselves, as long as kept."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lines = OutletLines(session)
        self._ready: OrderedDict[tuple[str, str], Wording] = OrderedDict()

    def keep(self, sketch: int, wording: Wording) -> None:
        """They are in the text already."""

    def get(self, sketch: int) -> Wording | None:
        """The words of a revision; None when its text has been taken out."""
        row = self._session.row(
            "SELECT a.outlet, r.text FROM revision r JOIN article a"
            " ON a.id = r.article_id WHERE r.id = ?",
            [sketch],
        )
        if row is None or not row["text"]:
            return None
        # By the text and not by the id, which a rollback may give to another text.
        key = (row["outlet"], row["text"])
        wording = self._ready.pop(key, None) or self._worded(*key)
        self._ready[key] = wording
        if len(self._ready) > READY:
            self._ready.popitem(last=False)
        return wording

    def _worded(self, outlet: str, text: str) -> Wording:
        lines = worded_lines(text)
        keys = list(map(line_key, lines))
        repeated = self._lines.repeated(outlet, keys)
        pairs = zip(lines, keys, strict=True)
        return joined(line for line, key in pairs if key not in repeated)


class Neighbours:
    """The texts of a database, by what they have in common."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._wordings = StoredWordings(session)
        self._sketches = Sketches(session, self._wordings)
        self._postings = Postings(session)

    def look(self, submission: Submission) -> Look:
        """Who has the text, or much of it."""
        outlet = submission.outlet
        text = submission.reading.cleaned.text
        sketch = sketched(
            Text(outlet, None, submission.fetched_at, text), self._sketches
        )
        look = Look(
            outlet=outlet,
            besides=self._article_at(submission),
            sketch=sketch,
            posted=(),
            newest=0,
            found=Relating(Likeness.NEW),
        )
        with self._session.snapshot():
            return self._looked_on(look)

    def again(self, look: Look | None, submission: Submission) -> Look:
        """The same as of now; what was looked at before is not compared again."""
        if (
            look is None
            or look.sketch.text.text != submission.reading.cleaned.text
            or look.outlet != submission.outlet
            or look.besides != self._article_at(submission)
        ):
            return self.look(submission)
        return self._looked_on(look)

    def holder(self, look: Look) -> Holder | None:
        """The article found, for the decision."""
        found = look.found
        if found.of is None:
            return None
        row = self._session.row(
            "SELECT a.id, coalesce(a.story, a.id) AS story FROM revision r"
            " JOIN article a ON a.id = r.article_id WHERE r.id = ?",
            [found.of],
        )
        if row is None:
            return None
        return Holder(
            article_id=row["id"],
            story=row["story"],
            likeness=found.likeness,
            coverage=found.coverage,
            coverage_of=found.coverage_of,
            passages=look.passages,
        )

    def keep(self, look: Look, article_id: int, revision_id: int) -> None:
        """Remember the text as that revision of the article."""
        story = self._session.value(
            "SELECT min(r.id) FROM article a JOIN revision r"
            " ON r.article_id = coalesce(a.story, a.id) WHERE a.id = ?",
            [article_id],
        )
        self._session.db.conn.execute(
            "UPDATE sketch SET story = ?1 WHERE story <> ?1 AND url_key = ?2",
            [story, article_id],
        )
        prints = to_post(look.sketch, look.posted, story)
        text = replace(look.sketch.text, url_key=article_id)
        sketch = replace(look.sketch, text=text)
        self._sketches.keep(sketch, story, prints, revision_id)

    def remember(self, article_id: int, revision_id: int) -> None:
        """Remember a stored text of which nothing was kept when it came."""
        row = self._session.one(
            f"revision {revision_id}",
            "SELECT a.outlet, r.text, r.fetched_at FROM revision r JOIN article a"
            " ON a.id = r.article_id WHERE r.id = ?",
            [revision_id],
        )
        text = Text(row["outlet"], None, moment(row["fetched_at"]), row["text"])
        sketch = sketched(text, self._sketches)
        posted = tuple(self._postings.had(sketch.prints))
        new = Relating(Likeness.NEW)
        look = Look(row["outlet"], article_id, sketch, posted, 0, new)
        self.keep(look, article_id, revision_id)

    def forget(self, article_id: int) -> None:
        """Forget the words of an article; the next of its story leads it from now on.

        Before its texts are taken out: they say which words to look for.
        """
        execute = self._session.db.conn.execute
        for revision_id in self._own(article_id):
            wording = self._wordings.get(revision_id)
            prints = wording.prints if wording is not None else []
            # Any others lead nowhere, and end with the time that they are kept for.
            self._postings.forget(revision_id, prints)
        execute("DELETE FROM sketch WHERE url_key = ?", [article_id])
        heir = self._session.value(
            "SELECT id FROM article WHERE story = ? ORDER BY first_seen, id LIMIT 1",
            [article_id],
        )
        execute("UPDATE article SET story = NULL WHERE id = ?", [article_id])
        if heir is not None:
            self._inherit(article_id, int(heir))

    def _inherit(self, article_id: int, heir: int) -> None:
        """The story of an article is led by its heir, who posts what it had not to."""
        execute = self._session.db.conn.execute
        execute("UPDATE article SET story = NULL WHERE id = ?", [heir])
        execute("UPDATE article SET story = ? WHERE story = ?", [heir, article_id])
        story = self._session.value(
            "SELECT min(id) FROM revision WHERE article_id = ?", [heir]
        )
        execute(
            "UPDATE sketch SET story = ?1 WHERE url_key IN"
            " (SELECT id FROM article WHERE id = ?2 OR story = ?2)",
            [story, heir],
        )
        latest = max(self._own(heir), default=None)
        wording = None if latest is None else self._wordings.get(latest)
        if latest is not None and wording is not None:
            self._postings.keep_missing(latest, wording.prints)

    def _looked_on(self, look: Look) -> Look:
        newest = self._sketches.newest()
        if newest == look.newest:
            return look
        fresh = self._postings.had(look.sketch.prints, after=look.newest)
        posted = (*look.posted, *fresh)
        look = replace(look, posted=posted, newest=newest)
        if not fresh:
            return look
        own = self._own(look.besides)
        others = [posting for posting in posted if posting.id not in own]
        found = nearest(look.sketch, others, self._sketches)
        shared = passages(look.sketch, found.match.this) if found.match else ()
        return replace(look, found=found, passages=shared)

    def _own(self, article_id: int | None) -> set[int]:
        rows = self._session.rows(
            "SELECT id FROM sketch WHERE url_key = ?", [article_id]
        )
        return {row["id"] for row in rows}

    def _article_at(self, submission: Submission) -> int | None:
        found = self._session.value(
            "SELECT id FROM article WHERE outlet = ? AND key = ?",
            [submission.outlet, url_key(submission.url)],
        )
        return None if found is None else int(found)
