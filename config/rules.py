"""What an outlet is told beside its sources: what counts, what goes, how to ask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Discriminator,
    Field,
    StrictBool,
    StrictInt,
    Tag,
)

from config import addresses, patterns
from config.choices import (
    Between,
    Delay,
    Duplicates,
    Every,
    Language,
    MostRevisions,
    OnAdd,
    OnAddRule,
    Priority,
    RequestsPerDay,
    Respect,
    Revisions,
    Revisit,
    Robots,
)
from config.fields import Duration, HeaderText, Proxy, filled
from config.problems import Unfit, shown


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


Site = Annotated[str, AfterValidator(addresses.check_site)]
Pattern = Annotated[str, AfterValidator(patterns.check_pattern)]
Refusal = Annotated[str, AfterValidator(patterns.check_refusal)]
Selector = Annotated[str, AfterValidator(patterns.check_selector)]
HeaderName = Annotated[str, AfterValidator(_header_name)]


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
