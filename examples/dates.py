"""Which days do the news speak of? A consumer that reads the dates out of each text.

    python examples/dates.py data/presswatch.db days.db

fills the table `mention` of days.db: a day, the words that name it, the article. It
works offline, in the languages that dateparser knows, and has its effect exactly once:
the id of a message stands in `seen`, in the transaction of its effect. So it may be
killed and started again whenever it pleases; a revision replaces what was read before,
and a withdrawal takes it out.
"""

from __future__ import annotations

import argparse
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from dateparser import parse
from dateparser.search import search_dates

from presswatch import Article, Message, messages

TABLES = """
CREATE TABLE IF NOT EXISTS seen (message TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS mention (url TEXT, day TEXT, words TEXT);
CREATE INDEX IF NOT EXISTS mention_day ON mention (day);
CREATE TABLE IF NOT EXISTS article (url TEXT PRIMARY KEY, revision INTEGER, title TEXT);
"""


def days(article: Article) -> Iterator[tuple[date, str]]:
    """The days that a text names by day and month, with the words.

    A day without a year is one of the year of publication.
    """
    published = article["published"]
    base = datetime.fromisoformat(published) if published else datetime.now(UTC)
    settings = {
        "RELATIVE_BASE": base.replace(tzinfo=None),
        "REQUIRE_PARTS": ["day", "month"],
        "PARSERS": ["absolute-time"],
    }
    language = article["language"].partition("-")[0]
    for line in article["text"].splitlines():
        try:
            found = search_dates(line, languages=[language], settings=settings)
        except ValueError:  # a language that dateparser does not know
            return
        for words, at in found or ():
            if names_a_day(words, language):
                yield at.date(), words


def names_a_day(words: str, language: str) -> bool:
    """Whether these are more than two numbers, which dateparser takes for a day."""
    if not any(map(str.isdigit, words)):
        return False
    return bool(re.search(r"\b(19|20)\d\d\b", words)) or any(
        is_month(word, language) for word in re.findall(r"[^\W\d_]+", words)
    )


@cache
def is_month(word: str, language: str) -> bool:
    """Whether a word is the name of a month."""
    settings = {"REQUIRE_PARTS": ["month"], "PARSERS": ["absolute-time"]}
    return parse(word, languages=[language], settings=settings) is not None


def learn(facts: sqlite3.Connection, message: Message) -> None:
    """The effect of a message, and that it was had, in one transaction."""
    article = message.article
    url, revision = article["url"], article["revision"]
    named = list(days(article))
    with facts:
        done = facts.execute("INSERT OR IGNORE INTO seen VALUES (?)", [message.id])
        known = facts.execute("SELECT revision FROM article WHERE url = ?", [url])
        latest = known.fetchone()
        if done.rowcount == 0 or (latest and latest[0] > revision):
            return  # had before, or an older revision that comes after a newer one
        facts.execute("DELETE FROM mention WHERE url = ?", [url])
        facts.execute(
            "INSERT OR REPLACE INTO article VALUES (?, ?, ?)",
            [url, revision, article["title"]],
        )
        facts.executemany(
            "INSERT INTO mention VALUES (?, ?, ?)",
            [(url, day.isoformat(), words) for day, words in named],
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", type=Path, help="the database of Presswatch")
    parser.add_argument("facts", type=Path, help="the database to fill")
    parser.add_argument("--once", action="store_true", help="end when nothing waits")
    parser.add_argument("--lease", type=float, default=300.0, help="in seconds")
    options = parser.parse_args()
    lease = timedelta(seconds=options.lease)
    with closing(sqlite3.connect(options.facts)) as facts:
        facts.executescript(TABLES)
        for message in messages(options.database, wait=not options.once, lease=lease):
            with message:
                learn(facts, message)


if __name__ == "__main__":
    main()
