"""What a text is to the store, decided from facts alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipelines.article import Cleaned, Metadata, Reading
from pipelines.decide import (
    Decision,
    Facts,
    Holder,
    Kind,
    Known,
    Submission,
    decide,
    is_disowned,
)
from pipelines.outcome import Outcome
from pipelines.similarity.judging import Likeness

OLD, NEW = b"old" * 4, b"new" * 4
READING = Reading(Cleaned("t", (), ()), Metadata(), "en", "1")
SUBMITTED = Submission(
    url_id=1,
    page_id=1,
    outlet="ferry",
    url="https://ferry.example/a",
    alias=False,
    reading=READING,
    fetched_at=datetime(2026, 11, 23, tzinfo=UTC),
)
UNKNOWN = Facts(NEW, NEW, led_here=False, known=None, holder=None)
KNOWN = Known(
    article_id=5,
    revisions=1,
    content_hash=OLD,
    url_id=1,
    times=0,
    announced="a" * 32,
)
SILENT = replace(KNOWN, announced=None)
HOLDER = Holder(article_id=9, story=8, outlet_told=False)


def judged(facts: Facts, **submitted: object) -> tuple[Outcome, bool, Kind | None]:
    decision = decide(facts, replace(SUBMITTED, **submitted))  # type: ignore[arg-type]
    kind = decision.message.kind if decision.message else None
    return decision.outcome, decision.store, kind


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(UNKNOWN, (Outcome.NEW, True, Kind.NEW), id="never seen"),
        pytest.param(
            replace(UNKNOWN, holder=HOLDER),
            (Outcome.DUPLICATE, True, None),
            id="another article's text",
        ),
        pytest.param(
            replace(UNKNOWN, known=KNOWN),
            (Outcome.REVISION, True, Kind.REVISION),
            id="its URL had another text",
        ),
        pytest.param(
            replace(UNKNOWN, known=KNOWN, holder=HOLDER),
            (Outcome.REVISION, True, Kind.REVISION),
            id="an article of its own took over another's text",
        ),
        pytest.param(
            replace(UNKNOWN, known=SILENT),
            (Outcome.REVISION, True, Kind.NEW),
            id="a copy that became an article of its own",
        ),
        pytest.param(
            replace(UNKNOWN, known=SILENT, holder=HOLDER),
            (Outcome.DUPLICATE, True, None),
            id="a copy that followed its original",
        ),
        pytest.param(
            replace(UNKNOWN, content_hash=OLD, known=KNOWN, led_here=True),
            (Outcome.UNCHANGED, False, None),
            id="fetched again, the same",
        ),
        pytest.param(
            replace(UNKNOWN, content_hash=OLD, known=KNOWN),
            (Outcome.DUPLICATE, False, None),
            id="another URL that leads to the same article",
        ),
    ],
)
def test_outcomes(facts: Facts, expected: tuple[Outcome, bool, Kind | None]) -> None:
    assert judged(facts) == expected


@pytest.mark.parametrize(
    ("wanted", "told", "kind"),
    [
        pytest.param("once", False, None, id="once"),
        pytest.param("each outlet", False, Kind.COPY, id="outlet not told yet"),
        pytest.param("each outlet", True, None, id="outlet told already"),
        pytest.param("all", True, Kind.COPY, id="all"),
    ],
)
def test_copies_are_announced_as_configured(
    wanted: str, told: bool, kind: Kind | None
) -> None:
    facts = replace(UNKNOWN, holder=replace(HOLDER, outlet_told=told))
    assert judged(facts, duplicates=wanted) == (Outcome.DUPLICATE, True, kind)


def test_a_page_under_another_url_does_not_revise() -> None:
    facts = replace(UNKNOWN, known=replace(KNOWN, url_id=2), led_here=True)
    assert judged(facts, alias=True) == (Outcome.DUPLICATE, False, None)


def test_a_page_under_another_url_revises_what_it_brought_itself() -> None:
    facts = replace(UNKNOWN, known=KNOWN, led_here=True)
    assert judged(facts, alias=True) == (Outcome.REVISION, True, Kind.REVISION)


@pytest.mark.parametrize(
    ("alias", "url_id", "coverage", "expected"),
    [
        pytest.param(True, 2, 0.1, True, id="another article"),
        pytest.param(True, 2, 0.9, False, id="a view of it"),
        pytest.param(True, 1, 0.1, False, id="its own page, rewritten"),
        pytest.param(True, 2, None, False, id="the same content"),
        pytest.param(False, 2, 0.1, False, id="served under its own URL"),
    ],
)
def test_whether_rel_canonical_is_believed(
    alias: bool, url_id: int, coverage: float | None, expected: bool
) -> None:
    facts = replace(UNKNOWN, known=replace(KNOWN, url_id=url_id), coverage=coverage)
    assert is_disowned(facts, replace(SUBMITTED, alias=alias)) is expected


def test_an_unknown_article_is_new_under_another_url_too() -> None:
    assert judged(UNKNOWN, alias=True) == (Outcome.NEW, True, Kind.NEW)


def message_of(facts: Facts) -> tuple[str, str | None]:
    message = decide(facts, SUBMITTED).message
    assert message is not None
    return message.msg_id, message.supersedes


def test_a_text_that_comes_back_gets_an_id_of_its_own() -> None:
    first = message_of(replace(UNKNOWN, known=KNOWN))
    again = message_of(replace(UNKNOWN, known=replace(KNOWN, times=1)))
    assert first[0] != again[0]
    assert first == message_of(replace(UNKNOWN, known=KNOWN))


def test_a_revision_names_the_message_it_supersedes() -> None:
    assert message_of(UNKNOWN)[1] is None
    assert message_of(replace(UNKNOWN, known=KNOWN))[1] == KNOWN.announced


def test_relations() -> None:
    def relation(facts: Facts) -> Decision:
        return decide(facts, SUBMITTED)

    assert relation(UNKNOWN).relation.relation is Likeness.NEW
    copy = relation(replace(UNKNOWN, holder=HOLDER)).relation
    assert (copy.relation, copy.of, copy.coverage) == (Likeness.SAME, 9, 1.0)
    revision = relation(replace(UNKNOWN, known=KNOWN)).relation
    assert (revision.relation, revision.of) == (Likeness.REVISION, 5)


def test_an_unknown_way_with_duplicates_is_an_error() -> None:
    with pytest.raises(ValueError, match="twice"):
        judged(replace(UNKNOWN, holder=HOLDER), duplicates="twice")
