"""The only door to Jinja: templates beside this module, escaped, with our words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipelines.article import Reason
from service import telling
from service.telling import Block

HERE: Final = Path(__file__).parent

#: What a reason means to a reader.
REASONS: Final = {
    Reason.CAPTION: "what a picture shows",
    Reason.CREDIT: "who made the picture",
    Reason.TEASER: "another story, offered",
    Reason.RELATED: "links to other stories",
    Reason.NEWSLETTER: "a newsletter box",
    Reason.SHARE: "share buttons",
    Reason.CONSENT: "asks for consent",
    Reason.AUTHOR: "about the author",
    Reason.COMMENTS: "readers' comments",
    Reason.PAYWALL: "asks for money",
    Reason.PROMO: "an advertisement",
    Reason.CHROME: "the page's frame",
    Reason.REPEATED: "on many of the outlet's pages",
    Reason.RULE: "by the operator's rule",
    Reason.TITLE: "the title, once more",
    Reason.OTHER: "none of the story",
}


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "ago": telling.ago,
        "stamp": telling.stamp,
        "line": telling.line,
        "size": telling.size,
        "gathered": telling.gathered,
        "web": web,
        "counted": counted,
    }
    made.globals |= {"version": version("presswatch"), "reasons": REASONS}
    return made


def render(template: str, now: datetime, **said: Any) -> str:
    """A page. `now` is what its ages are counted to."""
    return _environment().get_template(template).render(now=now, **said)


def web(url: str) -> str:
    """A URL that may be followed; nothing else comes into a link."""
    return url if url.startswith(("https://", "http://")) else ""


def counted(blocks: Iterable[Block]) -> list[tuple[Reason, int]]:
    """How many blocks were removed for which reason, the most frequent first."""
    reasons = Counter(block.reason for block in blocks if block.reason is not None)
    return reasons.most_common()
