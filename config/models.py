"""What can be configured: every section, its keys, their meaning and defaults.

Frozen values, judged when they are made. They say what operators meant; nothing is
read from files here (`config.load`) and nothing is compiled or resolved.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Discriminator,
    Field,
    PlainSerializer,
    StrictBool,
    StrictInt,
    Tag,
    model_validator,
)

from config import addresses, durations, languages, patterns
from config.console import Console
from config.fields import (
    Duration,
    Name,
    Text,
    Url,
    filled,
    read_duration,
    read_timedelta,
    spelled,
)
from config.load import DATABASE, check_database
from config.machine import Backup, Disk, Process
from config.problems import Unfit, shown
from config.subscriptions import QueueConfig

#: The contact that the sample config carries; `check` asks for a real one.
EXAMPLE_CONTACT = "example.org"


class Auto(StrEnum):
    """In place of an interval: it follows from what the source does."""

    AUTO = "auto"


def _interval(value: object) -> object:
    return Auto.AUTO if value == Auto.AUTO else read_duration(value)


def _spelled_interval(value: timedelta | Auto) -> str:
    return value.value if isinstance(value, Auto) else durations.spell(value)


def _between(value: object) -> tuple[timedelta, timedelta]:
    hint = "write e.g. [2m, 6h]"
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise Unfit("must be the shortest and the longest interval", hint)
    least, most = (read_duration(one) for one in value)
    if not (isinstance(least, timedelta) and isinstance(most, timedelta)):
        raise Unfit("must hold two durations", hint)
    if not timedelta(0) < least <= most:
        raise Unfit("must begin with the shorter of two intervals", hint)
    return least, most


def _or_never(value: object) -> object:
    return None if value == "never" else value


def _header_text(text: str) -> str:
    if not filled(text).isascii():
        raise Unfit("holds letters beyond ASCII", "HTTP headers cannot")
    return text


def _header_name(name: str) -> str:
    if not name.isascii() or not name.replace("-", "").replace("_", "").isalnum():
        raise Unfit(f"{shown(name)} is not the name of an HTTP header")
    return name


def _credentials(text: str) -> str:
    if ":" not in filled(text):
        raise Unfit('must be "user:password"')
    return text


def _day(value: object) -> object:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        hint = "write e.g. 2026-05-01"
        raise Unfit(f"{shown(value)} is not a date", hint) from None


def _form(value: object) -> str:
    """Which of the two forms of a rule an operator wrote."""
    return "[dated]" if isinstance(value, Mapping | BaseModel) else "[plain]"


Proxy = Annotated[str, AfterValidator(addresses.check_proxy)]
Site = Annotated[str, AfterValidator(addresses.check_site)]
PermitText = Annotated[str, AfterValidator(addresses.check_permit)]
Pattern = Annotated[str, AfterValidator(patterns.check_pattern)]
Refusal = Annotated[str, AfterValidator(patterns.check_refusal)]
Selector = Annotated[str, AfterValidator(patterns.check_selector)]
HeaderName = Annotated[str, AfterValidator(_header_name)]
HeaderText = Annotated[str, AfterValidator(_header_text)]


@dataclass(frozen=True, slots=True)
class OnAdd:
    """What becomes of the articles that a source lists when it is first polled.

    `count` belongs to latest, `age` to since; None otherwise.
    """

    kind: Literal["all", "latest", "since", "skip"] = "all"
    count: int | None = None
    age: timedelta | None = None

    def __str__(self) -> str:
        if self.kind == "latest":
            return f"latest {self.count}"
        if self.kind == "since" and self.age is not None:
            return f"since {durations.spell(self.age)}"
        return self.kind


def _on_add(value: object) -> object:
    if isinstance(value, OnAdd):
        return value
    words = value.split() if isinstance(value, str) else []
    match words:
        case ["all"]:
            return OnAdd("all")
        case ["skip"]:
            return OnAdd("skip")
        case ["latest", number] if number.isascii() and number.isdigit():
            return OnAdd("latest", count=min(int(number[:9]), 1_000_000))
        case ["since", age]:
            return OnAdd("since", age=read_timedelta(age))
    hint = "write all, skip, latest 20 or since 24h"
    raise Unfit(f"{shown(value)} is not a choice here", hint)


Every = Annotated[
    timedelta | Auto,
    BeforeValidator(_interval),
    PlainSerializer(_spelled_interval, return_type=str, when_used="json"),
    Field(
        description="How often a source is polled; auto: as its own past makes it"
        " worth, within `between` and polling.budget.",
    ),
]
Between = Annotated[
    tuple[Duration, Duration],
    BeforeValidator(_between),
    Field(
        description="The shortest and the longest interval of a source with"
        " `every: auto`.",
    ),
]
Delay = Annotated[
    Duration,
    Field(description="Least time between two requests to one host."),
]
RequestsPerDay = Annotated[
    Annotated[StrictInt, Field(ge=1)] | None,
    Field(
        description="Most requests to one host in a day (UTC), whatever for; null: no"
        " limit. When they are used up, the host's work waits for the next day, and an"
        " alert says so. Of outlets that share a host, the least counts.",
    ),
]
Language = Annotated[
    Annotated[str, AfterValidator(languages.check_language)] | None,
    Field(
        description="Language the outlet mostly writes in (ISO 639-1, or zh-cn, zh-tw):"
        " a prior for language detection, not a verdict.",
    ),
]
Priority = Annotated[
    StrictInt,
    Field(
        ge=-1_000,
        le=1_000,
        description="Order in the queue: texts of a higher priority are handed out"
        " first.",
    ),
]
Revision = Literal["cosmetic", "correction", "material", "headline-only", "rewritten"]
Duplicates = Annotated[
    Literal["once", "each outlet", "all"],
    Field(
        description="What becomes of a text that is already known from elsewhere:"
        " queued once only, once for each outlet, or every time.",
    ),
]
Revisions = Annotated[
    tuple[Revision, ...],
    Field(
        description="Which revisions of an article are queued: correction (a few words,"
        " or a notice says so), material, headline-only, rewritten, cosmetic (no words"
        " of the article changed). All are stored.",
    ),
]
MostRevisions = Annotated[
    StrictInt,
    Field(
        ge=1,
        le=1_000,
        description="Revisions of one article in 24 hours; further changes of such a"
        " page wait, and an alert says so.",
    ),
]
OnAddRule = Annotated[
    OnAdd,
    BeforeValidator(_on_add),
    PlainSerializer(str, return_type=str, when_used="json"),
    Field(
        description="Which listed articles are fetched when a source is polled for the"
        " first time: all, `latest N`, `since DURATION` (by their date) or skip (only"
        " what is listed later).",
    ),
]
Revisit = Annotated[
    Annotated[
        timedelta | None,
        BeforeValidator(lambda value: value if value is None else read_duration(value)),
        BeforeValidator(_or_never),
        PlainSerializer(spelled, return_type=str, when_used="json"),
    ],
    Field(
        description="Least age at which a page is looked at again for changes; never:"
        " each page is read once.",
    ),
]
Robots = Annotated[
    StrictBool,
    Field(
        description="Whether robots.txt is obeyed. Switch it off only where the outlet"
        " has agreed to that."
    ),
]


Respect = Annotated[
    tuple[Literal["noarchive", "noai", "tdm"], ...],
    Field(
        description="Which reservations of a page are obeyed: noarchive, noai (robots"
        " meta elements, X-Robots-Tag), tdm (TDM reservation protocol). Such a page"
        " ends as denied, and nothing of it is kept. All are recorded with articles.",
    ),
]


class ArticleRules(BaseModel, frozen=True, extra="forbid"):
    """Which of the listed links are articles of this outlet."""

    allow: tuple[Pattern, ...] = Field(
        (),
        description="Regular expressions, searched in the path of the article's"
        " canonical URL: one has to match. Empty: every path will do.",
    )
    deny: tuple[Refusal, ...] = Field(
        (),
        description="As allow, but none may match. Wins over allow.",
    )
    sites: tuple[Site, ...] = Field(
        (),
        description="Further sites whose article links are followed, beside the"
        " outlet's own.",
    )


Until = Annotated[
    date,
    BeforeValidator(_day),
    Field(description="The rule holds for pages fetched before this day (UTC) only."),
]


class DatedSelector(BaseModel, frozen=True, extra="forbid"):
    """A selector for the pages of a layout that the outlet has given up."""

    rule: Selector = Field(description="The selector.")
    until: Until


class DatedRefusal(BaseModel, frozen=True, extra="forbid"):
    """A pattern for the pages of a layout that the outlet has given up."""

    rule: Refusal = Field(description="The regular expression.")
    until: Until


SelectorRule = Annotated[
    Annotated[Selector, Tag("[plain]")] | Annotated[DatedSelector, Tag("[dated]")],
    Discriminator(_form),
]
RefusalRule = Annotated[
    Annotated[Refusal, Tag("[plain]")] | Annotated[DatedRefusal, Tag("[dated]")],
    Discriminator(_form),
]


class CleanRules(BaseModel, frozen=True, extra="forbid"):
    """What the cleaning does not see by itself on this outlet's pages."""

    remove: tuple[SelectorRule, ...] = Field(
        (),
        description="Elements that are taken out. CSS, or XPath if it starts with /"
        " or `xpath:`.",
    )
    keep: tuple[SelectorRule, ...] = Field(
        (),
        description="Elements that stay whatever the cleaning thinks of them."
        " Written as in remove, and stronger: of an element that both select, it wins.",
    )
    remove_lines: tuple[RefusalRule, ...] = Field(
        (),
        description="Regular expressions; a line of the text that one is found in is"
        " taken out.",
    )
    partial: StrictBool = Field(
        False,
        description="Whether a part counts as the article: what a wall lets through,"
        " or the pages that could be had of several.",
    )
    min_characters: StrictInt | None = Field(
        None,
        ge=0,
        description="Least length of an article's text, in characters; null leaves it"
        " to the cleaning.",
    )


class RequestOptions(BaseModel, frozen=True, extra="forbid"):
    """How the outlet's pages are asked for."""

    headers: Mapping[HeaderName, HeaderText] = Field(
        default_factory=dict,
        repr=False,
        description="Further HTTP request headers.",
    )
    auth: Annotated[str, AfterValidator(_credentials)] | None = Field(
        None,
        repr=False,
        description='HTTP basic authentication, "user:password".',
    )
    proxy: Proxy | None = Field(
        None,
        description="Proxy for this outlet, instead of network.proxy.",
    )
    verify: StrictBool = Field(
        True,
        description="Whether the server's certificate is verified.",
    )
    timeout: Duration = Field(
        timedelta(seconds=30),
        description="Longest time for one answer, from the connection to its last"
        " byte.",
        gt=timedelta(0),
    )


class Defaults(BaseModel, frozen=True, extra="forbid"):
    """Whatever an outlet does not say. Sections are merged key by key."""

    every: Every = timedelta(minutes=15)
    between: Between = (timedelta(minutes=2), timedelta(hours=6))
    delay: Delay = timedelta(seconds=2)
    requests_per_day: RequestsPerDay = None
    language: Language = None
    priority: Priority = 0
    articles: ArticleRules = Field(
        ArticleRules(),
        description="Which listed links are articles.",
    )
    clean: CleanRules = Field(
        CleanRules(),
        description="What the cleaning takes out or leaves beyond its own judgement.",
    )
    duplicates: Duplicates = "once"
    revisions: Revisions = ("correction", "material", "headline-only", "rewritten")
    most_revisions: MostRevisions = 10
    on_add: OnAddRule = OnAdd()
    revisit: Revisit = timedelta(minutes=30)
    request: RequestOptions = Field(
        RequestOptions(),
        description="How pages are asked for.",
    )
    robots: Robots = True
    respect: Respect = ()


class SourceKind(StrEnum):
    """What kind of document lists the articles."""

    FEED = "feed"
    SITEMAP = "sitemap"
    SECTION = "section"


class SourceEntry(BaseModel, frozen=True, extra="forbid"):
    """A source as operators write it: `- feed: URL`, `every:` beside it."""

    feed: Url | None = Field(
        None,
        description="URL of an RSS, Atom or JSON feed.",
    )
    sitemap: Url | None = Field(
        None,
        description="URL of a sitemap or sitemap index, best a news sitemap.",
    )
    section: Url | None = Field(
        None,
        description="URL of a page whose headlines link to the articles.",
    )
    every: Every | None = Field(
        None,
        description="How often this source is polled, instead of the outlet's every.",
    )
    between: Between | None = Field(
        None,
        description="The bounds of this source, instead of the outlet's between.",
    )

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if len(self._kinds()) != 1:
            hint = "write e.g. - feed: https://www.example.org/rss"
            raise Unfit("must be one of feed, sitemap and section", hint)
        return self

    def _kinds(self) -> list[tuple[SourceKind, str]]:
        said = ((kind, getattr(self, kind.value)) for kind in SourceKind)
        return [(kind, url) for kind, url in said if url is not None]

    def fields(self) -> dict[str, object]:
        """What a Source is made of."""
        (kind, url), *_ = self._kinds()
        own = {"every": self.every, "between": self.between}
        return {"kind": kind, "url": url, **own}


class Source(BaseModel, frozen=True, extra="forbid"):
    """A document that lists articles; what is None is as the outlet has it."""

    kind: SourceKind
    url: Url
    every: Every | None = None
    between: Between | None = None

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: object) -> object:
        if isinstance(value, Source) or (isinstance(value, dict) and "kind" in value):
            return value
        return SourceEntry.model_validate(value).fields()


def _some(sources: tuple[Source, ...]) -> tuple[Source, ...]:
    """Not `min_length`: that counts a source that is not valid as none."""
    if not sources:
        raise Unfit("is empty", "give at least one")
    return sources


def _front_page(said: dict[str, Any]) -> str:
    return addresses.origin(said["sources"][0].url)


class Outlet(BaseModel, frozen=True, extra="forbid"):
    """One outlet, the defaults already filled in (see `outlet`)."""

    key: Name = Field(description="The file's name without its suffix.")
    sources: Annotated[tuple[Source, ...], AfterValidator(_some)] = Field(
        description="The documents that list its articles: feeds, sitemaps, section"
        " pages.",
    )
    name: Text = Field(
        default_factory=lambda said: str(said["key"]),
        description="The outlet's name, for people. Default: the key.",
    )
    home: Url = Field(
        default_factory=_front_page,
        description="Its front page. Article links are followed on this site and on"
        " articles.sites. Default: the front page of the first source's host.",
    )
    every: Every
    between: Between
    delay: Delay
    requests_per_day: RequestsPerDay
    language: Language
    priority: Priority
    articles: ArticleRules = Field(description="Which listed links are articles.")
    clean: CleanRules = Field(description="What the cleaning is told beforehand.")
    duplicates: Duplicates
    revisions: Revisions
    most_revisions: MostRevisions
    on_add: OnAddRule
    revisit: Revisit
    request: RequestOptions = Field(description="How its pages are asked for.")
    robots: Robots
    respect: Respect

    @property
    def digest(self) -> str:
        """Sixteen hex digits that change when any effective value does."""
        values = self.model_dump(mode="json", exclude={"request": {"auth", "proxy"}})
        text = json.dumps(values, sort_keys=True)
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()

    def interval(self, source: Source) -> timedelta | Auto:
        """How often `source` is polled."""
        return self.every if source.every is None else source.every

    def bounds(self, source: Source) -> tuple[timedelta, timedelta]:
        """The shortest and the longest interval of `source` if it is `auto`."""
        return self.between if source.between is None else source.between


def outlet(
    key: str, said: Mapping[str, object], defaults: Mapping[str, object] | None = None
) -> Outlet:
    """The outlet `key` whose file says `said`, the rest filled from `defaults`.

    `said` and `defaults` hold plain values as read from YAML; raises pydantic's
    ValidationError.
    """
    filled = {name: getattr(_BUILT_IN, name) for name in Defaults.model_fields}
    for layer in (defaults or {}, said):
        for name, value in layer.items():
            filled[name] = _merged(filled.get(name), value)
    return Outlet.model_validate({**filled, "key": key})


def _merged(lower: object, upper: object) -> object:
    if not isinstance(upper, Mapping):
        return upper
    if isinstance(lower, ArticleRules | CleanRules | RequestOptions):
        lower = lower.model_dump()
    return {**lower, **upper} if isinstance(lower, Mapping) else upper


_BUILT_IN = Defaults()


class Network(BaseModel, frozen=True, extra="forbid"):
    """What may be connected to, and by which way."""

    allow_private: tuple[PermitText, ...] = Field(
        (),
        description="Private addresses that may be connected to, for tests and"
        " intranets: ADDR or CIDR, with :PORT only that port. Matched after"
        " resolution. All other private addresses are refused.",
    )
    proxy: Proxy | None = Field(
        None,
        description="Proxy that all requests go through. The environment's"
        " http_proxy is not read.",
    )


class Polling(BaseModel, frozen=True, extra="forbid"):
    """How much may be asked of all outlets together."""

    budget: StrictInt | None = Field(
        None,
        ge=1,
        description="Requests a day over all sources, other looks at articles"
        " included. Sources with a fixed interval and revisits take their part first"
        " (revisits a quarter at most); those with `every: auto` share the rest. null:"
        " 48 a day for each `auto` source, and revisits as they come.",
    )


class Retention(BaseModel, frozen=True, extra="forbid"):
    """How long things are kept."""

    copies: Duration = Field(
        timedelta(days=60),
        description="How long it is remembered which words a text has, to recognise"
        " copies that are cut or changed. The same words in the same order are"
        " recognised for good.",
    )

    texts: Duration = Field(
        timedelta(days=180),
        description="How long texts and their revisions are kept.",
    )
    pages: Duration = Field(
        timedelta(days=30),
        description="How long the raw pages are kept.",
    )
    addresses: Duration = Field(
        timedelta(days=400),
        description="How long a URL is remembered after its outlet listed it last.",
    )
    requests: Duration = Field(
        timedelta(days=14),
        description="How long each request is kept in the ledger (`presswatch requests"
        " --lines`). The sums by day stay.",
    )


class Settings(BaseModel, frozen=True, extra="forbid"):
    """presswatch.yaml: what holds for all outlets."""

    database: Annotated[Path, BeforeValidator(check_database)] = Field(
        DATABASE,
        description="The database file, relative to the working directory. Raw pages"
        " and the lock stand beside it.",
    )
    user_agent: HeaderText = Field(
        f"presswatch (+https://{EXAMPLE_CONTACT}/contact)",
        description="How Presswatch introduces itself to servers and to robots.txt."
        " Give a contact at which an outlet reaches you.",
    )
    network: Network = Field(
        Network(),
        description="What may be connected to, and by which way.",
    )
    defaults: Defaults = Field(
        Defaults(),
        description="Whatever an outlet does not say.",
    )
    polling: Polling = Field(
        Polling(),
        description="How much may be asked of all outlets together.",
    )
    retention: Retention = Field(
        Retention(),
        description="How long texts and pages are kept.",
    )
    backup: Backup = Field(
        Backup(),
        description="The nightly copies of the database.",
    )
    disk: Disk = Field(
        Disk(),
        description="How much room the database's disk must have.",
    )
    process: Process = Field(
        Process(),
        description="When the service begins anew.",
    )
    queue: QueueConfig = Field(
        QueueConfig(),
        description="Who consumes the texts.",
    )
    console: Console = Field(
        Console(),
        description="The web pages to look at what is going on, and the HTTP API.",
    )


class Config(Settings, frozen=True, extra="forbid"):
    """The whole config: presswatch.yaml and every outlet by key, in file order."""

    directory: Path
    outlets: Mapping[str, Outlet]


def fixed_requests(config: Config) -> float:
    """How often a day the sources with an interval of their operator's are polled."""
    intervals = (
        outlet.interval(source)
        for outlet in config.outlets.values()
        for source in outlet.sources
    )
    least, day = timedelta(seconds=1), timedelta(days=1)
    return sum(day / max(one, least) for one in intervals if isinstance(one, timedelta))
