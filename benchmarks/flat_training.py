"""Trains the scorer of flattened lines and writes its weights, after cross-validation.

    python -m benchmarks.flat_training [CORPUS] > predictions.jsonl
    python CORPUS/score.py CORPUS/texts predictions.jsonl
    python -m benchmarks.flat_training [CORPUS] --write

CORPUS (default ../shared/corpus) holds `texts/` and `articles/`, see its README. Needs
scikit-learn, which is no dependency of the project: install it in an environment of
its own beside the project's. Folds are by outlet, so that no outlet is judged by what
was learnt from it. Without --write the cross-validated predictions are printed, as the
whole of `clean_text` makes them.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

import lxml.html

from pipelines.article import Reason
from pipelines.cleaning import flat_scorer
from pipelines.cleaning.flat import clean_text
from pipelines.cleaning.flat_rules import Flat, mark
from pipelines.cleaning.flat_scorer import planted
from pipelines.cleaning.flat_shape import Page, figures
from pipelines.cleaning.lines import Verdict

WEIGHTS = Path("pipelines/cleaning/flat_weights.json")
FOLDS = 6
#: What a page of `articles/`, or a page with part of its furniture, counts beside one
#: of `texts/` as it is.
ARTICLE_WEIGHT, THINNED_WEIGHT = 0.35, 0.2
#: Shares of the furniture that stay in the thinned copies of a page.
THINNED = (0.0, 0.3)
FOREST = {
    "n_estimators": 120,
    "learning_rate": 0.1,
    "max_depth": 5,
    "min_samples_leaf": 40,
    "subsample": 0.7,
    "max_features": 0.35,
    "random_state": 7,
}
_TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1780-\u17ff\u1000-\u109f]|[^\W_]+"
)
_BLOCKS = re.compile(
    r"address|article|aside|blockquote|body|button|center|d[dlt]|details|div|fieldset"
    r"|figcaption|figure|footer|form|h[1-6r]|header|br|li|main|nav|ol|option|p|pre"
    r"|section|select|summary|table|t[dhr]|ul"
)
_DROPPED = frozenset(
    ("script", "style", "noscript", "template", "svg", "iframe", "head")
)


@dataclass(frozen=True)
class Labelled:
    """A flattened page: its lines, and for each whether the gold text has it."""

    name: str
    outlet: str
    lines: tuple[str, ...]
    kept: tuple[bool, ...]
    weight: float = 1.0


def tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.lower())


# --- pages and their labels -------------------------------------------------------


def texts(corpus: Path) -> Iterator[Labelled]:
    folder = corpus / "texts"
    for case in cases(folder):
        text = (folder / "text" / f"{case['id']}.txt").read_text(encoding="utf-8")
        lines = tuple(line.strip() for line in text.splitlines() if line.strip())
        outlet = re.sub(r"_\d{4}.*", "", case["id"])
        yield Labelled(case["id"], outlet, lines, labels(lines, case["body"]))


def articles(corpus: Path) -> Iterator[Labelled]:
    """The pages of `articles/`, flattened from the element around their gold text."""
    folder = corpus / "articles"
    for case in cases(folder):
        gold = [line for part in case["body"] for line in part.split("\n")]
        page = gzip.decompress((folder / "html" / f"{case['id']}.html.gz").read_bytes())
        lines = tuple(flatten(container(parse(page), "\n".join(gold))))
        if len(lines) > 5:
            yield Labelled(
                case["id"], case["id"], lines, labels(lines, gold), ARTICLE_WEIGHT
            )


def cases(folder: Path) -> list[Any]:
    text = (folder / "cases.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@dataclass(frozen=True)
class Gold:
    """A gold text: its words, word pairs and paragraphs."""

    whole: str
    pairs: frozenset[tuple[str, str]]
    paragraphs: frozenset[str]

    @classmethod
    def of(cls, body: list[str]) -> Gold:
        paragraphs = [" ".join(tokens(paragraph)) for paragraph in body]
        whole = " ".join(paragraphs)
        pairs = frozenset(pairwise(whole.split()))
        return cls(f" {whole} ", pairs, frozenset(paragraphs))

    def holds(self, words: list[str]) -> bool:
        return f" {' '.join(words)} " in self.whole


def labels(lines: tuple[str, ...], body: list[str]) -> tuple[bool, ...]:
    """A line is kept if half of its word pairs stand in the gold text; a line of
    under four words, if it is a gold paragraph or runs on into its neighbour there."""
    gold = Gold.of(body)
    words = [tokens(line) for line in lines]
    return tuple(label(words, at, gold) for at in range(len(lines)))


def label(lines: list[list[str]], at: int, gold: Gold) -> bool:
    words = lines[at]
    if len(words) >= 4:
        own = list(pairwise(words))
        return sum(pair in gold.pairs for pair in own) >= 0.5 * len(own)
    before = lines[at - 1] if at else []
    after = lines[at + 1] if at + 1 < len(lines) else []
    return (
        " ".join(words) in gold.paragraphs
        or (len(before) > 3 and gold.holds(before + words))
        or (len(after) > 3 and gold.holds(words + after))
    )


def parse(page: bytes) -> Any:
    text = page.decode("utf-8", "replace").encode()
    return lxml.html.fromstring(text, parser=lxml.html.HTMLParser(encoding="utf-8"))


def flatten(element: Any) -> list[str]:
    """The text of an element, a line a block, as a naive scraper makes it."""
    pieces = "".join(_pieces(element)).split("\n")
    return [line for line in (" ".join(piece.split()) for piece in pieces) if line]


def _pieces(element: Any) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in _DROPPED:
        return
    edge = "\n" if _BLOCKS.fullmatch(element.tag) else ""
    yield edge + " ".join((element.text or "").split("\n"))
    for child in element:
        yield from _pieces(child)
        yield " ".join((child.tail or "").split("\n"))
    yield edge


def container(root: Any, gold: str) -> Any:
    """The deepest element with most of the gold text, or the article around it."""
    wanted = set(pairwise(tokens(gold)))
    element, inner = root, root
    while inner is not None:
        element = inner
        inner = next((c for c in element if _holds(c, wanted)), None)
    for outer in (element, *element.iterancestors()):
        if outer.tag == "body" or _size(outer) > max(
            2 * len(wanted), len(wanted) + 900
        ):
            break
        element = outer
        if outer.tag in ("article", "main"):
            break
    return element


def _holds(element: Any, wanted: set[tuple[str, str]]) -> bool:
    if not isinstance(element.tag, str) or element.tag in _DROPPED:
        return False
    words = tokens("\n".join(flatten(element)))
    return len(wanted & set(pairwise(words))) >= 0.9 * len(wanted)


def _size(element: Any) -> int:
    return len(tokens("\n".join(flatten(element))))


def thinned(page: Labelled, share: float, chance: random.Random) -> Labelled:
    """The page with only some of its furniture, as other scrapers leave it."""
    left = [at for at, kept in enumerate(page.kept) if kept or chance.random() < share]
    return replace(
        page,
        lines=tuple(page.lines[at] for at in left),
        kept=tuple(page.kept[at] for at in left),
        weight=page.weight * THINNED_WEIGHT,
    )


def dressed(page: Labelled, chance: random.Random) -> Labelled:
    """The article alone, with doubled captions and teasers set between its lines.

    Crossheads beside such pairs must stay; pages of that kind are few in the corpus.
    """
    body = [line for line, kept in zip(page.lines, page.kept, strict=True) if kept]
    short = [line for line in page.lines if 4 <= len(tokens(line)) <= 14]
    lines, marks = list(body), [True] * len(body)
    for at in sorted(
        chance.sample(range(len(body) + 1), min(4, len(body))), reverse=True
    ):
        headline = chance.choice(short or ["No headline of four words"])
        pair = [headline, chance.choice((f"{headline} © A. B. / AFP", f"X {headline}"))]
        lines[at:at], marks[at:at] = pair, [False, False]
    weight = page.weight * THINNED_WEIGHT
    return replace(page, lines=tuple(lines), kept=tuple(marks), weight=weight)


# --- what the scorer learns from ----------------------------------------------------


@dataclass(frozen=True)
class Rows:
    """Lines that no rule has judged: figures, label and weight of each."""

    figures: list[list[float]]
    kept: list[bool]
    weights: list[float]
    outlets: list[str]

    def add(self, page: Labelled) -> None:
        judged = rule_verdicts(page.lines)
        view = Page(page.lines, judged)
        sizes = [len(tokens(line)) for line in page.lines]
        for at in range(len(page.lines)):
            if judged[at] is None:
                self.figures.append([*figures(view, at).values()])
                self.kept.append(page.kept[at])
                weight = 40 * page.weight * (sizes[at] + 4) / (sum(sizes) + 1)
                self.weights.append(weight)
                self.outlets.append(page.outlet)


def rule_verdicts(lines: tuple[str, ...]) -> list[Verdict | None]:
    title, marks = mark(Flat(lines, (False,) * len(lines)))
    if title is not None:
        marks[title] = Verdict(Reason.TITLE, "the title")
    return [marks.get(at) for at in range(len(lines))]


def rows_of(pages: list[Labelled]) -> Rows:
    rows = Rows([], [], [], [])
    chance = random.Random(7)
    for page in pages:
        rows.add(page)
        for share in THINNED:
            rows.add(thinned(page, share, chance))
        rows.add(dressed(page, chance))
    return rows


def train(rows: Rows) -> Any:
    from sklearn.ensemble import GradientBoostingClassifier

    model = GradientBoostingClassifier(**FOREST)
    return model.fit(rows.figures, rows.kept, sample_weight=rows.weights)


# --- cross-validation -----------------------------------------------------------------


def cross_validate(
    pages: list[Labelled], more: list[Labelled]
) -> Iterator[tuple[str, str]]:
    """Each page of `texts/` as cleaned with weights that know nothing of its outlet."""
    outlets = sorted({page.outlet for page in pages})
    random.Random(1).shuffle(outlets)
    for fold in range(FOLDS):
        unseen = set(outlets[fold::FOLDS])
        known = [page for page in pages if page.outlet not in unseen]
        trees = planted(exported(train(rows_of(known + more))))
        with patch.object(flat_scorer, "forest", lambda trees=trees: trees):
            for page in pages:
                if page.outlet in unseen:
                    yield page.name, clean_text("\n".join(page.lines)).text


# --- the weights as data ------------------------------------------------------------


def exported(model: Any) -> str:
    """The forest as JSON numbers: a node is [figure, limit, low, high] or a leaf.

    A figure up to the limit goes to the node numbered `low`, else to `high`.
    """
    names = list(figures(Page(["a line"], [None]), 0))
    prior = float(model._raw_predict_init([[0.0] * len(names)])[0, 0])
    trees = [_tree(each[0].tree_, model.learning_rate) for each in model.estimators_]
    data = {"figures": names, "prior": round(prior, 4), "trees": trees}
    weights = json.dumps(data, separators=(",", ":"))
    return weights.replace("],[[", "],\n[[") + "\n"


def _tree(tree: Any, rate: float) -> list[Any]:
    return [
        round(rate * float(tree.value[node, 0, 0]), 4)
        if tree.children_left[node] < 0
        else [
            int(tree.feature[node]),
            round(float(tree.threshold[node]), 4),
            int(tree.children_left[node]),
            int(tree.children_right[node]),
        ]
        for node in range(tree.node_count)
    ]


def main(arguments: list[str]) -> None:
    paths = [argument for argument in arguments if not argument.startswith("-")]
    corpus = Path(paths[0] if paths else "../shared/corpus")
    pages, more = list(texts(corpus)), list(articles(corpus))
    if "--write" in arguments:
        WEIGHTS.write_text(exported(train(rows_of(pages + more))), encoding="utf-8")
        print(f"{WEIGHTS} written, from {len(pages + more)} pages", file=sys.stderr)
        return
    for name, text in cross_validate(pages, more):
        print(json.dumps({"id": name, "text": text}))


if __name__ == "__main__":
    main(sys.argv[1:])
