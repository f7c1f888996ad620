"""What newsrooms do to a text that they take over: cut, extend, reword, embed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

LEAKED = (
    "Sign up for our newsletter and get the day's news every morning",
    "Share this article",
    "Photo: the market square on Tuesday, seen from the town hall",
    "Read more about this in our special on the subject",
)

_SENTENCE = re.compile(r"[^.!?。！？؟۔।]+[.!?。！？؟۔।]*\s*")

Edit = Callable[[str, str, random.Random], str]


def reworded(share: float) -> Edit:
    """Another wording for such a part of the sentences: the words in another order."""

    def edit(text: str, filler: str, rng: random.Random) -> str:
        lines = [_SENTENCE.findall(line) or [line] for line in text.split("\n")]
        places = [(n, m) for n, line in enumerate(lines) for m in range(len(line))]
        for n, m in rng.sample(places, round(share * len(places))):
            lines[n][m] = _shuffled(lines[n][m], rng)
        return "\n".join(map("".join, lines))

    return edit


def cut(share: float) -> Edit:
    """The first part of a text, to the letter."""
    return lambda text, filler, rng: text[: int(len(text) * share)]


def typography(text: str, filler: str, rng: random.Random) -> str:
    """Other spaces, quotes and invisible hyphens."""
    text = text.replace(" ", "\u00a0 ").replace("'", "’").replace('"', "“")
    return re.sub(r"(\w{4})(?=\w{4})", "\\1\u00ad", text)


def headline(text: str, filler: str, rng: random.Random) -> str:
    """Another headline, and a dateline."""
    return f"{filler[:70]}\nTOWN, 3 May (Agency) - {text}"


def inserted(text: str, filler: str, rng: random.Random) -> str:
    """A quarter more, in paragraphs among the others."""
    lines, extra = text.split("\n"), filler[: len(text) // 4]
    half = len(extra) // 2
    for part in (extra[:half], extra[half:]):
        lines.insert(rng.randint(1, len(lines)), part)
    return "\n".join(lines)


def deleted(text: str, filler: str, rng: random.Random) -> str:
    """Three of ten paragraphs less."""
    lines = text.split("\n")
    kept = sorted(rng.sample(range(len(lines)), max(1, round(0.7 * len(lines)))))
    return "\n".join(lines[at] for at in kept)


def moved(text: str, filler: str, rng: random.Random) -> str:
    """The paragraphs after the first in another order."""
    first, *rest = text.split("\n")
    rng.shuffle(rest)
    return "\n".join([first, *rest])


def figures(text: str, filler: str, rng: random.Random) -> str:
    """Every number another one."""
    return re.sub(r"\d+", lambda found: str(rng.randint(2, 9999)), text)


def leaked(text: str, filler: str, rng: random.Random) -> str:
    """Up to three lines of the page around it."""
    lines = text.split("\n")
    for line in rng.sample(LEAKED, rng.randint(1, 3)):
        lines.insert(rng.randint(0, len(lines)), line)
    return "\n".join(lines)


def round_up(text: str, filler: str, rng: random.Random) -> str:
    """One item of three in a longer text."""
    size = len(text)
    return "\n".join([filler[:size], text, filler[size : 2 * size]])


EDITS: dict[str, Edit] = {
    "identical": lambda text, filler, rng: text,
    "typography": typography,
    "headline": headline,
    "cut to 60 %": cut(0.6),
    "cut to 40 %": cut(0.4),
    "cut to 25 %": cut(0.25),
    "10 % reworded": reworded(0.1),
    "30 % reworded": reworded(0.3),
    "paragraphs inserted": inserted,
    "paragraphs deleted": deleted,
    "paragraphs moved": moved,
    "figures changed": figures,
    "boilerplate leaked": leaked,
    "in a round-up": round_up,
}


def _shuffled(sentence: str, rng: random.Random) -> str:
    """The words in another order; the characters where there are no words."""
    words = sentence.split()
    if len(words) < 4:
        characters = list(sentence.strip())
        rng.shuffle(characters)
        return "".join(characters) + " "
    rng.shuffle(words)
    return " ".join(words) + " "
