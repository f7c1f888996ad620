"""What the store knows of a submission: the facts that the decision is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from pipelines.decide import (
    DAY,
    Facts,
    Holder,
    Known,
    Submission,
    is_another_view,
    is_disowned,
)
from pipelines.fingerprint import content_hash, coverage, text_hash, url_key
from pipelines.memory import Line, lines
from pipelines.revising import Version, compare
from pipelines.store.columns import micros, moment
from pipelines.store.memory import Memory
from pipelines.store.neighbours import Look, Neighbours
from pipelines.store.noting import Heard
from pipelines.store.session import Session
from pipelines.store.shapes import Shapes


@dataclass(frozen=True, slots=True)
class Weighed:
    """A submission as the outlet's memory leaves it, and what is known of it.

    `look` is None where there is nothing to store.
    """

    heard: Heard
    look: Look | None
    facts: Facts


@dataclass(frozen=True, slots=True)
class Foresight:
    """What can be said of a submission before the transaction that stores it.

    `look` is None for a text that its article has already.
    """

    blocks: tuple[Line, ...]
    look: Look | None


class Weighing:
    """Gathers what is known; only reads."""

    def __init__(
        self, session: Session, memory: Memory, neighbours: Neighbours
    ) -> None:
        self._session = session
        self._memory = memory
        self._neighbours = neighbours
        self._shapes = Shapes(session)

    def foresee(self, submission: Submission, now: datetime) -> Foresight:
        """The comparison with what is stored, before the transaction that stores it."""
        submission = self._as_stored(submission)
        blocks = lines(submission.reading.cleaned.paragraphs)
        heard = self._memory.hear(submission, blocks, now).submission
        content = content_hash(heard.reading.title, heard.reading.cleaned.text)
        known = self._known(heard, content)
        if _is_unchanged(known, content):
            return Foresight(blocks, None)
        # So that they are known by then.
        text_hash(heard.reading.cleaned.text)
        if known is not None:
            self._compared(known, heard, now)
        return Foresight(blocks, self._neighbours.look(heard))

    def weigh(
        self, submission: Submission, foreseen: Foresight | None, now: datetime
    ) -> Weighed:
        """All that is known of a submission, under the URL that it goes by."""
        if foreseen is None:
            foreseen = Foresight(lines(submission.reading.cleaned.paragraphs), None)
        served, submission = submission, self._as_stored(submission)
        blocks = foreseen.blocks
        weighed = self._weighed(submission, blocks, foreseen.look, now)
        if is_disowned(weighed.facts, weighed.heard.submission):
            submission = self._under_final_url(served)
            weighed = self._weighed(submission, blocks, None, now)
        return weighed

    def facts(self, submission: Submission, now: datetime) -> Facts:
        """What is known of it but for texts that are no more than like it."""
        reading = submission.reading
        content = content_hash(reading.title, reading.cleaned.text)
        facts = self._facts(submission, content, text_hash(reading.cleaned.text))
        if facts.known is None:
            return facts
        return replace(facts, known=self._compared(facts.known, submission, now))

    def _as_stored(self, submission: Submission) -> Submission:
        """The submission under the spelling that its article is stored under."""
        known_as = self._shapes.known_as(submission.outlet, submission.url)
        if known_as is None:
            return submission
        return replace(submission, url=known_as, alias=True, respelt=True)

    def _weighed(
        self,
        submission: Submission,
        blocks: tuple[Line, ...],
        foreseen: Look | None,
        now: datetime,
    ) -> Weighed:
        heard = self._memory.hear(submission, blocks, now)
        reading = heard.submission.reading
        content = content_hash(reading.title, reading.cleaned.text)
        wording = text_hash(reading.cleaned.text)
        facts = self._facts(heard.submission, content, wording)
        if _is_unchanged(facts.known, content):
            return Weighed(heard, None, facts)
        if facts.known is not None:
            known = self._compared(facts.known, heard.submission, now)
            facts = replace(facts, known=known)
        look = self._neighbours.again(foreseen, heard.submission)
        if facts.holder is None:
            near = self._neighbours.holder(look)
            facts = replace(facts, holder=self._told(near, submission.outlet))
        return Weighed(heard, look, facts)

    def _facts(
        self, submission: Submission, content: bytes, wording: bytes | None
    ) -> Facts:
        known = self._known(submission, content)
        url = self._session.one(
            f"URL {submission.url_id}",
            "SELECT article_id, forgotten_at FROM url WHERE id = ?",
            [submission.url_id],
        )
        return Facts(
            content_hash=content,
            text_hash=wording,
            led_here=known is not None and url["article_id"] == known.article_id,
            known=known,
            holder=self._holder(submission, wording, known),
            coverage=self._coverage(submission, known, content),
            forgotten=url["forgotten_at"] is not None,
        )

    def _coverage(
        self, submission: Submission, known: Known | None, content: bytes
    ) -> float | None:
        if not submission.alias or known is None or known.content_hash == content:
            return None
        stored = self._session.value(
            "SELECT text FROM revision WHERE article_id = ? AND n = ?",
            [known.article_id, known.revisions],
        )
        if not stored:  # expired
            return None
        text = submission.reading.cleaned.text
        return max(coverage(text, stored), coverage(stored, text))

    def _under_final_url(self, submission: Submission) -> Submission:
        from pipelines import urls

        served = self._session.value(
            "SELECT final_url FROM page WHERE id = ?", [submission.page_id]
        )
        try:
            return replace(submission, url=urls.canonical(served or ""), alias=False)
        except urls.UrlError:
            return submission

    def _known(self, submission: Submission, content: bytes) -> Known | None:
        row = self._session.row(
            "SELECT a.id, a.revisions, r.content_hash, r.url_id,"
            " EXISTS (SELECT 1 FROM article WHERE story = a.id) AS followed,"
            " a.forgotten_at IS NOT NULL AS forgotten,"
            " (SELECT count(*) FROM revision WHERE article_id = a.id"
            "  AND content_hash = ?3) AS times,"
            " (SELECT msg_id FROM message WHERE article_id = a.id"
            "  ORDER BY seq DESC LIMIT 1) AS announced,"
            " (SELECT kind = 'withdrawal' FROM message WHERE article_id = a.id"
            "  ORDER BY seq DESC LIMIT 1) AS withdrawn"
            " FROM article a JOIN revision r"
            " ON r.article_id = a.id AND r.n = a.revisions"
            " WHERE a.outlet = ?1 AND a.key = ?2",
            [submission.outlet, url_key(submission.url), content],
        )
        if row is None:
            return None
        return Known(
            article_id=row["id"],
            revisions=row["revisions"],
            content_hash=row["content_hash"],
            url_id=row["url_id"],
            times=row["times"],
            announced=row["announced"],
            followed=bool(row["followed"]),
            withdrawn=bool(row["withdrawn"]),
            forgotten=bool(row["forgotten"]),
        )

    def _compared(self, known: Known, submission: Submission, now: datetime) -> Known:
        """What is known, with what the submitted text changes in it."""
        if is_another_view(known, submission):
            return known  # another view of the article, no revision
        before = self._session.row(
            "SELECT title, text FROM revision WHERE article_id = ?1 AND n = coalesce("
            "(SELECT revision FROM message WHERE article_id = ?1"
            " AND kind <> 'withdrawal' ORDER BY seq DESC LIMIT 1), ?2)",
            [known.article_id, known.revisions],
        )
        latest = self._session.rows(
            "SELECT stored_at FROM revision WHERE article_id = ? AND n > 1"
            " AND stored_at > ? AND NOT cosmetic ORDER BY n",
            [known.article_id, micros(now - DAY)],
        )
        known = replace(known, latest=tuple(moment(row[0]) for row in latest))
        if before is None or not before["text"]:  # expired
            return known
        reading = submission.reading
        changes = compare(
            Version(before["title"], before["text"]),
            Version(reading.title, reading.cleaned.text),
        )
        return replace(known, changes=changes)

    def _holder(
        self, submission: Submission, wording: bytes | None, known: Known | None
    ) -> Holder | None:
        if wording is None:
            return None
        row = self._session.row(
            "SELECT a.id, coalesce(a.story, a.id) AS story, a.outlet,"
            " a.forgotten_at IS NOT NULL AS forgotten FROM text_seen t"
            " JOIN article a ON a.id = t.article_id WHERE t.text_hash = ?",
            [wording],
        )
        if row is None or (known is not None and row["id"] == known.article_id):
            return None
        if row["forgotten"]:
            # The others may carry it still; in its own outlet it stays out.
            own = row["outlet"] == submission.outlet
            return Holder(row["id"], row["story"], forgotten=True) if own else None
        return self._told(Holder(row["id"], row["story"]), submission.outlet)

    def _told(self, holder: Holder | None, outlet: str) -> Holder | None:
        """The holder, with whether the outlet has told its story before."""
        if holder is None:
            return None
        told = self._session.value(
            "SELECT EXISTS (SELECT 1 FROM article a JOIN message m"
            " ON m.article_id = a.id WHERE a.outlet = ?1"
            " AND (a.id = ?2 OR a.story = ?2))",
            [outlet, holder.story],
        )
        return replace(holder, outlet_told=bool(told))


def _is_unchanged(known: Known | None, content: bytes) -> bool:
    return known is not None and known.content_hash == content and not known.withdrawn
