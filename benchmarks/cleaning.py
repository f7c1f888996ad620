"""How clean pages come out, beside what other extractors make of them.

    python -m benchmarks.cleaning [--folds N] [--nameless] [--only NAME]
        [--peers PYTHON] [CORPUS...]

A corpus is a folder with cases.jsonl and html/ID.html.gz (or text/ID.txt); the folder
above it holds the scorers, score.py and leaks.py. Each extractor gets the page's
bytes; the CPU column is its time for a page over that of trafilatura's defaults,
measured page by page in turn. `--peers` is an interpreter that has the other
extractors installed, each of which has CPU measured against trafilatura's beside it
there; they run without a network, a page under a deadline (`benchmarks/peers.py`).
`--nameless` takes classes, ids and the like away: what
an extractor is worth on an outlet whose names it does not know. `--folds` adds our
own figures crossed over so many groups of outlets (see `crossed`).

`gate()` is the quick form for continuous integration: the project's own golden pages
have to come out to the letter, and the corpora, where they are, above floors.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import importlib
import json
import random
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, Final
from urllib.parse import urlsplit

from lxml import etree, html

from benchmarks import peers
from pipelines.cleaning import clean_page, marks
from pipelines.cleaning.flat import clean_text
from pipelines.document import parse

CORPORA: Final = tuple(
    Path("../shared/corpus") / name for name in ("outlets", "articles", "texts")
)
GOLDEN: Final = Path(__file__).parent.parent / "tests" / "pages"
#: Well under what is reached, so that only a real loss fails: F1, exact, and at most
#: so many captions and other lines (a hundred pages) leaked.
FLOORS: Final = {
    "outlets": {"F1": 0.985, "exact": 0.58, "captions": 2, "others": 85},
    "articles": {"F1": 0.982, "exact": 0.37, "captions": 0, "others": 55},
}
_HTML: Final = "text/html; charset=utf-8"
_NAMES: Final = ("class", "id", "role", "itemprop", "data-testid", "data-component")

Extract = Callable[[bytes, str | None], str]


@dataclass(frozen=True, slots=True)
class Page:
    """One case: what the scorers know it by, and its page."""

    name: str
    url: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Figures:
    """What one extractor reached on one corpus. Leaks and losses a hundred."""

    f1: float
    precision: float
    recall: float
    exact: float
    bad: float
    captions: int
    teasers: float
    others: float
    lost: float

    def row(self) -> str:
        """The figures as a line of the table."""
        return (
            f"{self.f1:.4f} {self.precision:.4f} {self.recall:.4f} {self.exact:6.3f} "
            f"{self.bad:6.3f} {self.captions:8d} {self.teasers:7.1f} "
            f"{self.others:6.1f} {self.lost:5.1f}"
        )


HEAD: Final = (
    f"{'':24} {'F1':6} {'P':6} {'R':6} {'exact':>6} {'F<0.8':>6} "
    f"{'captions':>8} {'teasers':>7} {'others':>6} {'lost':>5} {'CPU':>5}"
)


# --- extractors -----------------------------------------------------------------


def ours(body: bytes, url: str | None) -> str:
    """The text that this project keeps of a page."""
    return clean_page(parse(body, _HTML, url), None, None).text


def ours_flat(body: bytes, url: str | None) -> str:
    """The text that this project keeps of a flattened text."""
    return clean_text(body.decode("utf-8")).text


#: What is measured in this process, page by page in turn, for the CPU column.
HERE: Final[dict[str, Extract]] = {
    "presswatch": ours,
    "trafilatura": peers.trafilatura,
    "trafilatura precision": partial(peers.trafilatura, precision=True),
}
#: What runs in a process of its own, without a network.
AWAY: Final = tuple(name for name in peers.PEERS if name not in HERE)


def away(
    some: Sequence[Page], names: Sequence[str], python: str
) -> tuple[dict[str, dict[str, str]], dict[str, float]]:
    """What peers make of the pages under another interpreter, as `extracted` has it.

    trafilatura's time there is under the name of `peers.REFERENCE`.
    """
    command = [python, peers.__file__, peers.REFERENCE, *names]
    told = subprocess.run(
        command, input=_asked(some), capture_output=True, text=True, check=True
    ).stdout.splitlines()
    here = json.loads(told[0])["installed"]
    for missing in sorted({*names} - {*here}):
        print(f"{missing}: not installed for {python}")
    texts: dict[str, dict[str, str]] = {name: {} for name in here}
    seconds = dict.fromkeys(here, 0.0)
    for line in map(json.loads, told[1:]):
        texts[line["name"]][line["id"]] = line["text"]
        seconds[line["name"]] += line["seconds"]
        if line["failed"]:
            words = f"{line['name']} gives up on {line['id']}: {line['failed']}"
            print(words, file=sys.stderr)
    return texts, seconds


def _asked(some: Sequence[Page]) -> str:
    return "".join(
        json.dumps(
            {
                "id": page.name,
                "url": page.url,
                "body": base64.b64encode(page.body).decode(),
            }
        )
        + "\n"
        for page in some
    )


# --- corpora --------------------------------------------------------------------


def cases(corpus: Path) -> list[dict[str, Any]]:
    """The cases of a corpus, as it writes them."""
    lines = (corpus / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def pages(corpus: Path) -> Iterator[Page]:
    """The pages, or flattened texts, of a corpus."""
    for case in cases(corpus):
        page = corpus / "html" / f"{case['id']}.html.gz"
        text = corpus / "text" / f"{case['id']}.txt"
        body = (
            gzip.decompress(page.read_bytes()) if page.exists() else text.read_bytes()
        )
        yield Page(case["id"], case.get("url"), body)


def is_flat(corpus: Path) -> bool:
    """Whether a corpus holds texts and no pages."""
    return not (corpus / "html").exists()


def nameless(page: Page) -> Page:
    """`page` with classes, ids and roles replaced by random ones, alike for alike."""
    rng = random.Random(page.name)
    renamed: defaultdict[str, str] = defaultdict(lambda: f"n{rng.getrandbits(32):x}")
    tree = parse(page.body, _HTML, page.url).tree
    for element in tree.iter(etree.Element):
        for name in _NAMES:
            if name in element.attrib:
                words = element.attrib[name].split()
                element.attrib[name] = " ".join(renamed[word] for word in words)
    return Page(page.name, page.url, html.tostring(tree, encoding="utf-8"))


def scorer(corpus: Path, name: str) -> ModuleType:
    """The module `name`.py beside the corpora."""
    folder = str(corpus.resolve().parent)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return importlib.import_module(name)


# --- measuring ------------------------------------------------------------------


def extracted(
    some: Sequence[Page], extractors: Mapping[str, Extract]
) -> tuple[dict[str, dict[str, str]], dict[str, float]]:
    """What each extractor makes of each page, and its CPU seconds in all."""
    texts: dict[str, dict[str, str]] = {name: {} for name in extractors}
    seconds = dict.fromkeys(extractors, 0.0)
    for page in some:
        for name, extract in extractors.items():
            started = time.process_time()
            try:
                texts[name][page.name] = extract(page.body, page.url)
            except Exception as error:  # a page on which an extractor gives up
                if name == "presswatch":
                    raise
                print(f"{name} fails on {page.name}: {error}", file=sys.stderr)
                texts[name][page.name] = ""
            seconds[name] += time.process_time() - started
    return texts, seconds


def figures(corpus: Path, texts: Mapping[str, str]) -> Figures:
    """What the corpus' own scorers say of `texts`."""
    scored = scorer(corpus, "score").score(corpus, texts)
    leaked = scorer(corpus, "leaks").leaks(corpus, texts)
    return Figures(
        f1=scored["F1"],
        precision=scored["P"],
        recall=scored["R"],
        exact=scored["exact"],
        bad=scored["bad"],
        captions=leaked["captions_leaked"],
        teasers=leaked["teaser_lines_per_100"],
        others=leaked["other_lines_per_100"],
        lost=leaked["lost_per_100"],
    )


def folds(some: Sequence[Page], count: int) -> list[list[Page]]:
    """`some` in `count` groups; all pages of an outlet are in one."""
    groups: list[list[Page]] = [[] for _ in range(count)]
    for page in some:
        outlet = urlsplit(page.url).hostname if page.url else page.name.split("_")[0]
        groups[random.Random(str(outlet)).randrange(count)].append(page)
    return [group for group in groups if group]


def crossed(some: Sequence[Page], count: int) -> dict[str, str]:
    """Our texts, each fold read with no word that only its own pages use.

    What is tuned in this project is its vocabulary of names; so a page is read as by
    somebody who had seen the other outlets only.
    """
    groups = folds(some, count)
    used = [_words_used(group) for group in groups]
    every = dict(marks._CONCEPTS)
    texts: dict[str, str] = {}
    try:
        for at, group in enumerate(groups):
            others = set().union(*used[:at], *used[at + 1 :])
            unseen = used[at] - others
            marks._CONCEPTS.clear()
            marks._CONCEPTS.update({w: c for w, c in every.items() if w not in unseen})
            marks.named.cache_clear()
            texts |= {page.name: ours(page.body, page.url) for page in group}
    finally:
        marks._CONCEPTS.update(every)
        marks.named.cache_clear()
    return texts


def _words_used(group: Sequence[Page]) -> set[str]:
    """The words of the vocabulary that the pages' markup says."""
    trees = (parse(page.body, _HTML, page.url).tree for page in group)
    found = (marks.mark(e) for tree in trees for e in tree.iter(etree.Element))
    return {mark.word for mark in found if mark}


def report(corpus: Path, options: argparse.Namespace) -> None:
    """Print the table of one corpus."""
    flat = is_flat(corpus)
    wanted = options.only or [*HERE, *AWAY]
    own = {"presswatch": ours_flat} if flat else HERE
    some = list(pages(corpus))
    if options.nameless and not flat:
        some = [nameless(page) for page in some]
    texts, seconds = extracted(some, {n: e for n, e in own.items() if n in wanted})
    print(f"\n{corpus.name}, {len(some)} pages\n{HEAD}")
    _rows(corpus, texts, seconds)
    others = [name for name in wanted if name in AWAY and not flat]
    if others:
        texts, seconds = away(some, others, options.peers)
        reference = seconds.get(peers.REFERENCE)
        texts.pop(peers.REFERENCE, None)
        _rows(corpus, texts, seconds, reference)
    if options.folds and not is_flat(corpus):
        texts = {"presswatch": crossed(some, options.folds)}
        row = figures(corpus, texts["presswatch"]).row()
        print(f"{'presswatch, crossed':24} {row}")


def _rows(
    corpus: Path,
    texts: Mapping[str, Mapping[str, str]],
    seconds: Mapping[str, float],
    reference: float | None = None,
) -> None:
    reference = reference or seconds.get(peers.REFERENCE)
    for name, told in texts.items():
        ratio = f"{seconds[name] / reference:5.2f}" if reference else ""
        print(f"{name:24} {figures(corpus, told).row()} {ratio}", flush=True)


# --- the gate -------------------------------------------------------------------


def gate(corpora: Sequence[Path] = CORPORA) -> list[str]:
    """What falls short of the floors, in words; an empty list passes."""
    problems = [problem for page in golden() for problem in _golden_problems(page)]
    for corpus in corpora:
        if corpus.exists() and corpus.name in FLOORS:
            problems += _corpus_problems(corpus)
    return problems


def golden() -> list[Path]:
    """The folders of the project's own golden pages."""
    return sorted(path.parent for path in GOLDEN.glob("*/expected.json"))


def _golden_problems(folder: Path) -> list[str]:
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    body = (folder / "page.html").read_bytes()
    text = ours(body, expected.get("url"))
    return [] if text == "\n".join(expected["text"]) else [f"{folder.name} differs"]


def _corpus_problems(corpus: Path) -> list[str]:
    texts, _ = extracted(list(pages(corpus)), {"presswatch": ours})
    reached = figures(corpus, texts["presswatch"])
    floor = FLOORS[corpus.name]
    below = {"F1": reached.f1, "exact": reached.exact}
    above = {"captions": reached.captions, "others": reached.others}
    problems = [
        f"{corpus.name}: {name} {value:.3f}, floor {floor[name]}"
        for name, value in below.items()
        if value < floor[name]
    ]
    return problems + [
        f"{corpus.name}: {name} {value:.1f}, at most {floor[name]}"
        for name, value in above.items()
        if value > floor[name]
    ]


def main(argv: Sequence[str] | None = None) -> None:
    """Print a table a corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", nargs="*", type=Path, default=CORPORA)
    parser.add_argument("--folds", type=int, default=0, metavar="N")
    parser.add_argument("--nameless", action="store_true")
    parser.add_argument("--only", action="append", choices=sorted([*HERE, *AWAY]))
    parser.add_argument("--peers", default=sys.executable, metavar="PYTHON")
    options = parser.parse_args(argv)
    for corpus in options.corpora:
        report(corpus, options)


if __name__ == "__main__":
    main()
