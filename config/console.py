"""The section `console`: where the service listens, and who may come in."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field, StrictInt, model_validator

from config import addresses
from config.problems import Unfit
from config.secrets import Secret

Site = Annotated[str, AfterValidator(addresses.check_site)]


class Console(BaseModel, frozen=True, extra="forbid"):
    """The web pages to look at what is going on, and the HTTP API beside them."""

    bind: Annotated[str, AfterValidator(addresses.check_bind)] | None = Field(
        "127.0.0.1:8480",
        description="HOST:PORT that console and HTTP API listen on; port 0 takes any"
        " that is free; null switches both off.",
    )
    tokens: Secret | None = Field(
        None,
        description="Where the tokens are kept that requests have to carry: `{env:"
        " NAME}` or `{file: PATH}`, several on lines of their own. Needed as soon as"
        " others than this machine can connect.",
    )
    hosts: tuple[Site, ...] = Field(
        (),
        description="Host names by which a proxy in front of the service is asked."
        " Without tokens, requests for any other name than this machine's are refused.",
    )
    rate: StrictInt = Field(
        100,
        ge=1,
        le=100_000,
        description="The most requests a second that one client may make, on average.",
    )

    @property
    def host(self) -> str:
        """The host that is listened on, without brackets; "" when off."""
        return (self.bind or "").rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port that is listened on; 0 for any."""
        return int((self.bind or ":0").rpartition(":")[2])

    @property
    def local(self) -> bool:
        """Whether nobody but this machine can connect."""
        return self.bind is None or is_loopback(self.host)

    @model_validator(mode="after")
    def _guarded(self) -> Self:
        if not self.local and self.tokens is None:
            message = f"bind: {self.host} can be reached by others, and asks no token"
            hint = "add tokens: {env: PRESSWATCH_TOKENS}, or bind to 127.0.0.1"
            raise Unfit(message, hint)
        return self


def is_loopback(host: str) -> bool:
    """Whether a host, as an operator writes it, is this machine to itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
