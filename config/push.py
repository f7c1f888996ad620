"""A subscription's `push`: where its texts are sent, for those who don't take them."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    StrictInt,
    model_validator,
)

from config import sizes
from config.fields import Duration, Text, Url
from config.load import check_file
from config.machine import Size
from config.problems import Unfit, shown
from config.secrets import Secret

Kind = Literal["webhook", "jsonl", "redis"]

#: The keys that say more about one kind.
_GOES_WITH: dict[str, Kind] = {
    "secret": "webhook",
    "timeout": "webhook",
    "rotate_size": "jsonl",
    "rotate_after": "jsonl",
    "stream": "redis",
    "max_length": "redis",
    "password": "redis",
}


def check_redis(url: str) -> str:
    """`url` if it is a Redis server's, without a password; raises Unfit."""
    parts = urlsplit(url)
    hint = "write e.g. redis://127.0.0.1:6379/0 or unix:///run/redis.sock"
    if parts.scheme not in ("redis", "rediss", "unix"):
        raise Unfit(f"{shown(url)} is not the URL of a Redis server", hint)
    if parts.password is not None:
        raise Unfit("a password does not belong into the config", "use password: {env}")
    if parts.scheme != "unix" and not re.fullmatch(r"/?[0-9]{0,4}", parts.path):
        raise Unfit(f"{shown(parts.path)} is not the number of a database", hint)
    return url


class Push(BaseModel, frozen=True, extra="forbid"):
    """One of `webhook`, `jsonl` and `redis`, and how."""

    webhook: Url | None = Field(
        None,
        description="The URL that each message is sent to, signed (Standard Webhooks)."
        " A private address only if network.allow_private has it. network.proxy is not"
        " used.",
    )
    secret: Secret | None = Field(
        None,
        description="Where the webhook's secret is kept, whsec_ and base64; several:"
        " each signs.",
    )
    timeout: Duration = Field(
        timedelta(seconds=15),
        gt=timedelta(0),
        le=timedelta(minutes=1),
        description="Longest time for the webhook's answer.",
    )
    jsonl: Annotated[Path, BeforeValidator(check_file)] | None = Field(
        None, description="The directory into which files of JSON Lines are written."
    )
    rotate_size: Size = Field(
        100 * sizes.MB, ge=1, description="A file of this size is finished."
    )
    rotate_after: Duration = Field(
        timedelta(hours=1),
        gt=timedelta(0),
        description="So is one that was begun so long ago.",
    )
    redis: Annotated[str, AfterValidator(check_redis)] | None = Field(
        None,
        description="The Redis server to whose stream each message is added; needs the"
        " extra: pip install 'presswatch[redis]'. Neither network.allow_private nor"
        " network.proxy holds for it.",
    )
    password: Secret | None = Field(
        None, description="Where the Redis password is kept."
    )
    stream: Text = Field("presswatch", description="The stream's key.")
    max_length: StrictInt | None = Field(
        None,
        ge=1,
        description="About how many entries the stream keeps; null: all of them.",
    )

    @property
    def kind(self) -> Kind:
        """Which of the three it is."""
        if self.webhook is not None:
            return "webhook"
        return "redis" if self.jsonl is None else "jsonl"

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        said = [
            kind
            for kind in ("webhook", "jsonl", "redis")
            if getattr(self, kind) is not None
        ]
        if len(said) != 1:
            raise Unfit("must be one of webhook, jsonl and redis")
        if self.kind == "webhook" and self.secret is None:
            hint = "add secret: {env: NAME}; make one: whsec_$(openssl rand -base64 24)"
            raise Unfit("a webhook needs a secret to be signed with", hint)
        for name in sorted(self.model_fields_set):
            if _GOES_WITH.get(name, self.kind) != self.kind:
                raise Unfit(f"{name} goes with {_GOES_WITH[name]}, not {self.kind}")
        return self

    @property
    def place(self) -> str:
        """Where it goes, for people."""
        return f"{self.kind} {self.webhook or self.jsonl or self.redis}"
