"""Storing what a page turned out to be: facts gathered, decided, applied at once."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipelines.agencies import credit
from pipelines.article import Reading, Removed
from pipelines.decide import (
    DAY,
    Announcement,
    Decision,
    Facts,
    Holder,
    Kind,
    Known,
    Submission,
    amend,
    decide,
    is_disowned,
    story_of,
)
from pipelines.fingerprint import content_hash, coverage, text_hash, url_key
from pipelines.memory import Line, lines
from pipelines.outcome import RETRIED, Outcome
from pipelines.revising import Version, compare
from pipelines.store import carriers, stories
from pipelines.store.alerts import Alerts, Notice
from pipelines.store.carriers import Carrier, Kin
from pipelines.store.columns import (
    dated_column,
    dumped,
    iso,
    metadata_column,
    micros,
    micros_or_none,
    moment,
    printable,
    printable_or_none,
    removed_column,
)
from pipelines.store.deliveries import Deliveries, Message
from pipelines.store.forgetting import FORGOTTEN
from pipelines.store.frontier import Attempt, WaitingPage, log_attempt
from pipelines.store.memory import Heard, Memory
from pipelines.store.neighbours import Look, Neighbours
from pipelines.store.session import Session
from pipelines.store.stories import ArticleRow, RevisionRow, Story


@dataclass(frozen=True, slots=True)
class Stored:
    """What the store step made of a page.

    `text_of` is the article whose text it is, when that is another one. `msg_id` is
    of the message that was queued, `queued` whether there is one.
    """

    outcome: Outcome
    article_id: int | None = None
    revision: int | None = None
    queued: bool = False
    msg_id: str | None = None
    text_of: int | None = None


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A submission as the outlet's memory leaves it, and what is known of it.

    `look` is None where there is nothing to store.
    """

    heard: Heard
    look: Look | None
    facts: Facts


@dataclass(frozen=True, slots=True)
class _Draft:
    """A submission on its way into the tables."""

    submission: Submission
    facts: Facts
    decision: Decision
    look: Look | None
    now: datetime
    cosmetic: bool = False


class Articles:
    """Articles and their revisions."""

    def __init__(self, session: Session, queue: Deliveries, memory: Memory) -> None:
        self._session = session
        self._queue = queue
        self._memory = memory
        self._neighbours = Neighbours(session)

    def foresee(self, submission: Submission, now: datetime) -> Look | None:
        """Compare a text with what is stored, before the transaction that stores it.

        Only reads. `submit` looks again at what was stored since. None for a text that
        its article has already.
        """
        submission = _clean(submission)
        blocks = lines(submission.reading.cleaned.paragraphs)
        heard = self._memory.hear(submission, blocks, now).submission
        content = content_hash(heard.reading.title, heard.reading.cleaned.text)
        if _is_unchanged(self._known(heard, content), content):
            return None
        return self._neighbours.look(heard)

    def submit(
        self, submission: Submission, now: datetime, foreseen: Look | None = None
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
            weighed = self._weigh(submission, foreseen, now)
            heard, facts = weighed.heard, weighed.facts
            decision = decide(facts, heard.submission)
            draft = _Draft(heard.submission, facts, decision, weighed.look, now)
            stored = self._apply(draft)
            if decision.store and stored.article_id is not None:
                self._memory.note(heard, stored.article_id, now)
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
            if self._is_forgotten(page.url_id):
                return self._denied(attempt)
            log_attempt(self._session, attempt)
            self._keep_rejection(page, attempt, reading)
            self._end_rejected(attempt)
        return Stored(outcome)

    def amend(
        self, submission: Submission, revision: int, now: datetime, *, tell: bool
    ) -> Stored | None:
        """Store what the page of an article's latest text gives today.

        A cosmetic revision: the outlet has changed nothing. It is queued only if
        consumers are to be told (`tell`) and know the article. One transaction; None
        if `revision` is no longer the article's latest.
        """
        submission = _clean(submission)
        reading = submission.reading
        content = content_hash(reading.title, reading.cleaned.text)
        with self._session.write():
            facts = self._facts(submission, content, text_hash(reading.cleaned.text))
            known = facts.known
            if known is None or known.revisions != revision:
                return None
            decision = amend(facts, known, submission, tell)
            look = self._neighbours.look(submission)
            draft = _Draft(submission, facts, decision, look, now, cosmetic=True)
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

    def _is_forgotten(self, url_id: int) -> bool:
        query = "SELECT forgotten_at FROM url WHERE id = ?"
        return self._session.value(query, [url_id]) is not None

    def _denied(self, attempt: Attempt) -> Stored:
        """It was taken out while its page was read: nothing of that is kept."""
        denied = replace(attempt, outcome=Outcome.DENIED, detail=FORGOTTEN)
        log_attempt(self._session, denied)
        return Stored(Outcome.DENIED)

    # Gathering

    def _weigh(
        self, submission: Submission, foreseen: Look | None, now: datetime
    ) -> _Weighed:
        blocks = lines(submission.reading.cleaned.paragraphs)
        weighed = self._weighed(submission, blocks, foreseen, now)
        if is_disowned(weighed.facts, weighed.heard.submission):
            submission = self._under_final_url(submission)
            weighed = self._weighed(submission, blocks, None, now)
        return weighed

    def _weighed(
        self,
        submission: Submission,
        blocks: tuple[Line, ...],
        foreseen: Look | None,
        now: datetime,
    ) -> _Weighed:
        heard = self._memory.hear(submission, blocks, now)
        reading = heard.submission.reading
        content = content_hash(reading.title, reading.cleaned.text)
        wording = text_hash(reading.cleaned.text)
        facts = self._facts(heard.submission, content, wording)
        if _is_unchanged(facts.known, content):
            return _Weighed(heard, None, facts)
        if facts.known is not None:
            known = self._compared(facts.known, heard.submission, now)
            facts = replace(facts, known=known)
        look = self._neighbours.again(foreseen, heard.submission)
        if facts.holder is None:
            near = self._neighbours.holder(look)
            facts = replace(facts, holder=self._told(near, submission.outlet))
        return _Weighed(heard, look, facts)

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
        if submission.alias and known.url_id != submission.url_id:
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

    # Applying

    def _apply(self, draft: _Draft) -> Stored:
        known, decision = draft.facts.known, draft.decision
        text_of = decision.relation.of
        if decision.outcome is Outcome.DENIED:
            return Stored(decision.outcome)
        if decision.held_until is not None:
            self._tell_flapping(draft)
        if not decision.store:
            # Its text is not kept, so that it must not make others a copy of it.
            self._see_again(draft)
            text_of = text_of if decision.outcome is Outcome.DUPLICATE else None
            return Stored(
                decision.outcome, known.article_id if known else None, text_of=text_of
            )
        article_id = self._keep_article(draft)
        number = (known.revisions if known is not None else 0) + 1
        self._keep_revision(draft, article_id, number)
        if draft.facts.text_hash is not None:
            self._see_text(draft, article_id)
        queued = self._announce(draft, decision.message, (article_id, number))
        return Stored(
            decision.outcome,
            article_id,
            number,
            queued=queued,
            msg_id=decision.message.msg_id if decision.message and queued else None,
            text_of=text_of if text_of != article_id else None,
        )

    def _tell_flapping(self, draft: _Draft) -> None:
        submission, known = draft.submission, draft.facts.known
        assert known is not None  # noqa: S101 (for the type checker)
        notice = Notice(
            f"flapping:{submission.outlet}:{known.article_id}",
            f"{submission.outlet}: a page changes all the time: {submission.url}",
            f"{len(known.latest)} revisions in 24 hours; the next one is taken after"
            f" {draft.decision.held_until:%H:%M} UTC",
            f"presswatch explain {submission.url}",
        )
        Alerts(self._session).open(notice, draft.now)

    def _amend(self, draft: _Draft, known: Known) -> Stored:
        number = known.revisions + 1
        self._session.db.conn.execute(
            "UPDATE article SET revisions = ? WHERE id = ?", [number, known.article_id]
        )
        self._keep_revision(draft, known.article_id, number)
        if draft.facts.text_hash is not None:
            self._see_text(draft, known.article_id)
        message = draft.decision.message
        queued = self._announce(draft, message, (known.article_id, number))
        msg_id = message.msg_id if message is not None and queued else None
        return Stored(draft.decision.outcome, known.article_id, number, queued, msg_id)

    def _keep_article(self, draft: _Draft) -> int:
        submission = draft.submission
        self._session.db.conn.execute(
            "INSERT INTO article (outlet, key, url, first_seen, revisions, story)"
            " VALUES (?, ?, ?, ?, 1, ?) ON CONFLICT (outlet, key) DO UPDATE"
            " SET revisions = revisions + 1, story = excluded.story",
            [
                submission.outlet,
                url_key(submission.url),
                submission.url,
                micros(submission.fetched_at),
                story_of(draft.facts),
            ],
        )
        found = self._session.value(
            "SELECT id FROM article WHERE outlet = ? AND key = ?",
            [submission.outlet, url_key(submission.url)],
        )
        return int(found)

    def _keep_revision(self, draft: _Draft, article_id: int, number: int) -> None:
        submission, reading = draft.submission, draft.submission.reading
        metadata, relation = reading.metadata, draft.decision.relation
        changes = draft.decision.changes
        row = {
            "article_id": article_id,
            "n": number,
            "content_hash": draft.facts.content_hash,
            "text_hash": draft.facts.text_hash,
            "title": reading.title,
            "authors": dumped(builtins.list(metadata.authors)),
            "published": dated_column(metadata.published),
            "updated": dated_column(metadata.updated),
            "language": reading.language,
            "section": printable_or_none(metadata.section),
            "text": reading.cleaned.text,
            "metadata": metadata_column(metadata),
            "relation": relation.relation,
            "relation_of": relation.of,
            "coverage": relation.coverage,
            "coverage_of": relation.coverage_of,
            "passages": dumped(relation.passages) if relation.passages else None,
            "change": changes and changes.change,
            "changes": changes and dumped(changes.as_json()),
            "credit": credit(
                reading.cleaned.text, metadata.authors, reading.cleaned.removed
            ),
            "cleaner_version": reading.cleaner_version,
            "page_id": submission.page_id,
            "url_id": submission.url_id,
            "fetched_at": micros(submission.fetched_at),
            "stored_at": micros(draft.now),
            "made_by": submission.made_by,
            "cosmetic": draft.cosmetic,
        }
        cursor = self._session.db.conn.execute(
            f"INSERT INTO revision ({', '.join(row)})"  # noqa: S608 - our own names
            f" VALUES ({', '.join('?' * len(row))})",
            builtins.list(row.values()),
        )
        revision_id = int(cursor.lastrowid or 0)
        self._keep_removed(revision_id, reading.cleaned.removed)
        if draft.look is not None:
            self._neighbours.keep(draft.look, article_id, revision_id)

    def _keep_removed(self, revision_id: int, removed: Sequence[Removed]) -> None:
        self._session.db.conn.executemany(
            "INSERT INTO removal (revision_id, ordinal, at, text, reason, evidence)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [
                (
                    revision_id,
                    ordinal,
                    block.at,
                    printable(block.text),
                    block.reason,
                    printable(block.evidence),
                )
                for ordinal, block in enumerate(removed)
            ],
        )

    def _see_text(self, draft: _Draft, article_id: int) -> None:
        self._session.db.conn.execute(
            "INSERT INTO text_seen (text_hash, article_id, first_at, n, last_seen)"
            " VALUES (?1, ?2, ?3, 1, ?3) ON CONFLICT (text_hash) DO UPDATE"
            " SET n = n + 1, last_seen = max(last_seen, ?3), article_id = iif("
            "(SELECT forgotten_at FROM article WHERE id = text_seen.article_id)"
            " IS NULL, text_seen.article_id, excluded.article_id)",
            [draft.facts.text_hash, article_id, micros(draft.submission.fetched_at)],
        )

    def _see_again(self, draft: _Draft) -> None:
        self._session.db.conn.execute(
            "UPDATE text_seen SET last_seen = max(last_seen, ?) WHERE text_hash = ?",
            [micros(draft.submission.fetched_at), draft.facts.text_hash],
        )

    def _announce(
        self, draft: _Draft, message: Announcement | None, of: tuple[int, int]
    ) -> bool:
        if message is None:
            return False
        article_id, number = of
        return self._queue.add(
            Message(
                msg_id=message.msg_id,
                kind=message.kind,
                article_id=article_id,
                revision=number,
                supersedes=message.supersedes,
                priority=draft.submission.priority,
                text_hash=draft.facts.text_hash,
                body=dumped(_body(draft.submission, number) | _changes(message, draft)),
            ),
            draft.now,
        )

    # The URL

    def _settle(self, draft: _Draft, stored: Stored) -> None:
        submission = draft.submission
        detail = FORGOTTEN if stored.outcome is Outcome.DENIED else None
        held_until = draft.decision.held_until
        if held_until is not None:
            detail = f"changes too often: held back until {held_until:%Y-%m-%d %H:%M}"
        if stored.text_of is not None:
            verb = "carries the text of" if draft.decision.store else "leads to"
            detail = f"{verb} {self._named(stored.text_of)}"
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
                micros_or_none(held_until or submission.revisit_at),
                submission.url_id,
            ],
        )

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

    def _keep_rejection(
        self, page: WaitingPage, attempt: Attempt, reading: Reading | None
    ) -> None:
        cleaned = reading.cleaned if reading is not None else None
        self._session.db.conn.execute(
            "INSERT OR REPLACE INTO rejection"
            " (url_id, page_id, at, outcome, detail, title, text, removed)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                page.url_id,
                page.page_id,
                micros(attempt.at),
                attempt.outcome,
                printable_or_none(attempt.detail),
                printable_or_none(reading.title if reading is not None else None),
                printable_or_none(cleaned.text if cleaned is not None else None),
                removed_column(cleaned.removed if cleaned is not None else ()),
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


def _is_unchanged(known: Known | None, content: bytes) -> bool:
    return known is not None and known.content_hash == content and not known.withdrawn


def _clean(submission: Submission) -> Submission:
    """The submission with strings that SQLite takes."""
    reading = submission.reading
    cleaned = reading.cleaned
    paragraphs = tuple(
        replace(paragraph, text=printable(paragraph.text))
        for paragraph in cleaned.paragraphs
    )
    cleaned = replace(
        cleaned, title=printable_or_none(cleaned.title), paragraphs=paragraphs
    )
    metadata = replace(
        reading.metadata, title=printable_or_none(reading.metadata.title)
    )
    return replace(
        submission, reading=replace(reading, cleaned=cleaned, metadata=metadata)
    )


def _changes(message: Announcement, draft: _Draft) -> dict[str, object]:
    """What a revision changed in the text that consumers have."""
    changes = draft.decision.changes
    if message.kind is not Kind.REVISION or changes is None:
        return {}
    return {"changes": changes.as_json()}


def _body(submission: Submission, number: int) -> dict[str, object]:
    """The article as consumers get it, without `also_at`, which is of the lease."""
    reading = submission.reading
    published = reading.metadata.published
    return {
        "url": submission.url,
        "outlet": submission.outlet,
        "title": reading.title,
        "authors": builtins.list(reading.metadata.authors),
        "published": iso(published.at if published is not None else None),
        "language": reading.language,
        "text": reading.cleaned.text,
        "partial": reading.cleaned.partial is not None,
        "text_from": "feed" if reading.from_feed else "page",
        "revision": number,
    }
