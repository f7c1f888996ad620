"""What a text is to the store: new, a revision, a copy, nothing new. Pure.

`articles` gathers the facts, `decide` judges them, `articles` applies the decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pipelines.article import Reading
from pipelines.candidate import Candidate
from pipelines.fingerprint import message_id
from pipelines.outcome import Outcome
from pipelines.revising import Change, Changes
from pipelines.similarity.judging import Likeness
from pipelines.similarity.passages import Passage

#: Views of one article (print, mobile, a shortened one) share far more than half of
#: the shorter text; articles that quote the same background share less.
SAME_ARTICLE = 0.5

#: Revisions are counted over so long a time.
DAY = timedelta(days=1)


class Duplicates(StrEnum):
    """Whether a text that another article carries is handed on again."""

    ONCE = "once"
    EACH_OUTLET = "each outlet"
    ALL = "all"


#: Unless told otherwise, consumers get every revision.
EVERY_CHANGE = frozenset(map(str, Change))


class Kind(StrEnum):
    """What a message says."""

    NEW = "new"
    REVISION = "revision"
    WITHDRAWAL = "withdrawal"
    COPY = "copy"


@dataclass(frozen=True, slots=True)
class Relation:
    """How a text relates to the article `of`.

    `coverage` is the share of this text found there, `coverage_of` the share of that
    one found here, from 0 to 1. `passages` say where in this text, from and to in
    characters; none if it is all of it.
    """

    relation: Likeness
    of: int | None = None
    coverage: float | None = None
    coverage_of: float | None = None
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Submission:
    """A page that was read and found to be an article.

    `url` is the article's own canonical URL. `alias` is true when the page was served
    under another one, which is only `respelt` if the outlet has shown that the
    difference does not matter. `duplicates` is a value of `Duplicates`, `revisions` are
    values of `Change` that are queued, at most `most_revisions` a day; `made_by` says
    which cleaner, rules and config made the text (`pipelines.versions`). `retry_at`
    is when to come back should the text turn out to be no article's.
    """

    url_id: int
    page_id: int | None
    outlet: str
    url: str
    alias: bool
    reading: Reading
    fetched_at: datetime
    duplicates: str = Duplicates.ONCE
    revisions: frozenset[str] = EVERY_CHANGE
    most_revisions: int | None = None
    priority: int = 0
    revisit_at: datetime | None = None  # when the page is looked at again
    revisit_changed_at: datetime | None = None  # the same, if it proves to have changed
    hints: Candidate | None = None
    made_by: str | None = None
    respelt: bool = False
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """The article at the submission's own URL, as it is stored.

    `content_hash` and `url_id` (the URL whose page it was) are of its latest
    revision. `times` is how many of its revisions had the submitted content, and
    `announced` the id of its latest message, which was `withdrawn` if that said so.
    `followed` says that others are known as copies of it, `forgotten` that it was
    taken out. `changes` lead from the text that consumers have, else the latest one, to
    the submitted one; None if that is no longer kept. `latest` are the times of its
    revisions of the last day, the first one first.
    """

    article_id: int
    revisions: int
    content_hash: bytes
    url_id: int | None
    times: int
    announced: str | None
    followed: bool = False
    withdrawn: bool = False
    forgotten: bool = False
    changes: Changes | None = None
    latest: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Holder:
    """Another article that carries the submitted text, or has much of it.

    The rest is as in `Relation`. `story` is the article that told its story first;
    `outlet_told` says that it has a message of the submission's outlet, `forgotten`
    that it is a text of that outlet that was taken out.
    """

    article_id: int
    story: int
    outlet_told: bool = False
    forgotten: bool = False
    likeness: Likeness = Likeness.SAME
    coverage: float = 1.0
    coverage_of: float = 1.0
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the store knows of a submission.

    `led_here` says that this URL has led to that article before. `coverage` is the
    larger share that the submitted text and the known article's have in common;
    None where nobody needs it. `forgotten`: the URL was taken out while it was read.
    """

    content_hash: bytes
    text_hash: bytes | None
    led_here: bool
    known: Known | None
    holder: Holder | None
    coverage: float | None = None
    forgotten: bool = False


@dataclass(frozen=True, slots=True)
class Announcement:
    """The message to make. `supersedes` is the id of the article's previous one."""

    kind: Kind
    msg_id: str
    supersedes: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a submission.

    `store` says that a revision is to be kept, and `changes` what it changed.
    `held_until`: the page changes too often, and is not to be looked at before.
    `message` is None when nobody needs to hear of it.
    """

    outcome: Outcome
    relation: Relation
    store: bool
    changes: Changes | None = None
    held_until: datetime | None = None
    message: Announcement | None = None


def relate(facts: Facts) -> Relation:
    """How the submitted text relates to what is stored."""
    holder = facts.holder
    known = facts.known
    if known is not None and (known.announced is not None or not is_copy(facts)):
        return Relation(Likeness.REVISION, known.article_id)
    if holder is None:
        return Relation(Likeness.NEW)
    return Relation(
        holder.likeness,
        holder.article_id,
        holder.coverage,
        holder.coverage_of,
        holder.passages,
    )


def is_copy(facts: Facts) -> bool:
    """Whether another article has the submitted text, as it is or changed."""
    return facts.holder is not None and facts.holder.likeness is Likeness.SAME


def is_forgotten(facts: Facts) -> bool:
    """Whether the article, or its text in the same outlet, was taken out for good."""
    return (
        facts.forgotten
        or (facts.known is not None and facts.known.forgotten)
        or (facts.holder is not None and facts.holder.forgotten)
    )


def story_of(facts: Facts) -> int | None:
    """The article that told the submitted text first; None if it is its own.

    Who is followed by copies leads the story, whatever becomes of its own text.
    """
    known, holder = facts.known, facts.holder
    if holder is None or not is_copy(facts):
        return None
    leads = known is not None and (known.followed or holder.story == known.article_id)
    return None if leads else holder.story


def is_disowned(facts: Facts, submission: Submission) -> bool:
    """Whether the article named by rel=canonical is plainly another one.

    Some sites let all pages of a section name one URL. Such a page goes by the URL
    it was served under, or its text would be lost as a view of the other article.
    """
    return (
        submission.alias
        and facts.known is not None
        and facts.known.url_id != submission.url_id
        and facts.coverage is not None
        and facts.coverage < SAME_ARTICLE
    )


def is_another_view(known: Known, submission: Submission) -> bool:
    """Whether the page only says that it belongs to the article."""
    aside = submission.alias and not submission.respelt
    return aside and known.url_id != submission.url_id


def decide(facts: Facts, submission: Submission) -> Decision:
    """What the submission is, and what follows."""
    if is_forgotten(facts):
        return Decision(Outcome.DENIED, Relation(Likeness.NEW), store=False)
    if facts.known is not None:
        return _at_known_url(facts, facts.known, submission)
    relation = relate(facts)
    if relation.relation is Likeness.SAME:
        return _copy(facts, relation, submission)
    message = _announce(Kind.NEW, facts, submission)
    return Decision(Outcome.NEW, relation, store=True, message=message)


def amend(facts: Facts, known: Known, submission: Submission, tell: bool) -> Decision:
    """What follows when the page of a stored text gives another text today.

    It is a revision that the outlet knows nothing of. `tell`: consumers are to hear of
    it, unless they have never heard of the article.
    """
    relation = Relation(Likeness.REVISION, known.article_id)
    message = None
    if tell and known.announced is not None:
        message = _announce(Kind.REVISION, facts, submission)
    return _revised(relation, known, message)


def _at_known_url(facts: Facts, known: Known, submission: Submission) -> Decision:
    # A page that is back is news, also with the text of before.
    if known.content_hash == facts.content_hash and not known.withdrawn:
        outcome = Outcome.UNCHANGED if facts.led_here else Outcome.DUPLICATE
        return _nothing_new(outcome, known)
    if is_another_view(known, submission):
        # Page 2, the print view, the mobile view of one article declare the same
        # canonical URL: taken as revisions they would take turns for ever.
        return _nothing_new(Outcome.DUPLICATE, known)
    relation = relate(facts)
    held_until = _held_until(known, submission)
    if held_until is not None:
        return Decision(Outcome.UNCHANGED, relation, store=False, held_until=held_until)
    if known.announced is None and relation.relation is Likeness.SAME:
        return _copy(facts, relation, submission)
    # The first that consumers hear of an article is `new`, also when it was a copy
    # until now and its text has only just become its own.
    kind = Kind.NEW if known.announced is None else Kind.REVISION
    message = None
    if kind is Kind.NEW or _revision_wanted(known, submission):
        message = _announce(kind, facts, submission)
    return _revised(relation, known, message)


def _revised(
    relation: Relation, known: Known, message: Announcement | None
) -> Decision:
    return Decision(
        Outcome.REVISION,
        relation,
        store=True,
        changes=known.changes,
        message=message,
    )


def _held_until(known: Known, submission: Submission) -> datetime | None:
    """When a page that changes all the time may change again."""
    most = submission.most_revisions
    if most is None or len(known.latest) < most:
        return None
    return known.latest[-most] + DAY


def _revision_wanted(known: Known, submission: Submission) -> bool:
    # Who was told that it is gone wants to hear that it is back.
    return (
        known.withdrawn
        or known.changes is None
        or known.changes.change in submission.revisions
    )


def _nothing_new(outcome: Outcome, known: Known) -> Decision:
    relation = Relation(Likeness.SAME, known.article_id)
    return Decision(outcome, relation, store=False)


def _copy(facts: Facts, relation: Relation, submission: Submission) -> Decision:
    message = None
    if _copy_wanted(facts, Duplicates(submission.duplicates)):
        message = _announce(Kind.COPY, facts, submission)
    return Decision(Outcome.DUPLICATE, relation, store=True, message=message)


def _copy_wanted(facts: Facts, wanted: Duplicates) -> bool:
    if wanted is Duplicates.EACH_OUTLET:
        return facts.holder is not None and not facts.holder.outlet_told
    return wanted is Duplicates.ALL


def _announce(kind: Kind, facts: Facts, submission: Submission) -> Announcement:
    known = facts.known
    times = known.times if known is not None else 0
    msg_id = message_id(
        submission.outlet, submission.url, kind, facts.content_hash, times + 1
    )
    return Announcement(kind, msg_id, known.announced if known is not None else None)
