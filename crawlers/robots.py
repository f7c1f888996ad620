"""robots.txt (RFC 9309): what an answer to /robots.txt allows. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from protego import Protego

#: RFC 9309, 2.5: parse at least 500 KiB; what stands behind is ignored.
MOST_BYTES = 500 * 1024
#: RFC 9309, 2.4: not used longer than a day, unless unreachable.
FRESH_FOR = timedelta(hours=24)
#: A server error is asked again sooner, so that an outage ends for us as well.
RETRY_AFTER_ERROR = timedelta(minutes=30)
#: RFC 9309, 2.3.1.4: an old copy may stand in while the server is unreachable.
STALE_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class RobotsAnswer:
    """What the host said: a status (None = no answer) and the file.

    `retried_at` is when the host was last asked in vain while this stood in.
    """

    status: int | None
    body: bytes
    fetched_at: datetime
    retried_at: datetime | None = None

    def fresh(self, now: datetime) -> bool:
        """Whether the host need not be asked again."""
        if self.retried_at is not None:
            return timedelta(0) <= now - self.retried_at < RETRY_AFTER_ERROR
        keep = FRESH_FOR if self.reachable else RETRY_AFTER_ERROR
        return timedelta(0) <= now - self.fetched_at < keep

    @property
    def reachable(self) -> bool:
        return self.status is not None and self.status < 500 and self.status != 429


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a URL may be fetched, and why not; the file's delay in seconds."""

    allowed: bool
    reason: str | None = None
    crawl_delay: float | None = None


def merge(old: RobotsAnswer | None, new: RobotsAnswer) -> RobotsAnswer:
    """The answer to go by: an unreachable host's older file stands for 30 days."""
    if new.reachable or old is None or not old.reachable:
        return new
    if new.fetched_at - old.fetched_at >= STALE_FOR:
        return new
    return replace(old, retried_at=new.fetched_at)


def judge(answer: RobotsAnswer, url: str, user_agent: str) -> Verdict:
    """Applies RFC 9309, 2.3.1: 4xx allows all, 5xx and silence disallow all."""
    if answer.status is None:
        return Verdict(False, "robots.txt could not be fetched")
    if not answer.reachable:
        return Verdict(False, f"robots.txt answered HTTP {answer.status}")
    if not 200 <= answer.status < 300:
        return Verdict(True)
    rules = _rules(answer.body[:MOST_BYTES])
    token = product_token(user_agent)
    delay = rules.crawl_delay(token)
    if rules.can_fetch(url, token):
        return Verdict(True, None, float(delay) if delay is not None else None)
    return Verdict(False, f"robots.txt disallows it for {token}")


def sitemaps(answer: RobotsAnswer) -> tuple[str, ...]:
    """The sitemaps that the file names."""
    if answer.status is None or not 200 <= answer.status < 300:
        return ()
    return tuple(_rules(answer.body[:MOST_BYTES]).sitemaps)


def product_token(user_agent: str) -> str:
    """The name that robots.txt groups are matched with: `presswatch (+...)`."""
    return re.split(r"[\s/(]", user_agent.strip(), maxsplit=1)[0] or "*"


@lru_cache(maxsize=512)
def _rules(body: bytes) -> Protego:
    text = body.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    return Protego.parse(text)
