"""What the demo says of what it sees, as lines that fit a width. Pure.

Each line is a rich Text: on a terminal its styles show, on a pipe it is plain.
"""

from __future__ import annotations

import difflib
import json
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from rich.text import Text

from pipelines.article import Reason, Removed
from pipelines.store.deliveries import Leased
from pipelines.store.stories import ArticleRow
from service.telling import Block, blocks, line

#: What people mean by "junk in the text", the most telling first, as it is counted.
#: The others are mostly the page's frame: menus, the headline, the footer.
_TELLING: Final = {
    Reason.TEASER: "teasers",
    Reason.RELATED: "related",
    Reason.CAPTION: "captions",
    Reason.CREDIT: "credits",
    Reason.NEWSLETTER: "newsletters",
    Reason.PROMO: "promos",
    Reason.PAYWALL: "paywalls",
    Reason.CONSENT: "consent",
}

#: How many of them are named in one line.
_NAMED: Final = 3

#: How much of a leased text is shown.
_SHOWN: Final = 56

#: Commands that show what a demo has left.
_LOOKS: Final = ("articles", "status", "queue stats")

_GOES: Final = "red"
_COMES: Final = "green"


@dataclass(frozen=True, slots=True)
class Sight:
    """An article as the store has it now.

    `original` told its text first, if another one did; `before` is its revision
    before this one, if any.
    """

    article: ArticleRow
    removed: tuple[Removed, ...]
    original: ArticleRow | None = None
    before: ArticleRow | None = None

    @property
    def parts(self) -> list[Part]:
        """The page from top to bottom."""
        return parts(blocks(self.article.text, self.removed))


@dataclass(frozen=True, slots=True)
class Part:
    """A kept paragraph, or neighbouring blocks removed for one reason and evidence.

    A teaser's picture, kicker and headline are three blocks and one part.
    """

    text: str
    reason: Reason | None = None
    evidence: str | None = None
    size: int = 1


@dataclass(frozen=True, slots=True)
class Totals:
    """How much has happened. `at_once`: the most requests at one outlet at a time."""

    seconds: int = 0
    articles: int = 0
    copies: int = 0
    revisions: int = 0
    queued: int = 0
    requests: int = 0
    unmodified: int = 0
    at_once: int = 0


def parts(page: Iterable[Block]) -> list[Part]:
    """The blocks of a page, those that were removed together put together."""
    found: list[Part] = []
    for (reason, evidence, _), group in groupby(page, key=_belongs):
        texts = [block.text for block in group]
        longest = max(texts, key=len)
        found.append(Part(longest, reason, evidence, len(texts)))
    return found


def _belongs(block: Block) -> tuple[Reason | None, str | None, int | None]:
    alone = block.at if block.reason is None else None
    return block.reason, block.evidence, alone


# Lines


def heading(words: str, width: int) -> list[Text]:
    """The name of a scene, under a rule."""
    return [Text(), Text(f"── {words} ".ljust(width, "─"), style="bold cyan")]


def said(words: str, width: int, style: str = "") -> list[Text]:
    """A paragraph of the demo's own."""
    return _wrapped(words, width, style=style)


def passed_on(words: str, width: int) -> list[Text]:
    """What the program writes to standard error."""
    return _wrapped(f"run: {line(words)}", width, "  ", "       ", "yellow")


def newspapers(origins: Mapping[str, str], names: Mapping[str, str]) -> list[Text]:
    """Where the newspapers live."""
    return [
        Text.assemble(
            f"  {key:<9}", (f"{names[key]:<21}", "bold"), (f"{origin}/", "cyan")
        )
        for key, origin in origins.items()
    ]


def arrival(sight: Sight, width: int) -> list[Text]:
    """An article that has come: what it is and what was made of its page."""
    article = sight.article
    start = f"  {article.outlet:<9}{article.language:<4}"
    title = line(article.title or "(no title)", width - len(start))
    lines = [Text.assemble(start, (title, "bold"))]
    lines += _wrapped(_result(sight), width, "    ", style="dim")
    if sight.original is not None:
        other = sight.original
        words = f"copy: this text is also carried by {other.outlet}, which had it first"
        lines += _wrapped(words, width, "    ", style="magenta")
    if sight.before is not None:
        words = f"revision {article.revision} of an article seen before:"
        lines += _wrapped(words, width, "    ", style="yellow")
        lines += changes(sight.before, article, width)
    return lines


def _result(sight: Sight) -> str:
    found = sight.parts
    kept = sum(part.reason is None for part in found)
    counted = Counter(part.reason for part in found if part.reason is not None)
    named = [reason for reason in _TELLING if counted[reason]][:_NAMED]
    words = [_counted(counted[reason], _TELLING[reason]) for reason in named]
    others = counted.total() - sum(counted[reason] for reason in named)
    words += [_counted(others, "others")] if others else []
    return f"{_counted(kept, 'paragraphs')} kept; removed: {', '.join(words) or '-'}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun.removesuffix('s') if number == 1 else noun}"


def in_full(sight: Sight, width: int) -> list[Text]:
    """An article's text with what was removed from it in its place.

    What stands above and below the text is told in a line each.
    """
    above, text, below = _framed(sight.parts)
    article = sight.article
    lines = _wrapped(line(article.title or "(no title)"), width, "  ", style="bold")
    lines += [Text(f"  {article.url}", style="cyan"), Text()]
    lines += _frame("above", above, width)
    for part in text:
        lines += _part(part, width)
    return lines + _frame("below", below, width)


def _framed(page: Sequence[Part]) -> tuple[list[Part], list[Part], list[Part]]:
    """What stands above the text, the text with what is in it, what stands below.

    A picture on top of the text counts as in it.
    """
    inside = [
        at
        for at, part in enumerate(page)
        if part.reason is None or part.reason is Reason.CAPTION
    ]
    first, last = (inside[0], inside[-1] + 1) if inside else (0, 0)
    return list(page[:first]), list(page[first:last]), list(page[last:])


def _part(part: Part, width: int) -> list[Text]:
    if part.reason is None:
        return _wrapped(line(part.text), width, "  ")
    more = f" (+{part.size - 1})" if part.size > 1 else ""
    start = f"- [{part.reason}] "
    shown = line(part.text, width - len(start) - len(more))
    why = line(part.evidence or "no evidence", width - 6)
    return [
        Text(f"{start}{shown}{more}", style=_GOES),
        Text(f"    ({why})", style="dim"),
    ]


def _frame(where: str, removed: Sequence[Part], width: int) -> list[Text]:
    if not removed:
        return []
    counted = Counter(part.reason for part in removed if part.reason is not None)
    words = ", ".join(f"{n} {reason}" for reason, n in counted.most_common())
    told = f"- {where} the text: {words}"
    return _wrapped(told, width, rest="  ", style=_GOES)


def changes(before: ArticleRow, after: ArticleRow, width: int) -> list[Text]:
    """The paragraphs that went and came from one revision to the next."""
    old, new = before.text.split("\n"), after.text.split("\n")
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    lines: list[Text] = []
    for _, old_from, old_to, new_from, new_to in _differing(matcher):
        for text in old[old_from:old_to]:
            lines += _wrapped(f"- {line(text)}", width, "    ", "      ", _GOES)
        for text in new[new_from:new_to]:
            lines += _wrapped(f"+ {line(text)}", width, "    ", "      ", _COMES)
    return lines


def _differing(
    matcher: difflib.SequenceMatcher[str],
) -> Iterator[tuple[str, int, int, int, int]]:
    return (code for code in matcher.get_opcodes() if code[0] != "equal")


def message(leased: Leased, width: int) -> list[Text]:
    """A message as a consumer gets it, spread over lines, title and text shortened."""
    article = dict(leased.article)
    for name in ("title", "text"):
        article[name] = line(str(article[name] or ""), min(_SHOWN, width - 20))
    shown = {
        "id": leased.id,
        "token": leased.token,
        "attempt": leased.attempt,
        "kind": leased.kind,
        "article": article,
    }
    told = json.dumps(shown, ensure_ascii=False, indent=2).splitlines()
    return [Text(f"  {one}", style="green") for one in told]


def totals(told: Totals, width: int) -> list[Text]:
    """The demo in figures."""
    unmodified = f"{told.unmodified} answered 'not modified'"
    rows = (
        ("found", f"{told.articles} articles in {told.seconds} seconds"),
        ("once", f"recognised: copies {told.copies}, revisions {told.revisions}"),
        ("queued", f"{told.queued} messages for whoever reads the texts"),
        ("polite", f"{told.requests} requests, {unmodified};"),
        ("", f"at most {told.at_once} at a time at each newspaper"),
    )
    return [
        Text.assemble((f"  {name:<9}", "bold"), line(words, width - 11))
        for name, words in rows
    ]


def farewell(kept: Path | None, width: int) -> list[Text]:
    """What is left, and where to go from here."""
    if kept is None:
        left = "Everything has ended, and no file is left; --keep DIR keeps them."
        look: list[str] = []
    else:
        left = f"Everything has ended; {kept} holds config and database. Look into it:"
        look = [f"  presswatch {name} --config {kept}" for name in _LOOKS]
    more = "Your first own outlet: README.md; then `presswatch run`."
    return [
        Text(),
        *_wrapped(left, width),
        *(Text(one, style="bold") for one in look),
        *_wrapped(more, width),
    ]


def best(sights: Iterable[Sight]) -> Sight | None:
    """The article to show in full: English as the demo is, no copy, with the most
    kinds of junk in it, and short."""
    return min(sights, key=_merit, default=None)


def _merit(sight: Sight) -> tuple[bool, int, int]:
    _, text, _ = _framed(sight.parts)
    kinds = {part.reason for part in text} - {None}
    article = sight.article
    unfit = article.language != "en" or sight.original is not None
    return unfit, -len(kinds), len(article.text)


def _wrapped(
    words: str, width: int, first: str = "", rest: str | None = None, style: str = ""
) -> list[Text]:
    rest = first if rest is None else rest
    wrapped = textwrap.wrap(
        words, width, initial_indent=first, subsequent_indent=rest,
        break_on_hyphens=False,
    )  # fmt: skip
    return [Text(one, style=style) for one in wrapped]
