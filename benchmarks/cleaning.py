"""How clean pages come out, beside what other extractors make of them.

    python -m benchmarks.cleaning [--folds N] [--nameless] [--only NAME] [CORPUS...]

A corpus is a folder with cases.jsonl and html/ID.html.gz (or text/ID.txt); the folder
above it holds the scorers, score.py and leaks.py. Each extractor gets the page's
bytes; the CPU column is its time for a page over that of trafilatura's defaults,
measured page by page in turn. `--nameless` takes classes, ids and the like away: what
an extractor is worth on an outlet whose names it does not know. `--folds` adds our
own figures crossed over so many groups of outlets (see `crossed`).

`gate()` is the quick form for continuous integration: the project's own golden pages
have to come out to the letter, and the corpora, where they are, above floors.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import importlib.util
import json
import random
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
    "articles": {"F1": 0.979, "exact": 0.35, "captions": 0, "others": 60},
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


def _trafilatura(body: bytes, url: str | None, *, precision: bool) -> str:
    import trafilatura

    page = body.decode("utf-8", "replace")
    return trafilatura.extract(page, favor_precision=precision) or ""


def _newspaper(body: bytes, url: str | None) -> str:
    import newspaper

    article = newspaper.Article(url or "https://example.org/")
    article.download(input_html=body.decode("utf-8", "replace"))
    article.parse()
    return str(article.text)


def _news_please(body: bytes, url: str | None) -> str:
    from newsplease import NewsPlease

    page = body.decode("utf-8", "replace")
    return NewsPlease.from_html(page, url=url or "https://example.org/").maintext or ""


def _readability(body: bytes, url: str | None) -> str:
    from readability import Document

    summary = Document(body.decode("utf-8", "replace")).summary()
    return "\n".join(html.fromstring(summary).itertext())


def _resiliparse(body: bytes, url: str | None) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    page = body.decode("utf-8", "replace")
    return str(extract_plain_text(page, main_content=True))


#: Each with the module that has to be installed.
EXTRACTORS: Final[dict[str, tuple[str, Extract]]] = {
    "presswatch": ("pipelines", ours),
    "trafilatura": ("trafilatura", partial(_trafilatura, precision=False)),
    "trafilatura precision": ("trafilatura", partial(_trafilatura, precision=True)),
    "newspaper4k": ("newspaper", _newspaper),
    "news-please": ("newsplease", _news_please),
    "readability-lxml": ("readability", _readability),
    "resiliparse": ("resiliparse", _resiliparse),
}
_REFERENCE: Final = "trafilatura"


def installed() -> dict[str, Extract]:
    """The extractors that can be imported here; says which cannot."""
    found = {}
    for name, (module, extract) in EXTRACTORS.items():
        if importlib.util.find_spec(module) is None:
            print(f"{name}: not installed")
        else:
            found[name] = extract
    return found


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
    extractors = {"presswatch": ours_flat} if is_flat(corpus) else installed()
    if options.only:
        extractors = {name: extractors[name] for name in options.only}
    some = list(pages(corpus))
    if options.nameless and not is_flat(corpus):
        some = [nameless(page) for page in some]
    texts, seconds = extracted(some, extractors)
    print(f"\n{corpus.name}, {len(some)} pages\n{HEAD}")
    reference = seconds.get(_REFERENCE)
    for name in extractors:
        ratio = f"{seconds[name] / reference:5.2f}" if reference else ""
        print(f"{name:24} {figures(corpus, texts[name]).row()} {ratio}", flush=True)
    if options.folds and not is_flat(corpus):
        texts = {"presswatch": crossed(some, options.folds)}
        row = figures(corpus, texts["presswatch"]).row()
        print(f"{'presswatch, crossed':24} {row}")


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
    parser.add_argument("--only", action="append", choices=sorted(EXTRACTORS))
    options = parser.parse_args(argv)
    for corpus in options.corpora:
        report(corpus, options)


if __name__ == "__main__":
    main()
