"""What a poll's listing means, and when things are due again. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import sqrt
from urllib.parse import urlsplit

from config.choices import OnAdd
from config.models import Outlet
from crawlers.discovery.rules import Rules, compile_rules
from pipelines import urls
from pipelines.candidate import Candidate
from pipelines.outcome import Outcome
from pipelines.store import Listed

DAY = timedelta(days=1)

#: How a failed URL waits: doubling from the first delay to a day; after so many
#: failures in a row it rests until the outlet lists it as changed.
FIRST_RETRY = timedelta(minutes=5)
MOST_RETRIES = {
    Outcome.GONE: 2,
    Outcome.ROBOTS: 7,
    Outcome.BLOCKED: 3,
    Outcome.DENIED: 5,
    Outcome.TOO_LARGE: 2,
    Outcome.TOO_COMPLEX: 2,
    Outcome.WRONG_TYPE: 1,
    Outcome.THIN: 4,
    Outcome.WALL: 6,
    Outcome.NOT_ARTICLE: 3,
    Outcome.PARTIAL: 3,
    Outcome.INCOMPLETE: 10,
    Outcome.FAILED: 20,
}
#: Outcomes that an hour cannot change start with a longer delay.
_SLOW = {Outcome.GONE, Outcome.ROBOTS, Outcome.DENIED, Outcome.BLOCKED}

#: A page is looked at again when its age has grown by this ratio, until it is old:
#: half an hour, two hours, eight hours, a day and a half.
REVISIT_RATIO = 4.0
REVISIT_UNTIL = timedelta(days=2)
#: By how much the clocks of outlets may differ from ours.
CLOCKS_OFF = timedelta(hours=1)
LEAST_AGE = timedelta(minutes=1)
SECOND_LOOK = timedelta(hours=6)


def retry_at(
    outcome: Outcome, failures: int, now: datetime, jitter: float
) -> datetime | None:
    """When a URL that ended so is tried again; None = when it is listed as changed.

    `failures` counts this one; `jitter` is in [-1, 1] and moves the time by a tenth.
    """
    if failures > MOST_RETRIES.get(outcome, 0):
        return None
    first = timedelta(hours=1) if outcome in _SLOW else FIRST_RETRY
    doublings = min(failures - 1, 20)
    delay = min(DAY, first * float(2**doublings))
    return now + delay * (1 + jitter / 10)


def revisit_at(
    first_seen: datetime,
    now: datetime,
    least: timedelta | None,
    *,
    ratio: float = REVISIT_RATIO,
    changed: bool = False,
) -> datetime | None:
    """When a page with a text is looked at again, thinning out with its age.

    A page that has just changed is looked at again sooner, at the root of the ratio.
    """
    if least is None:
        return None
    age = now - first_seen
    grown = age * (sqrt(ratio) if changed else ratio)
    due = max(grown, age + least)
    return first_seen + due if due <= max(REVISIT_UNTIL, least) else None


def looks(least: timedelta | None, ratio: float = REVISIT_RATIO) -> int:
    """How often a page that does not change is looked at again."""
    first = now = datetime(1970, 1, 1, tzinfo=UTC)
    count = 0
    while (at := revisit_at(first, now, least, ratio=ratio)) is not None:
        now, count = max(at, now + LEAST_AGE), count + 1
    return count


def second_look_at(now: datetime, jitter: float) -> datetime:
    """When an article that was found gone is looked for once more.

    Some hours later: many a 404 is a deployment, and a withdrawal is not taken back.
    """
    return now + SECOND_LOOK * (1 + jitter / 10)


@dataclass(frozen=True, slots=True)
class Selection:
    """What decides which listed URLs are fetched.

    `first` is true on a source's first good poll, when `on_add` has its say.
    """

    outlet: Outlet
    rules: Rules
    sites: frozenset[str]
    now: datetime
    first: bool


def outlet_rules(outlet: Outlet) -> Rules:
    """What `articles.allow` and `articles.deny` of an outlet let through."""
    return compile_rules(outlet.articles.allow, outlet.articles.deny)


def outlet_sites(outlet: Outlet) -> frozenset[str]:
    """The sites whose article links an outlet follows: its own, its config's."""
    own = urls.site(outlet.home)
    return frozenset({own, *outlet.articles.sites})


def select(candidates: Iterable[Candidate], how: Selection) -> tuple[Listed, ...]:
    """Every listed URL, with the outcome of those that are not to be fetched."""
    listed = [_judge(candidate, how) for candidate in candidates]
    return tuple(_on_add(listed, how) if how.first else listed)


def _judge(candidate: Candidate, how: Selection) -> Listed:
    denied = _denied(candidate.url, how)
    outcome = Outcome.DENIED if denied else None
    return Listed(candidate, urls.host(candidate.url), outcome, denied)


def _denied(url: str, how: Selection) -> str | None:
    if not urls.same_site(url, how.sites):
        return f"off the outlet's site: {urls.site(url)} (articles.sites)"
    if is_front(url, how.outlet):
        return "the outlet's home page or a source, not an article"
    return how.rules.denied(url)


def is_front(url: str, outlet: Outlet) -> bool:
    """Whether `url` is a home page or a source: it lists articles and is none."""
    pages = {outlet.home.rstrip("/"), *(s.url.rstrip("/") for s in outlet.sources)}
    return url.rstrip("/") in pages or (
        urlsplit(url).path in ("", "/") and (not urlsplit(url).query)
    )


def _on_add(listed: list[Listed], how: Selection) -> list[Listed]:
    kept = _wanted_at_first(listed, how.outlet.on_add, how.now)
    words = "listed before the outlet was added (on_add)"
    return [
        entry
        if entry.outcome is not None or number in kept
        else Listed(entry.candidate, entry.host, Outcome.DENIED, words, standing=True)
        for number, entry in enumerate(listed)
    ]


def _wanted_at_first(
    listed: list[Listed], on_add: OnAdd, now: datetime
) -> frozenset[int]:
    fetchable = [n for n, entry in enumerate(listed) if entry.outcome is None]
    if on_add.kind == "skip":
        return frozenset()
    if on_add.kind == "latest" and on_add.count is not None:
        newest = sorted(fetchable, key=lambda n: _newest_first(listed[n], n))
        return frozenset(newest[: on_add.count])
    if on_add.kind == "since" and on_add.age is not None:
        oldest = now - on_add.age
        return frozenset(n for n in fetchable if not _older(listed[n], oldest))
    return frozenset(fetchable)


def _newest_first(entry: Listed, number: int) -> tuple[float, int]:
    at = entry.candidate.published or entry.candidate.updated
    return (-at.timestamp() if at else 0.0, number)


def _older(entry: Listed, than: datetime) -> bool:
    at = entry.candidate.published or entry.candidate.updated
    return at is not None and at < than


def published_within(
    candidates: Iterable[Candidate], start: datetime, end: datetime
) -> list[Candidate]:
    """The candidates that say they were published, or changed, within a window.

    Clocks of outlets are off: an hour more at either end will do.
    """
    start, end = start - CLOCKS_OFF, end + CLOCKS_OFF
    dated = ((each.published or each.updated, each) for each in candidates)
    return [each for at, each in dated if at is not None and start <= at <= end]


@dataclass(frozen=True, slots=True)
class Kind:
    """What the addresses that a source lists have in common: where they begin.

    A feed of one section must not bring in the others by way of a sitemap.
    """

    beginnings: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, candidates: Iterable[Candidate]) -> Kind:
        return cls(frozenset(_beginning(each.url) for each in candidates))

    def fits(self, candidate: Candidate) -> bool:
        """Whether a candidate begins like one of them."""
        return _beginning(candidate.url) in self.beginnings


def _beginning(url: str) -> tuple[str, str]:
    """The host of a URL and the first part of its path, if more follows that."""
    parts = urlsplit(url)
    first, _, rest = parts.path.lstrip("/").partition("/")
    return parts.netloc, first if rest else ""
