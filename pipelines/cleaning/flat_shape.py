"""What lines look like and where they stand, as figures, whatever their language.

The figures feed the scorer of `flat_scorer.py`. None of them is a word of a language;
the words come in only through the judgements of `lines.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate, pairwise

from pipelines.article import Reason
from pipelines.cleaning.lines import Verdict, ends_sentence
from pipelines.cleaning.phrases import concept, fold, word_count

#: A line from this many words on that ends as sentences do counts as a paragraph.
PARAGRAPH_WORDS = 12
_FAR = 12
_TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1780-\u17ff\u1000-\u109f]|[^\W_]+"
)
_STOPS = re.compile(r"[.!?。！？؟।…]+[\"'”’»)」』]*(?=\s|$|[^\x00-\x7f])")


@dataclass(frozen=True)
class Page:
    """All lines of one text, with the judgement of each, and what they share."""

    lines: Sequence[str]
    verdicts: Sequence[Verdict | None]

    @cached_property
    def tokens(self) -> list[list[str]]:
        return [_TOKEN.findall(fold(line)) for line in self.lines]

    @cached_property
    def words(self) -> list[float]:
        return [word_count(line) for line in self.lines]

    @cached_property
    def paragraphs(self) -> list[int]:
        """The numbers of the lines that are plainly paragraphs."""
        return [
            at
            for at, line in enumerate(self.lines)
            if self.words[at] >= PARAGRAPH_WORDS
            and ends_sentence(line)
            and not self.verdicts[at]
        ]

    @cached_property
    def spread(self) -> Counter[str]:
        """In how many lines each token stands."""
        return Counter(token for tokens in self.tokens for token in set(tokens))

    @cached_property
    def pairs(self) -> Counter[tuple[str, str]]:
        """In how many lines each pair of neighbouring tokens stands."""
        return Counter(pair for tokens in self.tokens for pair in _pairs(tokens))

    @cached_property
    def copies(self) -> Counter[str]:
        return Counter(" ".join(tokens) for tokens in self.tokens)

    @cached_property
    def heads(self) -> Counter[str]:
        """In how many lines each beginning stands."""
        return Counter(map(_head, self.tokens))

    @cached_property
    def common(self) -> frozenset[str]:
        """The tokens that hold the text together: those in most paragraphs."""
        # dict.fromkeys, not set: ties must fall alike in every process.
        body = Counter(
            t for at in self.paragraphs for t in dict.fromkeys(self.tokens[at])
        )
        return frozenset(token for token, _ in body.most_common(25))

    @cached_property
    def median(self) -> float:
        """The words of a typical paragraph."""
        sizes = sorted(self.words[at] for at in self.paragraphs)
        return sizes[len(sizes) // 2] if sizes else 25.0

    @cached_property
    def body(self) -> frozenset[int]:
        return frozenset(self.paragraphs)

    @cached_property
    def text_so_far(self) -> list[float]:
        """How many words of paragraphs stand above each line, and in all."""
        sizes = (
            self.words[at] if at in self.body else 0 for at in range(len(self.lines))
        )
        return [0, *accumulate(sizes)]

    @cached_property
    def judged_so_far(self) -> list[int]:
        """How many lines above each line are judged, and in all."""
        return [0, *accumulate(map(self.judged, range(len(self.lines))))]

    @cached_property
    def runs(self) -> list[tuple[int, int]]:
        """For each line, where its run of lines without a paragraph begins and ends."""
        starts, ends, last = [], [0] * len(self.lines), -1
        for at in range(len(self.lines)):
            last = at if at in self.body else last
            starts.append(last + 1)
        after = len(self.lines)
        for at in reversed(range(len(self.lines))):
            after = at if at in self.body else after
            ends[at] = after
        return list(zip(starts, ends, strict=True))

    def judged(self, at: int) -> bool:
        return self.verdicts[at] is not None

    def credits(self, at: int) -> bool:
        """Whether a line only names the maker of a picture."""
        verdict = self.verdicts[at]
        return verdict is not None and verdict.reason is Reason.CREDIT

    def leads(self, at: int) -> bool:
        """Whether a line leads to other articles."""
        verdict = self.verdicts[at]
        return verdict is not None and verdict.reason is Reason.RELATED


def _head(tokens: Sequence[str]) -> str:
    return " ".join(tokens[:2])


@cache
def _addresses() -> frozenset[str]:
    """The words with which an outlet speaks to its reader."""
    return concept("address").texts


def _pairs(tokens: Sequence[str]) -> set[tuple[str, str]]:
    return set(pairwise(tokens))


def _share(count: float, total: float) -> float:
    return count / total if total else 0.0


# --- the line by itself -----------------------------------------------------------


def _own(line: str, words: float) -> dict[str, float]:
    letters = sum(char.isalpha() for char in line)
    parts = line.split()
    cased = [part for part in parts[1:] if part[:1].lower() != part[:1].upper()]
    return {
        "words": min(words, 80),
        "sentence_end": float(ends_sentence(line)),
        "stops_inside": min(len(_STOPS.findall(line)) - ends_sentence(line), 6),
        "question": float(line.rstrip().endswith(("?", "？", "؟"))),
        "colon_end": float(line.rstrip().endswith((":", "："))),
        "colon_inside": float(bool(re.search(r"[:：]", line.rstrip()[:-1]))),
        "ellipsis": float(line.rstrip().endswith(("...", "…"))),
        "commas": _share(sum(map(line.count, ",，、،")), words),
        "digits": _share(sum(char.isdigit() for char in line), len(line)),
        "capitals": _share(sum(part[0].isupper() for part in cased), len(cased)),
        "shouting": _share(sum(char.isupper() for char in line), letters),
        "starts_low": float(line[:1].islower()),
        "starts_marked": float(not line[:1].isalnum()),
        "quotes": min(len(re.findall(r"[\"“”„«»「」『』]", line)), 4),
        "brackets": min(len(re.findall(r"[(（\[【]", line)), 3),
        "bars": min(len(re.findall(r"\s[|/•·–—>»+-]\s|[|•·]", line)), 4),
        "link": float(bool(re.search(r"https?:|www\.|@\w|\w@", line))),
        "glued": min(len(re.findall(r"[^\W\d_A-Z][A-ZÄÖÜÉ][^\W\d_]", line)), 4),
        "sign": float("©" in line),
        "slash_name": float(bool(re.search(r"\w\s?/\s?[A-Z]\w+\W*$", line))),
    }


# --- the line among the others ------------------------------------------------------


def _company(page: Page, at: int) -> dict[str, float]:
    tokens = page.tokens[at]
    others = [token for token in set(tokens) if page.spread[token] > 1]
    pairs = _pairs(tokens)
    shared = [pair for pair in pairs if page.pairs[pair] > 1]
    return {
        "known_words": _share(len(others), len(set(tokens))),
        "known_pairs": _share(len(shared), len(pairs)),
        "common_words": _share(sum(t in page.common for t in tokens), len(tokens)),
        "like_others": min(page.heads[_head(tokens)] - 1, 6),
        "address": _share(sum(t in _addresses() for t in tokens), len(tokens)),
        "copies": min(page.copies[" ".join(tokens)] - 1, 3),
        "size": min(_share(page.words[at], page.median), 4),
    }


def _place(page: Page, at: int) -> dict[str, float]:
    before, total = page.text_so_far[at], page.text_so_far[-1]
    after = total - page.text_so_far[at + 1]
    start, end = page.runs[at]
    return {
        "from_start": min(at, 30),
        "from_end": min(len(page.lines) - 1 - at, 30),
        "text_before": _share(before, before + after),
        "text_after": min(after, 400),
        "above": min(at - start, _FAR) if start else _FAR,
        "below": min(end - 1 - at, _FAR) if end < len(page.lines) else _FAR,
        "run": min(end - start, 30),
        "in_body": float(at in page.body),
        "paragraphs": min(len(page.body), 40),
        "lines": min(len(page.lines), 150),
    }


def _neighbours(page: Page, at: int) -> dict[str, float]:
    figures: dict[str, float] = {}
    for name, step in (("up", -1), ("up2", -2), ("down", 1), ("down2", 2)):
        near = at + step
        inside = 0 <= near < len(page.lines)
        figures[f"{name}_words"] = min(page.words[near], 80) if inside else -1
        figures[f"{name}_judged"] = float(inside and page.verdicts[near] is not None)
        if abs(step) == 1:
            ended = inside and ends_sentence(page.lines[near])
            figures[f"{name}_ends"] = float(ended)
            figures[f"{name}_credit"] = float(inside and page.credits(near))
    return figures


def _surroundings(page: Page, at: int) -> dict[str, float]:
    start, end = page.runs[at]
    figures: dict[str, float] = {}
    for reach in (3, 8):
        window = range(max(0, at - reach), min(len(page.lines), at + reach + 1))
        judged = sum(page.verdicts[near] is not None for near in window if near != at)
        figures[f"judged_{reach}"] = _share(judged, len(window) - 1)
    judged = page.judged_so_far[end] - page.judged_so_far[start]
    figures["run_judged"] = _share(judged, end - start)
    figures["leader_above"] = _distance(at, start, page.leads)
    figures["short_above"] = _unended(page, at, -1)
    figures["short_below"] = _unended(page, at, 1)
    return figures


def _distance(at: int, start: int, found: Callable[[int], bool]) -> float:
    nearest = range(at - 1, max(start, at - _FAR) - 1, -1)
    return float(next((at - near for near in nearest if found(near)), _FAR))


def _unended(page: Page, at: int, step: int) -> int:
    """How many lines in a row, that way, do not end as sentences do."""
    count, near = 0, at + step
    inside = range(len(page.lines))
    while count < _FAR and near in inside and not ends_sentence(page.lines[near]):
        count, near = count + 1, near + step
    return count


def figures(page: Page, at: int) -> dict[str, float]:
    """Everything the scorer looks at, by name, for one line."""
    return {
        **_own(page.lines[at], page.words[at]),
        "judged": float(page.judged(at)),
        **_company(page, at),
        **_place(page, at),
        **_neighbours(page, at),
        **_surroundings(page, at),
    }
