"""Other extractors, each page under a deadline and without a network.

    PYTHON benchmarks/peers.py NAME...      < pages, a JSON object a line

A page is `{"id", "url", "body"}`, the body in base64; for each comes `{"id", "text",
"seconds": {...}, "failed"}` a NAME. `benchmarks.cleaning --peers PYTHON` runs this
in an environment of the peers' own, since their requirements exclude each other's
and ours. Nothing of the project is imported here.

Some of them look things up while they extract (a language model's data, a picture's
size, a name) and wait for an answer that does not come: sockets are refused at once,
and a page takes DEADLINE seconds at most.
"""

from __future__ import annotations

import base64
import contextlib
import importlib.util
import json
import signal
import socket
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

#: Seconds for a page; the slowest here that ends takes three.
DEADLINE: Final = 20

Extract = Callable[[bytes, "str | None"], str]


class Refused(OSError):
    """A peer wanted to leave the machine."""


def trafilatura(body: bytes, url: str | None, *, precision: bool = False) -> str:
    """trafilatura's text, by its defaults or in precision mode."""
    import trafilatura as peer

    page = body.decode("utf-8", "replace")
    return peer.extract(page, favor_precision=precision) or ""


def newspaper(body: bytes, url: str | None) -> str:
    """newspaper4k's text."""
    import newspaper as peer

    article = peer.Article(url or "https://example.org/", fetch_images=False)
    article.download(input_html=body.decode("utf-8", "replace"))
    article.parse()
    return str(article.text)


def news_please(body: bytes, url: str | None) -> str:
    """news-please's text."""
    from newsplease import NewsPlease

    page = body.decode("utf-8", "replace")
    found = NewsPlease.from_html(
        page, url=url or "https://example.org/", fetch_images=False
    )
    return found.maintext or ""


def readability(body: bytes, url: str | None) -> str:
    """readability-lxml's text."""
    from lxml import html
    from readability import Document

    summary = Document(body.decode("utf-8", "replace")).summary()
    return "\n".join(html.fromstring(summary).itertext())


def resiliparse(body: bytes, url: str | None) -> str:
    """resiliparse's text."""
    from resiliparse.extract.html2text import extract_plain_text

    page = body.decode("utf-8", "replace")
    return str(extract_plain_text(page, main_content=True))


#: Each with the module that has to be installed.
PEERS: Final[dict[str, tuple[str, Extract]]] = {
    "trafilatura": ("trafilatura", trafilatura),
    "trafilatura precision": ("trafilatura", partial(trafilatura, precision=True)),
    "newspaper4k": ("newspaper", newspaper),
    "news-please": ("newsplease", news_please),
    "readability-lxml": ("readability", readability),
    "resiliparse": ("resiliparse", resiliparse),
}
#: What the others' time is measured by.
REFERENCE: Final = "trafilatura"


def refuse_sockets() -> None:
    """From here on nothing of this process connects, or looks a name up."""

    def refused(*_: object, **__: object) -> Any:
        raise Refused("no network in a benchmark")

    for name in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, name, refused)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        setattr(socket, name, refused)


@contextlib.contextmanager
def deadline(seconds: int) -> Iterator[None]:
    """TimeoutError in the block once it has taken so long."""

    def passed(*_: object) -> None:
        raise TimeoutError(f"not done within {seconds} s")

    before = signal.signal(signal.SIGALRM, passed)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def extracted(name: str, body: bytes, url: str | None) -> tuple[str, float, str | None]:
    """What a peer makes of a page, its CPU seconds, and why it gave up if it did."""
    started = time.process_time()
    text, failed = "", None
    try:
        with deadline(DEADLINE):
            text = PEERS[name][1](body, url)
    except Exception as error:  # a page on which an extractor gives up
        failed = f"{type(error).__name__}: {error}"[:200]
    return text, time.process_time() - started, failed


def main(names: list[str]) -> None:
    """Answer the pages on standard input; first says which peers are missing."""
    refuse_sockets()
    warnings.simplefilter("ignore")
    here = [name for name in names if importlib.util.find_spec(PEERS[name][0])]
    out = sys.stdout
    sys.stdout = sys.stderr  # for peers that print
    out.write(json.dumps({"installed": here}) + "\n")
    for line in sys.stdin:
        page = json.loads(line)
        body = base64.b64decode(page["body"])
        for name in here:
            text, seconds, failed = extracted(name, body, page["url"])
            told = {"id": page["id"], "name": name, "text": text}
            told |= {"seconds": seconds, "failed": failed}
            out.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
