"""Fuzzes discovery and cleaning: no crash, no hang, no blow-up of memory.

python -m benchmarks.fuzz [discovery|cleaning] [--minutes 10] [--keep DIR]

Coverage-guided (libFuzzer by atheris, which is no dependency: `pip install atheris`).
Starts from the documents and golden pages of the tests. An exception that is not the
named refusal, an input that takes 20 s, or 1.5 GB of memory ends it, and the input is
kept in DIR as the file that the last lines name.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

TESTS = Path(__file__).parents[1] / "tests"
URL = "https://paper.example/news/a-story-1"

#: libFuzzer's own limits.
LONGEST, SECONDS, MEGABYTES = 1 << 18, 20, 1500

KINDS = ("feed", "sitemap", "section")
TYPES = (None, "text/html", "application/xml; charset=cp1251", "application/json")


def discovery_target() -> Callable[[bytes], None]:
    """Any bytes as any kind of listing."""
    from crawlers import discovery

    def target(data: bytes) -> None:
        if len(data) < 2:
            return
        kind, said = KINDS[data[0] % len(KINDS)], TYPES[data[1] % len(TYPES)]
        sites = frozenset({"paper.example"})
        try:
            found = discovery.read(kind, data[2:], URL, said, sites=sites)
        except discovery.NotAListing:
            return
        for candidate in found.candidates:
            assert candidate.url.startswith("http"), candidate.url

    return target


def cleaning_target() -> Callable[[bytes], None]:
    """Any bytes as a page, as a worker reads it."""
    from pipelines.reading import PageInput, read

    def target(data: bytes) -> None:
        if not data:
            return
        said = TYPES[data[0] % len(TYPES)]
        found = read(PageInput(data[1:], url=URL, content_type=said))
        text = found.cleaned.text
        text.encode()  # no lone surrogates
        assert "\0" not in text

    return target


TARGETS = {"discovery": discovery_target, "cleaning": cleaning_target}
SEEDS = {
    "discovery": ("crawlers/discovery/documents/*", "crawlers/discovery/sections/*"),
    "cleaning": ("pages/*/page.html",),
}


def seeds(name: str, directory: Path) -> int:
    """Copies the inputs to begin with; how many."""
    paths = [path for pattern in SEEDS[name] for path in sorted(TESTS.glob(pattern))]
    for number, path in enumerate(paths):
        for kind in range(len(KINDS) if name == "discovery" else 1):
            head = bytes([kind, 0]) if name == "discovery" else bytes([0])
            file = directory / f"{number}-{kind}"
            file.write_bytes(head + path.read_bytes()[:LONGEST])
    return len(paths)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "target", choices=sorted(TARGETS), nargs="?", default="discovery"
    )
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--keep", type=Path, help="where inputs that fail are kept")
    options = parser.parse_args(arguments)
    try:
        import atheris
    except ImportError:
        print("this needs atheris: pip install atheris", file=sys.stderr)
        return 2
    with atheris.instrument_imports(include=["crawlers", "pipelines"]):
        target = TARGETS[options.target]()
        target(b"\0\0<html><p>One page, so that what is loaded late is loaded.</p>")
    corpus = Path(tempfile.mkdtemp(prefix="fuzz-"))
    keep = options.keep or Path(tempfile.mkdtemp(prefix="fuzz-found-"))
    keep.mkdir(parents=True, exist_ok=True)
    print(f"{seeds(options.target, corpus)} documents to begin with; finds in {keep}")
    words = [
        f"-max_total_time={options.minutes * 60:.0f}",
        f"-timeout={SECONDS}",
        f"-rss_limit_mb={MEGABYTES}",
        f"-max_len={LONGEST}",
        f"-artifact_prefix={keep}/",
        "-print_final_stats=1",
        str(corpus),
    ]
    atheris.Setup([sys.argv[0], *words], target)
    try:
        atheris.Fuzz()  # ends the process itself
    finally:
        shutil.rmtree(corpus, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
