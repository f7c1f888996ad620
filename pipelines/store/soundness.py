"""Whether a database is whole: SQLite's own checks, and what must hold in it."""

from __future__ import annotations

from typing import Final

from pipelines.store.session import Session

#: Findings of one kind that are told apart; more are counted.
_MOST: Final = 20

#: What must not be there -> a query that counts it.
_BREACHES: Final = {
    "messages whose text is not stored": """
        SELECT count(*) FROM message m WHERE m.kind IN ('new', 'revision')
        AND m.article_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM revision r
            WHERE r.article_id = m.article_id AND r.n = m.revision)""",
    "texts to be handed on without a message": """
        SELECT count(*) FROM revision r WHERE r.relation IN ('new', 'revision')
        AND NOT r.cosmetic AND NOT EXISTS (SELECT 1 FROM message m
            WHERE m.article_id = r.article_id AND m.revision = r.n)""",
    "leases without a holder": """
        SELECT count(*) FROM delivery WHERE state = 'leased'
        AND (token IS NULL OR lease_until IS NULL)""",
    "URLs that are done without an outcome": """
        SELECT count(*) FROM url WHERE state = 'done' AND outcome IS NULL""",
    "URLs that nobody will come back to": """
        SELECT count(*) FROM url WHERE (state = 'due' AND next_at IS NULL)
        OR (state = 'waiting' AND page_id IS NULL)""",
}


def damage(session: Session, *, quick: bool = False) -> list[str]:
    """What is broken in the file, each in a line; reads it all.

    `quick` leaves out whether the indices agree with their tables, which takes most
    of the time.
    """
    check = "quick_check" if quick else "integrity_check"
    found = [row[0] for row in session.rows(f"PRAGMA {check}({_MOST})")]
    orphans = session.rows("PRAGMA foreign_key_check")
    found += [f"row {row[1]} of {row[0]} has no {row[2]}" for row in orphans[:_MOST]]
    if len(orphans) > _MOST:
        found.append(f"{len(orphans)} such rows in all")
    return [line for line in found if line != "ok"]


def breaches(session: Session) -> list[str]:
    """Which promises the rows break, each in a line; for the newest schema."""
    with session.snapshot():
        counted = {what: session.value(query) for what, query in _BREACHES.items()}
    return [f"{count} {what}" for what, count in counted.items() if count]
