"""Problem documents (RFC 9457): every answer of the service that is no success.

`type` names the kind of problem and never changes; `detail` says what happened this
time; `next`, where there is something to say, what to do about it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.responses import Response

MEDIA_TYPE: Final = "application/problem+json"
#: Where the console explains the kinds.
PAGE: Final = "/problems"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its HTTP status, its name, and what it means."""

    status: int
    title: str
    meaning: str


KINDS: Final[Mapping[str, Kind]] = {
    "bad-request": Kind(
        400, "Bad request", "The request is no valid HTTP, or breaks a rule of it."
    ),
    "no-token": Kind(
        401,
        "A token is needed",
        "Send one of the tokens of console.tokens: `Authorization: Bearer TOKEN`.",
    ),
    "cross-site": Kind(
        403,
        "Not from another site",
        "A web page of another site made the browser send this; programs are not kept"
        " from anything.",
    ),
    "not-found": Kind(404, "Not found", "There is nothing under this address."),
    "unknown-subscription": Kind(
        404,
        "No such subscription",
        "The config has no subscription of that name (queue.subscriptions).",
    ),
    "unknown-message": Kind(
        404,
        "No such message",
        "No message of that id was ever queued for the subscription.",
    ),
    "unknown-article": Kind(
        404, "No such article", "No article, or no such revision of it, is stored."
    ),
    "unknown-url": Kind(
        404, "Nothing is known of the URL", "No outlet ever listed it."
    ),
    "method-not-allowed": Kind(
        405, "Method not allowed", "The header Allow names those that are."
    ),
    "too-slow": Kind(
        408, "The request took too long", "Its head or its body did not arrive in time."
    ),
    "stale-lease": Kind(
        409,
        "The lease is not held any more",
        "The token no longer holds the message: its lease ran out or was settled, and"
        " it may be with another consumer.",
    ),
    "not-dead": Kind(
        409, "The message is not dead", "Only dead messages can be redriven."
    ),
    "too-large": Kind(
        413, "The request is too large", "Its body has more bytes than are read."
    ),
    "wrong-host": Kind(
        421,
        "Asked under a wrong name",
        "Without tokens the service answers only to this machine's own names and to"
        " those of console.hosts: a page of another site could else read through a"
        " name of its own (DNS rebinding).",
    ),
    "invalid": Kind(
        422,
        "The request does not fit",
        "A parameter or the body is not as the OpenAPI document says; `errors` lists"
        " every fault.",
    ),
    "too-many-requests": Kind(
        429,
        "Too many requests",
        "More a second than console.rate lets one client make; wait for Retry-After"
        " seconds.",
    ),
    "internal": Kind(
        500, "This is a bug", "It is in the log with its traceback; please report it."
    ),
    "hangs": Kind(
        503,
        "The service hangs",
        "It has not beaten for two minutes: stop it with SIGTERM, and start it anew.",
    ),
    "store-busy": Kind(
        503,
        "The database is busy",
        "Another program keeps it locked; nothing was changed.",
    ),
    "store-failed": Kind(
        503, "The database cannot be used", "Nothing was changed; the detail says why."
    ),
    "overloaded": Kind(
        503, "Too much at a time", "Too many requests are being answered; try later."
    ),
}

#: Kinds for statuses that the framework chooses by itself.
BY_STATUS: Final = {
    400: "bad-request",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
}


class ProblemError(Exception):
    """Ends a request with a problem document."""

    def __init__(
        self, kind: str, detail: str, step: str | None = None, **more: Any
    ) -> None:
        super().__init__(detail)
        self.problem = Problem(kind, detail, step, **more)


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem. `errors` are the faults of a request, each `where` and `message`."""

    kind: str
    detail: str
    step: str | None = None
    errors: Sequence[Mapping[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """The HTTP status."""
        return KINDS[self.kind].status

    def document(self) -> dict[str, Any]:
        """The document."""
        told: dict[str, Any] = {
            "type": f"{PAGE}#{self.kind}",
            "title": KINDS[self.kind].title,
            "status": self.status,
            "detail": self.detail,
        }
        if self.step is not None:
            told["next"] = self.step
        if self.errors:
            told["errors"] = [dict(error) for error in self.errors]
        return told

    def response(self) -> Response:
        """The answer."""
        return Response(
            json.dumps(self.document()),
            self.status,
            dict(self.headers),
            media_type=MEDIA_TYPE,
        )
