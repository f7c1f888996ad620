"""The outlets of the demo and their articles, as values.

Articles are text files under `articles/<outlet>/`: YAML front matter, then blocks
divided by blank lines. The notation of a block (the rest is separated by `|`):

    a paragraph                  ## a crosshead            - an item / 1. an item
    > a quotation                !figure image | caption | credit
    !teaser kicker | headline    !also headline            !box title | text
    !newsletter headline | text  !consent provider         !tweet author | text
    !pull a quotation that repeats words of the text

All towns, people and events are invented. Nothing here knows of HTML or HTTP.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable

import yaml


class Kind(StrEnum):
    """What a block is. The first five are the article; the rest stand around it."""

    PARAGRAPH = "paragraph"
    CROSSHEAD = "crosshead"
    ITEMS = "items"
    NUMBERED = "numbered"
    QUOTE = "quote"
    FIGURE = "figure"
    TEASER = "teaser"
    ALSO = "also"
    BOX = "box"
    NEWSLETTER = "newsletter"
    CONSENT = "consent"
    TWEET = "tweet"
    PULL = "pull"


#: What a reader would call the article; everything else is furniture.
TEXT_KINDS = frozenset(
    {Kind.PARAGRAPH, Kind.CROSSHEAD, Kind.ITEMS, Kind.NUMBERED, Kind.QUOTE}
)


@dataclass(frozen=True, slots=True)
class Block:
    """One block; `fields` are its parts in the order of the notation."""

    kind: Kind
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """An article as its desk wrote it. `minutes` is its age when the site starts.

    A `held` article is published only on request. `wire` names the agency story
    whose blocks it carries.
    """

    slug: str
    section: str
    title: str
    kicker: str
    minutes: int
    blocks: tuple[Block, ...]
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    wire: str | None = None
    held: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A section of an outlet: its part of the URL and its name."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Outlet:
    """A newspaper. `path` is the pattern of its article URLs."""

    key: str
    name: str
    tagline: str
    language: str
    path: str
    sections: tuple[Section, ...]
    feed: str
    charset: str = "utf-8"


OUTLETS = (
    Outlet(
        key="courier",
        name="The Harbour Courier",
        tagline="News from Port Ellery and the bay since 1871",
        language="en",
        path="/news/{section}/{slug}-{number}",
        sections=(Section("harbour", "Harbour"), Section("city", "City")),
        feed="/rss.xml",
    ),
    Outlet(
        key="talbote",
        name="Talbote",
        tagline="Die Zeitung für Altenried und das Rauntal",
        language="de",
        path="/{section}/{slug}-a-{number}.html",
        sections=(Section("lokales", "Lokales"), Section("wirtschaft", "Wirtschaft")),
        feed="/atom.xml",
    ),
    Outlet(
        key="upland",
        name="Upland Record",
        tagline="Independent reporting from the hill counties",
        language="en",
        path="/{date}/{slug}/",
        sections=(Section("news", "News"), Section("land", "Land & Water")),
        feed="/feed.json",
    ),
    Outlet(
        key="gaceta",
        name="La Gaceta del Cabo",
        tagline="Diario de Puerto Almar",
        language="es",
        path="/noticia.php?id={number}",
        sections=(Section("ciudad", "Ciudad"), Section("cultura", "Cultura")),
        feed="/rdf.xml",
        charset="iso-8859-1",
    ),
)

_DIRECTIVE = re.compile(r"!(\w+)\s+(.*)", re.DOTALL)
_ITEM = re.compile(r"^(?:-|\d+\.) +", re.MULTILINE)


def article_text(article: Article) -> str:
    """The true text: standfirst, then the text blocks and list items, one a line."""
    lines = [article.standfirst] if article.standfirst else []
    for block in article.blocks:
        if block.kind in TEXT_KINDS:
            lines.extend(block.fields)
    return "\n".join(lines)


def posts(article: Article) -> list[str]:
    """What the posts of others say that the article shows. Readers differ on whether
    those are part of it, so that a check of texts may leave them out of both."""
    shown = (block for block in article.blocks if block.kind is Kind.TWEET)
    return [field for block in shown for field in block.fields]


def parse_blocks(source: str) -> tuple[Block, ...]:
    """The blocks of a text in the notation above. ValueError on an unknown kind."""
    chunks = re.split(r"\n\s*\n", source.strip())
    return tuple(_block(chunk.strip()) for chunk in chunks if chunk.strip())


def _block(chunk: str) -> Block:
    directive = _DIRECTIVE.match(chunk)
    if directive:
        fields = directive[2].split("|")
        return Block(Kind(directive[1]), tuple(_folded(part) for part in fields))
    if chunk.startswith("## "):
        return Block(Kind.CROSSHEAD, (_folded(chunk[3:]),))
    if chunk.startswith("> "):
        return Block(Kind.QUOTE, (_folded(chunk.replace("\n> ", " ")[2:]),))
    if _ITEM.match(chunk):
        items = _ITEM.split(chunk)[1:]
        kind = Kind.ITEMS if chunk.startswith("-") else Kind.NUMBERED
        return Block(kind, tuple(_folded(item) for item in items))
    return Block(Kind.PARAGRAPH, (_folded(chunk),))


def _folded(text: str) -> str:
    return " ".join(text.split())


def parse_article(slug: str, source: str) -> Article:
    """An article file's text -> Article. KeyError names a missing front-matter key."""
    _, front, body = source.split("---\n", 2)
    said = yaml.safe_load(front)
    return Article(
        slug=slug,
        section=said["section"],
        title=said["title"],
        kicker=said["kicker"],
        minutes=said["minutes"],
        blocks=parse_blocks(body),
        standfirst=said.get("standfirst"),
        authors=tuple(said.get("authors", ())),
        wire=said.get("wire"),
        held=said.get("held", False),
    )


def with_wire_copy(article: Article, copy: tuple[Block, ...]) -> Article:
    """The article with the agency's text, its own blocks spread through it.

    A paper that carries wire copy adds teasers, pictures and boxes, not words: one
    of its own blocks follows every second block of the agency's.
    """
    own = iter(article.blocks)
    merged: list[Block] = []
    for number, block in enumerate(copy, start=1):
        merged.append(block)
        if number % 2 == 0:
            merged.extend([inserted for inserted in [next(own, None)] if inserted])
    return replace(article, blocks=(*merged, *own))


@dataclass(frozen=True, slots=True)
class Desk:
    """What one outlet has written: its articles and prepared later versions of them.

    `later` maps a slug to the version that replaces it while the site runs.
    """

    outlet: Outlet
    articles: tuple[Article, ...]
    later: dict[str, Article]


def open_newsroom() -> tuple[Desk, ...]:
    """Every outlet with its articles, newest first, read from the package's files."""
    root = files("service.demo") / "articles"
    wire = {slug: parse_blocks(text) for slug, text in _texts(root / "wire")}
    return tuple(_desk(outlet, root / outlet.key, wire) for outlet in OUTLETS)


def _desk(
    outlet: Outlet, folder: Traversable, wire: dict[str, tuple[Block, ...]]
) -> Desk:
    articles = []
    later = {}
    for name, text in _texts(folder):
        slug, _, version = name.partition(".")
        article = parse_article(slug, text)
        if article.wire:
            article = with_wire_copy(article, wire[article.wire])
        if version:
            later[slug] = article
        else:
            articles.append(article)
    articles.sort(key=lambda article: (article.minutes, article.slug))
    return Desk(outlet, tuple(articles), later)


def _texts(folder: Traversable) -> Iterator[tuple[str, str]]:
    """Name without `.txt`, and text, of every file of a folder, by name."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".txt"):
            yield entry.name.removesuffix(".txt"), entry.read_text(encoding="utf-8")
