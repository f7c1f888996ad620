"""The audit that every test of the fault catalogue ends in.

Whatever was done to the program, afterwards its database is sound, what is to be
delivered is queued exactly once, every URL that was listed has its outcome, and the
log names outlet, URL and cause of what failed, in one line each.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipelines.store import Store

#: Queries for what must not be there. Each row found is a breach of its promise.
_BREACHES = {
    "a text to deliver that has no message": """
        SELECT a.url, r.n FROM revision r JOIN article a ON a.id = r.article_id
        WHERE r.relation IN ('new', 'revision') AND r.cosmetic = 0 AND NOT EXISTS (
            SELECT 1 FROM message m
            WHERE m.article_id = r.article_id AND m.revision = r.n)""",
    "a message of no stored text": """
        SELECT m.msg_id, m.revision FROM message m
        WHERE m.kind IN ('new', 'revision') AND NOT EXISTS (
            SELECT 1 FROM revision r
            WHERE r.article_id = m.article_id AND r.n = m.revision)""",
    "a text that was queued twice": """
        SELECT article_id, revision, count(*) FROM message
        WHERE kind IN ('new', 'revision')
        GROUP BY article_id, revision HAVING count(*) > 1""",
    "a message without its delivery": """
        SELECT s.name, m.seq FROM subscription s JOIN message m
        ON s.name = 'default' AND m.made_at >= s.added_at AND NOT EXISTS (
            SELECT 1 FROM delivery d
            WHERE d.subscription = s.name AND d.seq = m.seq)""",
    "a lease without its holder": """
        SELECT subscription, seq FROM delivery
        WHERE state = 'leased' AND (token IS NULL OR lease_until IS NULL)""",
    "a URL that is done without an outcome": """
        SELECT outlet, url FROM url WHERE state = 'done' AND outcome IS NULL""",
    "a URL that nobody will come back to": """
        SELECT outlet, url FROM url WHERE state = 'due' AND next_at IS NULL
        UNION ALL
        SELECT outlet, url FROM url WHERE state = 'waiting' AND page_id IS NULL""",
    "an article that its own URL does not know": """
        SELECT a.outlet, a.url FROM article a WHERE NOT EXISTS (
            SELECT 1 FROM url u WHERE u.article_id = a.id)""",
}

_UNFINISHED = """
    SELECT outlet, url, state FROM url WHERE outcome IS NULL OR state = 'waiting'"""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What one line of the log must name: the outlet, the URL and the cause."""

    outlet: str
    url: str
    cause: str

    def lines(self, log: str) -> list[str]:
        """The lines of the log that say so."""
        words = (self.outlet, self.url, self.cause)
        return [line for line in log.splitlines() if all(w in line for w in words)]


def audit(
    database: Path,
    *,
    listed: Iterable[str] = (),
    finished: bool = False,
    log: str = "",
    complaints: Iterable[Complaint] = (),
) -> None:
    """Fails with all that the database or the log breaks of what was promised.

    `listed` are canonical URLs that must be known. `finished`: a pass has ended that
    was to leave nothing due, so that each URL must have its outcome. `complaints`
    must each be told in exactly one line of `log`; a traceback is never.
    """
    found = [*_breaches(database, finished), *_unknown(database, listed)]
    for complaint in complaints:
        lines = complaint.lines(log)
        if len(lines) != 1:
            found.append(f"told in {len(lines)} lines: {complaint}")
    if "Traceback" in log:
        found.append("a traceback in the log")
    assert not found, "\n".join([*found, "", "the log:", log[-4000:]])


def _breaches(database: Path, finished: bool) -> list[str]:
    with Store.open(database, read_only=True) as store:
        found = store.damage()
        for promise, query in _BREACHES.items():
            rows = store.session.rows(query)
            found += [f"{promise}: {tuple(row)}" for row in rows]
        if finished:
            rows = store.session.rows(_UNFINISHED)
            found += [f"a URL without its outcome: {tuple(row)}" for row in rows]
    return found


def _unknown(database: Path, listed: Iterable[str]) -> list[str]:
    with Store.open(database, read_only=True) as store:
        known = {row["url"] for row in store.session.rows("SELECT url FROM url")}
    return [f"listed and not known: {url}" for url in listed if url not in known]
