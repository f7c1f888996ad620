"""What can be configured: every section, its keys, their meaning and defaults.

Frozen values, judged when they are made. They say what operators meant; nothing is
read from files here (`config.load`) and nothing is compiled or resolved.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    StrictInt,
    model_validator,
)

from config import addresses
from config.choices import (
    Auto,
    Between,
    Delay,
    Duplicates,
    Every,
    Language,
    MostRevisions,
    OnAddRule,
    Priority,
    RequestsPerDay,
    Respect,
    Revisions,
    Revisit,
    Robots,
)
from config.console import Console
from config.fields import Duration, HeaderText, Name, Proxy, Text, Url
from config.load import DATABASE, check_database
from config.machine import Backup, Disk, Process
from config.problems import Unfit
from config.rules import ArticleRules, CleanRules, Defaults, RequestOptions
from config.subscriptions import QueueConfig

Permit = Annotated[str, AfterValidator(addresses.check_permit)]

#: The contact that the sample config carries; `check` asks for a real one.
EXAMPLE_CONTACT = "example.org"


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

    allow_private: tuple[Permit, ...] = Field(
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
