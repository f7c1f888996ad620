"""As many articles as a benchmark wants, made from the newsroom's own sentences.

A first-order Markov chain over the words of an outlet's articles: the result is in
the outlet's language and reads like it from afar, no two texts share a sentence by
more than chance, and the same number always gives the same article.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

from service.demo.newsroom import Article, Block, Desk, Kind, article_text

_LONGEST_SENTENCE = 28  # words
_ENDS = (".", "?", "!")


class Salad:
    """Writes articles in the words of a desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._starts: list[str] = []
        self._next: dict[str, list[str]] = {}
        for article in desk.articles:
            self._learn(article_text(article).split())

    def articles(self, first: int, count: int) -> Iterator[Article]:
        """Articles number `first` to `first + count - 1`, each a minute apart."""
        for number in range(first, first + count):
            yield self._article(number)

    def _article(self, number: int) -> Article:
        # S311: nothing secret; the seed makes the benchmark repeatable.
        rng = random.Random(f"{self._desk.outlet.key}/{number}")  # noqa: S311
        title = " ".join(self._sentence(rng)[:9]).rstrip(".,;:?!")
        section = rng.choice(self._desk.outlet.sections)
        return Article(
            slug=f"{_slug(title)}-{number}",
            section=section.key,
            title=f"{title} ({number})",
            kicker=section.title,
            minutes=2000 + number,
            blocks=tuple(self._blocks(rng)),
            authors=self._desk.articles[number % len(self._desk.articles)].authors,
        )

    def _blocks(self, rng: random.Random) -> Iterator[Block]:
        for position in range(rng.randint(6, 11)):
            if position and position % 4 == 0:
                yield Block(Kind.CROSSHEAD, (" ".join(self._sentence(rng)[:5]),))
            sentences = (self._sentence(rng) for _ in range(rng.randint(2, 4)))
            yield Block(Kind.PARAGRAPH, (" ".join(" ".join(s) for s in sentences),))

    def _sentence(self, rng: random.Random) -> list[str]:
        words = [rng.choice(self._starts)]
        while len(words) < _LONGEST_SENTENCE and not words[-1].endswith(_ENDS):
            words.append(rng.choice(self._next.get(words[-1], self._starts)))
        words[-1] = words[-1].rstrip(",;:.?!") + "."
        return words

    def _learn(self, words: Iterable[str]) -> None:
        previous = "."
        for word in words:
            if previous.endswith(_ENDS):
                self._starts.append(word)
            else:
                self._next.setdefault(previous, []).append(word)
            previous = word


def _slug(title: str) -> str:
    letters = "".join(c if c.isascii() and c.isalnum() else " " for c in title.lower())
    return "-".join(letters.split())
