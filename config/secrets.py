"""Secrets: a config says where one is kept, never what it is.

A secret lives in an environment variable or in a file of its own, so that a config
can be shown, copied and kept under version control.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, model_validator

from config.load import check_file
from config.problems import Unfit, shown

#: The largest file that is read for a secret, in bytes.
LARGEST = 65_536

#: RFC 6750, 2.1: what a bearer token is made of.
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
#: A token of random letters shorter than this can be guessed in the long run.
SHORTEST_TOKEN = 20
#: Readers by anybody, and by the group.
_READ_BY_OTHERS = stat.S_IROTH | stat.S_IRGRP


def _variable(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        hint = "write its name, such as PRESSWATCH_TOKENS, not the secret itself"
        raise Unfit("is not the name of an environment variable", hint)
    return name


class Secret(BaseModel, frozen=True, extra="forbid"):
    """Where a secret is kept: `{env: NAME}` or `{file: PATH}`."""

    env: Annotated[str, AfterValidator(_variable)] | None = Field(
        None, description="The environment variable that holds it."
    )
    file: Annotated[Path, BeforeValidator(check_file)] | None = Field(
        None, description="The file that holds it; lines that begin with # are notes."
    )

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.env is None) == (self.file is None):
            raise Unfit("must be one of env and file", "write e.g. {env: NAME}")
        return self

    def __str__(self) -> str:
        return f"${self.env}" if self.file is None else str(self.file)


def words(secret: Secret, environment: Mapping[str, str] | None = None) -> list[str]:
    """The words that the secret consists of, in order; never none.

    Several stand on lines of their own, or apart by spaces: the way to change one
    without a gap is to have old and new side by side. Raises Unfit, without a word
    of the secret.
    """
    said = _read(secret, os.environ if environment is None else environment)
    lines = (line for line in said.splitlines() if not line.lstrip().startswith("#"))
    found = [word for line in lines for word in line.split()]
    if not found:
        raise Unfit(f"{secret} is empty", "put the secret into it")
    return found


def tokens(
    secret: Secret, environment: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """The bearer tokens that a secret holds. Raises Unfit, naming none of them."""
    found = words(secret, environment)
    hint = "make one with: openssl rand -hex 32"
    for number, token in enumerate(found, start=1):
        if not _TOKEN.fullmatch(token):
            message = f"{secret}: token {number} has letters that no token may have"
            raise Unfit(message, hint)
        if len(token) < SHORTEST_TOKEN:
            message = f"{secret}: token {number} has under {SHORTEST_TOKEN} letters"
            raise Unfit(message, hint)
    return tuple(found)


def exposed(secret: Secret) -> bool:
    """Whether others on this machine may read the secret's file."""
    try:
        return secret.file is not None and bool(
            secret.file.stat().st_mode & _READ_BY_OTHERS
        )
    except OSError:
        return False


def _read(secret: Secret, environment: Mapping[str, str]) -> str:
    if secret.file is None:
        name = secret.env or ""
        if name not in environment:
            hint = f"set {name} for the process that runs presswatch"
            raise Unfit(f"the environment variable {shown(name)} is not set", hint)
        return environment[name]
    try:
        with secret.file.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError as error:
        cause = error.strerror or str(error)
        raise Unfit(f"{secret.file} cannot be read: {cause}") from None
    if len(data) > LARGEST:
        raise Unfit(f"{secret.file} is larger than {LARGEST:,} bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unfit(f"{secret.file} is not UTF-8") from None
