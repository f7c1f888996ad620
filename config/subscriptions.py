"""The queue's section of the config: who consumes the texts, and which of them."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Discriminator,
    Field,
    StrictInt,
    Tag,
    model_validator,
)

from config import languages, patterns
from config.fields import Name
from config.problems import Unfit, shown
from config.push import Push

Kind = Literal["new", "revision", "withdrawal", "copy"]


def check_keyword(text: str) -> str:
    """`text` if it is words to look for, with a `*` at most at its end."""
    words = text.removesuffix("*")
    if not any(unicodedata.category(character)[0] in "LN" for character in words):
        raise Unfit(f"{shown(text)} has no letter or digit to look for")
    if "*" in words:
        hint = "it stands for any ending; write a regex for more: {regex: ...}"
        raise Unfit(f"{shown(text)} has a * that is not at its end", hint)
    return text


def _start(value: object) -> object:
    if isinstance(value, date) or value in ("now", "beginning"):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        hint = "write now, beginning or a date such as 2026-05-01"
        raise Unfit(f"{shown(value)} is no place to start from", hint) from None


def _form(value: object) -> str:
    return "[regex]" if isinstance(value, Mapping | BaseModel) else "[plain]"


class SearchTerm(BaseModel, frozen=True, extra="forbid"):
    """A regular expression in place of a keyword."""

    regex: Annotated[str, AfterValidator(patterns.check_search)] = Field(
        description="The regular expression. Case is ignored, accents are not.",
    )


LanguageCode = Annotated[str, AfterValidator(languages.check_language)]
Keyword = Annotated[str, AfterValidator(check_keyword)]
Term = Annotated[
    Annotated[Keyword, Tag("[plain]")] | Annotated[SearchTerm, Tag("[regex]")],
    Discriminator(_form),
]


class MatchRules(BaseModel, frozen=True, extra="forbid"):
    """Which words a text must have; a list alone is `any`."""

    any: tuple[Term, ...] = Field(
        (),
        description="At least one of these is in the title or the text.",
    )
    all: tuple[Term, ...] = Field((), description="Each of these is.")
    none: tuple[Term, ...] = Field((), description="None of these is.")

    @model_validator(mode="before")
    @classmethod
    def _of_list(cls, value: object) -> object:
        if isinstance(value, str):
            return {"any": (value,)}
        return {"any": value} if isinstance(value, list | tuple) else value


class Subscription(BaseModel, frozen=True, extra="forbid"):
    """One consumer's queue of its own. Without keys it gets everything."""

    outlets: tuple[Name, ...] = Field(
        (),
        description="Only texts of these outlets, by their keys. Empty: all.",
    )
    languages: tuple[LanguageCode, ...] = Field(
        (),
        description="Only texts in these languages. Empty: all.",
    )
    kinds: tuple[Kind, ...] = Field(
        (),
        description="Only messages of these kinds: new, revision, withdrawal, copy."
        " Empty: all.",
    )
    min_characters: StrictInt = Field(
        0, ge=0, description="Only texts of at least so many characters."
    )
    match: MatchRules = Field(
        MatchRules(),
        description="Only texts in which these words are found: a list (one of them"
        " will do), or any, all and none, each a list.",
    )
    start: Annotated[Literal["now", "beginning"] | date, BeforeValidator(_start)] = (
        Field(
            "now",
            description="What a new subscription begins with: what is queued from"
            " now on, all that is still kept (beginning), or what was queued since"
            " a date (UTC).",
        )
    )

    push: Push | None = Field(
        None,
        description="Where its texts are sent; null: a consumer comes for them.",
    )

    def terms(self) -> str:
        """The filter as JSON, equal for equal filters."""
        said: dict[str, Any] = self.model_dump(
            mode="json",
            include={"outlets", "languages", "kinds", "min_characters", "match"},
            exclude_defaults=True,
        )
        return json.dumps(said, sort_keys=True)


class QueueConfig(BaseModel, frozen=True, extra="forbid"):
    """Who consumes the texts."""

    subscriptions: Mapping[Name, Subscription] = Field(
        default_factory=dict,
        description="The consumers' queues by name, each with what it wants."
        " `default` always exists.",
    )
    most_waiting: StrictInt | None = Field(
        None,
        ge=1,
        description="When more messages than this wait in a subscription, pages are"
        " fetched slowly and an alert opens; sources are polled on. null: never.",
    )

    @model_validator(mode="before")
    @classmethod
    def _with_default(cls, value: object) -> object:
        given = value.get("subscriptions", {}) if isinstance(value, dict) else None
        if not isinstance(value, dict) or not isinstance(given, Mapping):
            return value
        return {**value, "subscriptions": {"default": {}, **given}}
