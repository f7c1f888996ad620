"""How an attempt at one URL can end, and where a URL stands between attempts."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """The one name under which an attempt ends. A URL shows its latest."""

    NEW = "new"  # a text seen for the first time
    REVISION = "revision"  # the URL's text has changed
    UNCHANGED = "unchanged"  # fetched again, the same text
    DUPLICATE = "duplicate"  # another URL already carries this text
    THIN = "thin"  # an article page with too little text
    PARTIAL = "partial"  # only a part: before the wall, or without one of its pages
    WALL = "wall"  # consent, login or paywall instead of the article
    NOT_ARTICLE = "not_article"  # a section page, a shell, a video, a soft 404
    GONE = "gone"  # 404 or 410
    ROBOTS = "robots"  # robots.txt says no
    BLOCKED = "blocked"  # our network guard says no
    DENIED = "denied"  # the outlet's rules, or its server, say no
    WRONG_TYPE = "wrong_type"  # not an HTML page
    TOO_LARGE = "too_large"  # over the size cap
    TOO_COMPLEX = "too_complex"  # cleaning passed its deadline or its memory
    INCOMPLETE = "incomplete"  # the body ended early or would not decompress
    FAILED = "failed"  # no answer, a server error, TLS, DNS


#: Outcomes that leave a text behind.
WITH_TEXT = frozenset(
    {Outcome.NEW, Outcome.REVISION, Outcome.UNCHANGED, Outcome.DUPLICATE}
)

#: Outcomes that may be otherwise next time: tried again after a growing delay.
#: The others end the matter until the outlet lists the URL as changed.
RETRIED = frozenset(
    {
        Outcome.THIN,
        Outcome.PARTIAL,
        Outcome.WALL,
        Outcome.NOT_ARTICLE,
        Outcome.GONE,
        Outcome.ROBOTS,
        Outcome.BLOCKED,
        Outcome.TOO_LARGE,
        Outcome.TOO_COMPLEX,
        Outcome.INCOMPLETE,
        Outcome.FAILED,
    }
)


class State(StrEnum):
    """Where a URL stands; `next_at` says when a due one may be fetched."""

    DUE = "due"  # to be fetched at next_at
    WAITING = "waiting"  # its raw page is stored and waits to be processed
    DONE = "done"  # has its outcome; next_at, if any, is its next visit
