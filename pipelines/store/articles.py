"""Storing what a page turned out to be: facts gathered, decided, applied at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipelines.article import Reading, Removed
from pipelines.decide import (
    Facts,
    Known,
    Submission,
    amend,
    decide,
    is_forgotten,
)
from pipelines.outcome import RETRIED, Outcome
from pipelines.store import carriers, stories
from pipelines.store.carriers import Carrier, Kin
from pipelines.store.columns import (
    micros,
    micros_or_none,
    printable,
    printable_or_none,
    removed_column,
)
from pipelines.store.deliveries import Deliveries
from pipelines.store.forgetting import FORGOTTEN, drop_page
from pipelines.store.frontier import (
    Attempt,
    WaitingPage,
    log_attempt,
    was_taken_out,
)
from pipelines.store.keeping import Draft, Keeping
from pipelines.store.memory import Memory
from pipelines.store.neighbours import Neighbours
from pipelines.store.pages import Pages
from pipelines.store.session import Session
from pipelines.store.shapes import Shapes
from pipelines.store.stories import ArticleRow, RevisionRow, Story
from pipelines.store.strays import Stray, Strays
from pipelines.store.weighing import Foresight, Weighing
from pipelines.url_shapes import Shape

#: A text that is printed again after so long is news to nobody.
OLD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Stored:
    """What the store step made of a page.

    `text_of` is the article whose text it is, when that is another one. `msg_id` is
    of the message that was queued, `queued` whether there is one. `detail` says why a
    page gave no article.
    """

    outcome: Outcome
    article_id: int | None = None
    revision: int | None = None
    queued: bool = False
    msg_id: str | None = None
    text_of: int | None = None
    detail: str | None = None


class Articles:
    """Articles and their revisions."""

    def __init__(
        self, session: Session, pages: Pages, queue: Deliveries, memory: Memory
    ) -> None:
        self._session = session
        self._pages = pages
        self._memory = memory
        self._neighbours = Neighbours(session)
        self._weighing = Weighing(session, memory, self._neighbours)
        self._keeping = Keeping(session, queue, self._neighbours)
        self._shapes = Shapes(session)
        self._strays = Strays(session, self._neighbours)

    def foresee(self, submission: Submission, now: datetime) -> Foresight:
        """Compare a text with what is stored, before the transaction that stores it.

        Only reads. `submit` looks again at what was stored since.
        """
        return self._weighing.foresee(_clean(submission), now)

    def submit(
        self, submission: Submission, now: datetime, foreseen: Foresight | None = None
    ) -> Stored:
        """Store an article's text, and queue it if it is to be handed on.

        `foreseen` is what `foresee` said of it. One transaction: article, revision,
        ledger, memory of the text, its words and its blocks, message, deliveries, the
        URL's state and its attempt.
        """
        submission = _clean(submission)
        if foreseen is None and not self._session.writing:
            foreseen = self.foresee(submission, now)
        with self._session.write():
            weighed = self._weighing.weigh(submission, foreseen, now)
            heard, facts = weighed.heard, weighed.facts
            stray = self._stray(heard.submission, facts)
            if stray is not None:
                return self._turn_away(heard.submission, stray, now)
            decision = decide(facts, heard.submission)
            draft = Draft(heard.submission, facts, decision, weighed.look, now)
            stored = self._apply(draft)
            if decision.store and stored.article_id is not None:
                self._memory.note(heard, stored.article_id, now)
            self._note_shape(draft)
            self._settle(draft, stored)
        return stored

    def reject(
        self,
        page: WaitingPage,
        outcome: Outcome,
        detail: str | None,
        *,
        now: datetime,
        reading: Reading | None = None,
        next_at: datetime | None = None,
    ) -> Stored:
        """End the processing of a page that gave no article; its ledger is kept."""
        attempt = Attempt(page.url_id, now, outcome, detail, page.status, next_at)
        with self._session.write():
            if was_taken_out(self._session, page.url_id):
                return self._denied(attempt)
            log_attempt(self._session, attempt)
            self._keep_rejection(page.page_id, attempt, reading)
            self._end_rejected(attempt)
        return Stored(outcome, detail=detail)

    def amend(
        self, submission: Submission, revision: int, now: datetime, *, tell: bool
    ) -> Stored | None:
        """Store what the page of an article's latest text gives today.

        A cosmetic revision: the outlet has changed nothing. It is queued only if
        consumers are to be told (`tell`) and know the article. One transaction; None
        if `revision` is no longer the article's latest.
        """
        submission = _clean(submission)
        with self._session.write():
            facts = self._weighing.facts(submission, now)
            known = facts.known
            if known is None or known.revisions != revision:
                return None
            decision = amend(facts, known, submission, tell)
            look = self._neighbours.look(submission)
            draft = Draft(submission, facts, decision, look, now, cosmetic=True)
            return self._amend(draft, known)

    def list(
        self,
        *,
        outlet: str | None = None,
        since: datetime | None = None,
        limit: int = 50,
    ) -> Sequence[ArticleRow]:
        """Articles in their latest revision, latest stored first."""
        return stories.latest(self._session, outlet, since, limit)

    def by_url(self, url: str) -> Sequence[ArticleRow]:
        """The articles, of any outlet, whose own canonical URL this is."""
        return stories.by_url(self._session, url)

    def get(self, article_id: int) -> ArticleRow | None:
        """An article in its latest revision."""
        return stories.by_id(self._session, article_id)

    def revisions(self, article_id: int) -> Sequence[ArticleRow]:
        """The article in each of its revisions, the first one first."""
        return stories.revisions(self._session, article_id)

    def history(self, article_id: int) -> Sequence[RevisionRow]:
        """What each revision of the article was to the one before, first to last."""
        return stories.history(self._session, article_id)

    def carriers(self, article_id: int) -> Sequence[Carrier]:
        """Who carries the story of the article, itself too, the first one first."""
        return carriers.carriers(self._session, article_id)

    def kin(self, article_id: int) -> Sequence[Kin]:
        """What shares text with the story of the article, and is none of it."""
        return carriers.kin(self._session, article_id)

    def of_message(self, message_id: str) -> int | None:
        """The article that a message is about."""
        found = self._session.value(
            "SELECT article_id FROM message WHERE msg_id = ?", [message_id]
        )
        return None if found is None else int(found)

    def removed(self, article_id: int, revision: int) -> Sequence[Removed]:
        """The ledger of one revision, in document order."""
        return stories.removed(self._session, article_id, revision)

    def story(self, url: str) -> Sequence[Story]:
        """Everything known of a canonical URL, one story an outlet that listed it."""
        return stories.of_url(self._session, url)

    def _denied(self, attempt: Attempt) -> Stored:
        """It was taken out while its page was read: nothing of that is kept."""
        denied = replace(attempt, outcome=Outcome.DENIED, detail=FORGOTTEN)
        log_attempt(self._session, denied)
        return Stored(Outcome.DENIED)

    # Applying

    def _apply(self, draft: Draft) -> Stored:
        known, decision = draft.facts.known, draft.decision
        text_of = decision.relation.of
        if decision.outcome is Outcome.DENIED:
            return Stored(decision.outcome)
        if decision.held_until is not None:
            self._keeping.tell_flapping(draft)
        if not decision.store:
            # Its text is not kept, so that it must not make others a copy of it.
            self._keeping.see_again(draft)
            text_of = text_of if decision.outcome is Outcome.DUPLICATE else None
            return Stored(
                decision.outcome, known.article_id if known else None, text_of=text_of
            )
        article_id = self._keeping.article(draft)
        number = (known.revisions if known is not None else 0) + 1
        self._keeping.revision(draft, article_id, number)
        if draft.facts.text_hash is not None:
            self._keeping.see_text(draft, article_id)
        queued = self._keeping.announce(draft, decision.message, (article_id, number))
        return Stored(
            decision.outcome,
            article_id,
            number,
            queued=queued,
            msg_id=decision.message.msg_id if decision.message and queued else None,
            text_of=text_of if text_of != article_id else None,
        )

    def _amend(self, draft: Draft, known: Known) -> Stored:
        number = known.revisions + 1
        self._session.db.conn.execute(
            "UPDATE article SET revisions = ? WHERE id = ?", [number, known.article_id]
        )
        self._keeping.revision(draft, known.article_id, number)
        if draft.facts.text_hash is not None:
            self._keeping.see_text(draft, known.article_id)
        message = draft.decision.message
        queued = self._keeping.announce(draft, message, (known.article_id, number))
        msg_id = message.msg_id if message is not None and queued else None
        return Stored(draft.decision.outcome, known.article_id, number, queued, msg_id)

    # The URL

    def _note_shape(self, draft: Draft) -> None:
        """Learn from a new URL whether its spelling matters."""
        submission, holder = draft.submission, draft.facts.holder
        outcome = draft.decision.outcome
        if outcome is Outcome.NEW:
            self._shapes.note_different(submission.outlet, submission.url)
        if outcome is not Outcome.DUPLICATE or draft.facts.known or holder is None:
            return
        article = self.get(holder.article_id)
        exact = holder.coverage == holder.coverage_of == 1
        if exact and article is not None and article.outlet == submission.outlet:
            self._shapes.note_same(submission.outlet, submission.url, article.url)

    def shapes(self, outlet: str) -> Sequence[Shape]:
        """What the outlet has shown of the spelling of its addresses."""
        return self._shapes.list(outlet)

    def _settle(self, draft: Draft, stored: Stored) -> None:
        submission = draft.submission
        detail = FORGOTTEN if stored.outcome is Outcome.DENIED else None
        held_until = draft.decision.held_until
        if held_until is not None:
            detail = f"changes too often: held back until {held_until:%Y-%m-%d %H:%M}"
        if stored.text_of is not None:
            verb = "carries the text of" if draft.decision.store else "leads to"
            detail = f"{verb} {self._named(stored.text_of)}"
            first_seen = self._keeping.first_seen(stored.text_of)
            if draft.decision.store and draft.now - first_seen >= OLD:
                detail += f", first seen on {first_seen:%Y-%m-%d}"
        attempt = Attempt(submission.url_id, draft.now, stored.outcome, detail)
        log_attempt(self._session, self._with_status(attempt, submission.page_id))
        execute = self._session.db.conn.execute
        execute("DELETE FROM rejection WHERE url_id = ?", [submission.url_id])
        # A visit that a poll asked for while the page was waiting is kept.
        execute(
            "UPDATE url SET state = 'done', outcome = ?1, detail = ?2, article_id = ?3,"
            " forgotten_at = iif(?1 = 'denied', ?4, forgotten_at),"
            " attempts = attempts + 1, failures = 0, processed_at = ?4,"
            " unchanged = iif(?5, unchanged + 1, 0),"
            " next_at = min(coalesce(next_at, ?6), coalesce(?6, next_at))"
            " WHERE id = ?7",
            [
                stored.outcome,
                detail,
                stored.article_id,
                micros(draft.now),
                stored.outcome is Outcome.UNCHANGED and held_until is None,
                micros_or_none(held_until or _revisit_at(submission, stored)),
                submission.url_id,
            ],
        )
        if stored.outcome is Outcome.DENIED and submission.page_id is not None:
            drop_page(self._session, self._pages, submission.page_id)

    def _named(self, article_id: int) -> str:
        row = self._session.one(
            f"article {article_id}",
            "SELECT outlet, url FROM article WHERE id = ?",
            [article_id],
        )
        return f"{row['outlet']} {row['url']}"

    def _with_status(self, attempt: Attempt, page_id: int | None) -> Attempt:
        status = self._session.value("SELECT status FROM page WHERE id = ?", [page_id])
        return replace(attempt, status=status)

    def _stray(self, submission: Submission, facts: Facts) -> Stray | None:
        if is_forgotten(facts):
            return None
        return self._strays.find(submission, facts.text_hash)

    def _turn_away(self, submission: Submission, stray: Stray, now: datetime) -> Stored:
        """End a page whose text is no article's, and all that came with it before."""
        self._strays.take_back(stray, now, submission.retry_at)
        page_id, retry_at = submission.page_id, submission.retry_at
        attempt = Attempt(
            submission.url_id, now, Outcome.WALL, stray.detail, next_at=retry_at
        )
        log_attempt(self._session, self._with_status(attempt, page_id))
        self._keep_rejection(page_id, attempt, submission.reading, stray.wording)
        self._end_rejected(attempt)
        return Stored(Outcome.WALL)

    def _keep_rejection(
        self,
        page_id: int | None,
        attempt: Attempt,
        reading: Reading | None,
        wording: bytes | None = None,
    ) -> None:
        cleaned = reading.cleaned if reading is not None else None
        self._session.db.conn.execute(
            "INSERT OR REPLACE INTO rejection"
            " (url_id, page_id, at, outcome, detail, title, text, removed, text_hash)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                attempt.url_id,
                page_id,
                micros(attempt.at),
                attempt.outcome,
                printable_or_none(attempt.detail),
                printable_or_none(reading.title if reading is not None else None),
                printable_or_none(cleaned.text if cleaned is not None else None),
                removed_column(cleaned.removed if cleaned is not None else ()),
                wording,
            ],
        )

    def _end_rejected(self, attempt: Attempt) -> None:
        self._session.db.conn.execute(
            "UPDATE url SET state = iif(coalesce(next_at, ?1) IS NULL, 'done', 'due'),"
            " next_at = min(coalesce(next_at, ?1), coalesce(?1, next_at)),"
            " outcome = ?2, detail = ?3, attempts = attempts + 1,"
            " failures = iif(?4, failures + 1, 0), processed_at = ?5 WHERE id = ?6",
            [
                micros_or_none(attempt.next_at),
                attempt.outcome,
                printable_or_none(attempt.detail),
                attempt.outcome in RETRIED,
                micros(attempt.at),
                attempt.url_id,
            ],
        )


def _revisit_at(submission: Submission, stored: Stored) -> datetime | None:
    """When its page is looked at again: sooner while it changes."""
    changed = stored.outcome is Outcome.REVISION
    return submission.revisit_changed_at if changed else submission.revisit_at


def _clean(submission: Submission) -> Submission:
    """The submission with strings that SQLite takes."""
    reading = submission.reading
    cleaned = reading.cleaned
    if printable(cleaned.text) != cleaned.text:
        paragraphs = tuple(
            replace(paragraph, text=printable(paragraph.text))
            for paragraph in cleaned.paragraphs
        )
        cleaned = replace(cleaned, paragraphs=paragraphs)
    cleaned = replace(cleaned, title=printable_or_none(cleaned.title))
    metadata = replace(
        reading.metadata, title=printable_or_none(reading.metadata.title)
    )
    return replace(
        submission, reading=replace(reading, cleaned=cleaned, metadata=metadata)
    )
