"""Scores lines that no rule has judged: article text, or furniture by its looks.

A forest of small trees (J. Friedman, "Greedy Function Approximation", Annals of
Statistics 29, 2001) over the figures of `flat_shape.py`, which are no words of any
language. `benchmarks/flat_training.py` made its weights; docs/benchmarks.md says how
well they do on outlets that they have not seen.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from pipelines.article import Reason
from pipelines.cleaning.flat_shape import Page, figures
from pipelines.cleaning.lines import Verdict, ends_sentence

#: From this chance on a line is kept. Below one half, since a lost paragraph is worse
#: than a caption too many: see the thresholds that the training prints.
KEPT_FROM = 0.45
#: Where the rules have found the furniture, what else looks odd is mostly crossheads
#: and short quotes: in texts with only so many suspects, or only this share of their
#: lines, nothing but the plainest goes. Spares two of three lines lost otherwise.
FEW_SUSPECTS, FEW_OF_ALL, KEPT_AMONG_FEW = 2, 0.12, 0.2

_Node = float | tuple[int, float, int, int]

#: What the figures that speak most against a line mean, in plain words.
_MEANING = {
    "words": "its length",
    "sentence_end": "how it ends",
    "capitals": "its capitals",
    "digits": "its figures",
    "glued": "words run together",
    "common_words": "few of the text's common words",
    "known_words": "how little it shares with the text",
    "known_pairs": "how little it shares with the text",
    "copies": "its copies",
    "like_others": "lines that begin like it",
    "up_judged": "the line above it",
    "up_words": "the line above it",
    "up_ends": "the line above it",
    "up_credit": "the credit above it",
    "down_judged": "the line below it",
    "down_words": "the line below it",
    "down_ends": "the line below it",
    "down_credit": "the credit below it",
    "judged_3": "furniture around it",
    "judged_8": "furniture around it",
    "run_judged": "furniture around it",
    "leader_above": "a leader to other articles above it",
    "text_after": "where it stands in the text",
    "text_before": "where it stands in the text",
    "above": "its distance from the paragraphs",
    "below": "its distance from the paragraphs",
    "run": "its distance from the paragraphs",
}


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees as they stand in the weights: a node is a leaf or a split."""

    names: tuple[str, ...]
    prior: float
    trees: tuple[tuple[_Node, ...], ...]

    def chance(self, values: Sequence[float]) -> float:
        """The chance, 0 to 1, that a line with these figures is article text."""
        total = self.prior + sum(_leaf(tree, values) for tree in self.trees)
        return 1 / (1 + math.exp(-total))

    def against(self, values: Sequence[float]) -> list[str]:
        """The figures on the ways to leaves that speak against the line, by weight."""
        weights: defaultdict[str, float] = defaultdict(float)
        for tree in self.trees:
            way = _way(tree, values)
            leaf = _leaf(tree, values)
            for split in way:
                weights[self.names[split]] -= leaf / len(way)
        against = (name for name, weight in weights.items() if weight > 0)
        return sorted(against, key=lambda name: -weights[name])


def _leaf(tree: Sequence[_Node], values: Sequence[float]) -> float:
    node = tree[0]
    while isinstance(node, tuple):
        node = tree[node[2] if values[node[0]] <= node[1] else node[3]]
    return node


def _way(tree: Sequence[_Node], values: Sequence[float]) -> list[int]:
    """The numbers of the figures asked on the way to the leaf."""
    node, way = tree[0], []
    while isinstance(node, tuple):
        way.append(node[0])
        node = tree[node[2] if values[node[0]] <= node[1] else node[3]]
    return way


@cache
def forest() -> Forest:
    """The trained weights; a ValueError if they are for other figures."""
    path = resources.files("pipelines.cleaning") / "flat_weights.json"
    return planted(path.read_text(encoding="utf-8"))


def planted(weights: str) -> Forest:
    """The forest that the JSON text describes."""
    data = json.loads(weights)
    expected = tuple(figures(Page(("a line",), (None,)), 0))
    if tuple(data["figures"]) != expected:
        message = "flat_weights.json does not fit flat_shape.py: train it anew"
        raise ValueError(message)
    trees = tuple(tuple(map(_node, tree)) for tree in data["trees"])
    return Forest(expected, data["prior"], trees)


def _node(written: float | list[float]) -> _Node:
    if isinstance(written, list):
        figure, limit, low, high = written
        return int(figure), limit, int(low), int(high)
    return float(written)


def unlike_text(page: Page, lines: Sequence[int]) -> dict[int, Verdict]:
    """Which lines do not look like article text, and what speaks against each."""
    values = {at: tuple(figures(page, at).values()) for at in lines}
    chances = {at: forest().chance(each) for at, each in values.items()}
    limit = _limit(list(chances.values()))
    return {
        at: _verdict(page, at, values[at], chance)
        for at, chance in chances.items()
        if chance < limit
    }


def _limit(chances: Sequence[float]) -> float:
    suspects = sum(chance < KEPT_FROM for chance in chances)
    few = suspects <= max(FEW_SUSPECTS, FEW_OF_ALL * len(chances))
    return KEPT_AMONG_FEW if few else KEPT_FROM


def _verdict(page: Page, at: int, values: Sequence[float], chance: float) -> Verdict:
    named = dict.fromkeys(
        _MEANING[name] for name in forest().against(values) if name in _MEANING
    )
    reason, kind = _kind(page, at)
    grounds = ", ".join(list(named)[:3]) or "all its figures together"
    return Verdict(reason, f"looks like {kind} ({1 - chance:.0%} sure): {grounds}")


def _kind(page: Page, at: int) -> tuple[Reason, str]:
    """The likeliest name for a line that is no article text."""
    led = any(page.leads(near) for near in range(max(page.runs[at][0], at - 12), at))
    behind = bool(page.paragraphs) and at > page.paragraphs[-1]
    if led or (page.words[at] > 5 and behind):
        return Reason.TEASER, "a line about another article"
    if page.words[at] <= 5:
        return Reason.CHROME, "a label"
    if any(page.credits(near) for near in (at - 1, at + 1) if _inside(page, near)):
        return Reason.CAPTION, "a caption"
    if ends_sentence(page.lines[at]):
        return Reason.OTHER, "a box or a caption"
    return Reason.TEASER, "a teaser or a caption"


def _inside(page: Page, at: int) -> bool:
    return 0 <= at < len(page.lines)
