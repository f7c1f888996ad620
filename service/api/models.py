"""What the API takes and gives, as types: they become the OpenAPI document.

Names and meaning are those of the command line's JSON. Answers may gain fields: a
client has to ignore what it does not know.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)

#: Durations as in the config: of a lease, at most 99 hours; of a wait, a minute.
LEASE = r"^([0-9]{1,5}s|[0-9]{1,3}m|[0-9]{1,2}h|[0-4]d)$"
WAIT = r"^([0-9]{1,4}ms|[1-5]?[0-9]s|60s|1m)$"

MESSAGE_ID = "5f1d6a0c3b7e4f2d9a8c1b0e7d6f5a4b"
TOKEN = "9c02b7e1d4f84a6f8b1c3d5e7f90a2b4"  # noqa: S105 - an example
STAMP = "2026-11-25T09:30:00+00:00"

#: A time as the rest of the program spells it: what is told is told unchanged.
At = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
Id = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    Field(description="The message's id, which never changes.", examples=[MESSAGE_ID]),
]
Token = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    Field(description="The token of the lease.", examples=[TOKEN]),
]
LeaseSpan = Annotated[str, StringConstraints(pattern=LEASE), Field(examples=["5m"])]
WaitSpan = Annotated[str, StringConstraints(pattern=WAIT), Field(examples=["30s"])]
Kind = Literal["new", "revision", "withdrawal", "copy"]
Reason = Annotated[
    str,
    StringConstraints(min_length=1, max_length=10_000),
    Field(description="What went wrong, for the operator.", examples=["no language"]),
]


class Given(BaseModel):
    """A request's body: exact, so that a slip is found and not passed over."""

    model_config = ConfigDict(extra="forbid")


class Told(BaseModel):
    """An answer, or a part of one."""

    model_config = ConfigDict(extra="allow")


# Problems


class Fault(Told):
    """One thing that is wrong with a request."""

    where: str = Field(description="The parameter or key.", examples=["query.limit"])
    message: str


class Problem(Told):
    """A problem document (RFC 9457)."""

    type: str = Field(
        description="The kind of problem, a URL of the page that explains it.",
        examples=["/problems#stale-lease"],
    )
    title: str
    status: int = Field(examples=[409])
    detail: str = Field(description="What happened this time.")
    next: str | None = Field(None, description="What to do about it.")
    errors: list[Fault] | None = Field(None, description="Every fault of a request.")


# The queue


class Carrier(Told):
    """Where else a text is."""

    outlet: str = Field(examples=["upland"])
    url: str = Field(examples=["https://upland.example/dredging-pact"])
    seen_at: At | None = Field(None, examples=[STAMP])


class QueuedArticle(Told):
    """The article as it was queued; only `also_at` is as of now."""

    url: str = Field(examples=["https://courier.example/news/ferry-returns"])
    outlet: str = Field(examples=["courier"])
    title: str | None = Field(examples=["The ferry returns"])
    authors: list[str] = Field(examples=[["Ada Nord"]])
    published: At | None = Field(examples=[STAMP])
    language: str = Field(examples=["en"])
    text: str = Field(
        description="The clean text, a block a line; empty past retention.",
        examples=["The ferry to Grey Island runs again."],
    )
    revision: int = Field(examples=[1])
    also_at: list[Carrier]


class Message(Told):
    """A message that is leased."""

    id: Id
    token: Token
    attempt: int = Field(description="Which lease of it this is.", examples=[1])
    kind: Kind
    supersedes: str | None = Field(
        None, description="The id of the message before it, of a revision."
    )
    article: QueuedArticle


class Lease(Told):
    """What was leased; empty when nothing was ready."""

    messages: list[Message]


class LoggedMessage(Told):
    """A message of the log, whatever became of it."""

    seq: int = Field(description="Its number.", examples=[1204])
    id: Id
    attempt: int = Field(description="How often it was leased.")
    kind: Kind
    queued_at: At = Field(examples=[STAMP])
    supersedes: str | None = None
    article: QueuedArticle


class Log(Told):
    """A part of the log. `next` is the `since` of the part behind it."""

    messages: list[LoggedMessage]
    next: int = Field(examples=[1204])


class Holding(Given):
    """The token of a lease."""

    token: Token


class Failure(Given):
    """Why a message is given back."""

    token: Token
    reason: Reason
    permanent: bool = Field(False, description="Do not deliver it again.")


class Extension(Given):
    """How long a lease is to last, from now."""

    token: Token
    for_: LeaseSpan = Field(alias="for", description="How long from now.")


class Held(Given):
    """A message and the token of its lease."""

    id: Id
    token: Token


class Holdings(Given):
    """Messages to settle."""

    messages: list[Held] = Field(min_length=1, max_length=1000)


class Settled(Told):
    """A message that is done."""

    id: Id
    state: Literal["done"]


class Failed(Told):
    """A message that was given back."""

    id: Id
    state: Literal["delayed", "dead"]
    available_at: At | None = Field(description="When it comes again, if so.")


class Extended(Told):
    """A lease that lasts longer."""

    id: Id
    lease_until: At


class Refusal(Told):
    """A message that could not be settled."""

    id: Id
    problem: Problem


class Acknowledged(Told):
    """What became of each message, in the order given."""

    settled: list[str] = Field(examples=[[MESSAGE_ID]])
    refused: list[Refusal]


class Stats(Told):
    """How many of a subscription's messages stand where."""

    subscription: str = Field(examples=["default"])
    paused: bool
    ready: int
    delayed: int
    leased: int
    done: int
    dead: int
    oldest_ready_seconds: float | None
    to_offer: int = Field(description="Messages of the log it is yet to be offered.")
    last_lease: At | None
    retired: At | None = Field(description="When it left the config, if it did.")


class Subscriptions(Told):
    """Every subscription."""

    subscriptions: list[Stats]


class Ending(Told):
    """How one lease of a message ended, or that it was redriven."""

    attempt: int
    leased_at: At | None
    ended_at: At
    how: str = Field(description="failed, expired or redriven")
    reason: str | None


class DeadMessage(Told):
    """A message that was given up."""

    id: Id
    kind: Kind
    outlet: str
    url: str
    title: str | None
    attempts: int
    last_error: str | None
    queued_at: At
    history: list[Ending] = Field(description="The latest leases, oldest first.")


class DeadMessages(Told):
    """The messages that were given up, oldest first."""

    messages: list[DeadMessage]


class Redrive(Given):
    """Which dead messages to deliver afresh; null: all of them."""

    ids: list[Id] | None = Field(
        description="The ids; null for all that are dead.", max_length=1000
    )


class Redriven(Told):
    """How many will be delivered again."""

    redriven: int


class Switch(Told):
    """Whether a subscription gives out anything."""

    subscription: str
    paused: bool


# Articles


class ArticleCarrier(Told):
    """Another article that carries the text."""

    id: int
    outlet: str
    url: str
    first_seen: At


class Article(Told):
    """An article in its latest revision."""

    id: int = Field(examples=[17])
    url: str
    outlet: str
    title: str | None
    authors: list[str]
    published: At | None
    updated: At | None
    language: str
    section: str | None
    text: str
    revision: int
    outcome: str = Field(description="new, revision or duplicate")
    copy_of: ArticleCarrier | None = Field(
        description="The article that told the text first, if that is another one."
    )
    first_seen: At
    fetched: At
    stored: At


class Articles(Told):
    """A page of articles. `next` is the `since` of the page behind it."""

    articles: list[Article]
    next: int = Field(examples=[311])


class Block(Told):
    """A block of the page: kept in the text, or removed, with the reason."""

    at: int
    kept: bool
    text: str
    reason: str | None = None
    evidence: str | None = None


class ArticleInFull(Told):
    """All that is known of an article's page."""

    article: Article
    metadata: dict[str, Any] = Field(
        description="What the page says of itself, and where it says so."
    )
    blocks: list[Block] = Field(
        description="The text with what was removed from it in its place: the ledger."
    )
    revisions: list[dict[str, Any]]
    also_at: list[ArticleCarrier]
    messages: list[dict[str, Any]]


class Stories(Told):
    """What is known of a URL, one story an outlet."""

    url: str
    stories: list[dict[str, Any]]


# Standing


class Alert(Told):
    """What wants attention; open while `closed` is null."""

    key: str = Field(examples=["queue:default"])
    text: str
    evidence: str
    command: str = Field(description="The command to look closer.")
    since: At
    last_seen: At
    closed: At | None


class Alerts(Told):
    """The alerts, latest opened first."""

    alerts: list[Alert]


class OutletStatus(Told):
    """How an outlet stands."""

    outlet: str
    active: bool
    last_ok: At | None
    next_poll: At | None
    last_article: At | None
    articles: int
    articles_24h: int
    urls: dict[str, int]
    failing: int
    sources: list[dict[str, Any]]


class Status(Told):
    """How everything stands."""

    ok: bool = Field(description="Whether nothing wants attention.")
    now: At
    running: bool
    hangs: bool
    heartbeat: At | None
    outlets: list[OutletStatus]
    queue: list[Stats]
    alerts: list[Alert]


class Health(Told):
    """Whether the service lives."""

    status: Literal["ok"]
    heartbeat: At | None = None
