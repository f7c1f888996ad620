"""Renders what a browser would show: article pages, section pages, short notices.

Each outlet has its own markup (templates/), so that nothing learnt from one of them
helps with the next. Pure: postings in, HTML text out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from html import escape

from service.demo.edition import Edition, Posting
from service.demo.newsroom import Block, Kind, Section
from service.demo.templates import Fragments, fragments_of

#: The names of a block's fields, in the order of the notation.
_FIELDS = {
    Kind.FIGURE: ("image", "text", "credit"),
    Kind.TEASER: ("kicker", "headline"),
    Kind.ALSO: ("headline",),
    Kind.BOX: ("headline", "text"),
    Kind.NEWSLETTER: ("headline", "text"),
    Kind.CONSENT: ("provider",),
    Kind.TWEET: ("author", "text"),
}
_LINKED = frozenset({Kind.TEASER, Kind.ALSO})
_MOST_READ = 5
_RELATED = 3
_CARDS = 60

_MONTHS = {
    "en": "January February March April May June July August September October "
    "November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober "
    "November Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre "
    "noviembre diciembre",
}
_DATE = {
    "en": "{day} {month} {year}, {time}",
    "de": "{day}. {month} {year}, {time} Uhr",
    "es": "{day} de {month} de {year}, {time}",
}


def article_page(edition: Edition, posting: Posting) -> str:
    """The page of one article, with all the furniture of its outlet around it."""
    article = posting.article
    markup = fragments_of(edition.outlet.key)
    values = {
        **_head(edition, posting),
        "kicker": article.kicker,
        "published_text": date_text(posting.published, edition.outlet.language),
        "credit": _cover(article.blocks)[2],
        "standfirst_html": _standfirst(markup, article.standfirst),
        "authors_html": _bylines(markup, article.authors),
        "body_html": "\n".join(_block(edition, block) for block in article.blocks),
        "nav_html": _nav(edition),
        "related_html": _cards(edition, _others(edition, posting)[:_RELATED]),
        "most_read_html": _most_read(edition),
        "jsonld_html": _json_ld(edition, posting),
    }
    return markup.render("page", **values)


def section_page(edition: Edition, section: Section | None) -> str:
    """A section's page, or the front page for None: the newest cards on top."""
    postings = [
        posting
        for posting in edition.postings
        if section is None or posting.article.section == section.key
    ]
    return fragments_of(edition.outlet.key).render(
        "section",
        charset=edition.outlet.charset,
        site=edition.outlet.name,
        title=section.title if section else edition.outlet.name,
        url=f"{edition.origin}/{section.key}/" if section else f"{edition.origin}/",
        nav_html=_nav(edition),
        cards_html=_cards(edition, postings[:_CARDS]),
        most_read_html=_most_read(edition),
    )


def notice_page(edition: Edition, title: str, text: str) -> str:
    """A short page that is no article: an imprint, a tag page, "not found"."""
    return fragments_of(edition.outlet.key).render(
        "message",
        charset=edition.outlet.charset,
        site=edition.outlet.name,
        title=title,
        text=text,
        nav_html=_nav(edition),
    )


def date_text(at: datetime, language: str) -> str:
    """A date as a paper of that language prints it."""
    month = _MONTHS[language].split()[at.month - 1]
    return _DATE[language].format(
        day=at.day, month=month, year=at.year, time=at.strftime("%H:%M")
    )


def description(posting: Posting) -> str:
    """What feeds, cards and meta tags say of an article: one or two sentences."""
    if posting.article.standfirst:
        return posting.article.standfirst
    first = next(b for b in posting.article.blocks if b.kind is Kind.PARAGRAPH)
    return first.fields[0].split(". ")[0].rstrip(".") + "."


def image_path(posting: Posting) -> str:
    """The path of an article's lead picture; it has one even if it shows none."""
    return f"/img/{_cover(posting.article.blocks)[0] or posting.article.slug + '.svg'}"


def _head(edition: Edition, posting: Posting) -> dict[str, str]:
    article = posting.article
    sections = {section.key: section.title for section in edition.outlet.sections}
    return {
        "charset": edition.outlet.charset,
        "site": edition.outlet.name,
        "tagline": edition.outlet.tagline,
        "origin": edition.origin,
        "url": edition.origin + posting.path,
        "number": str(posting.number),
        "title": article.title,
        "description": description(posting),
        "authors": " und ".join(article.authors)
        if edition.outlet.language == "de"
        else ", ".join(article.authors),
        "section": sections[article.section],
        "section_key": article.section,
        "image": image_path(posting),
        "published": posting.published.isoformat(timespec="seconds"),
        "updated": posting.updated.isoformat(timespec="seconds"),
    }


def _cover(blocks: Iterable[Block]) -> tuple[str, str, str]:
    """Image, caption and credit of the first picture."""
    for block in blocks:
        if block.kind is Kind.FIGURE:
            image, caption, credit = block.fields
            return image, caption, credit
    return "", "", ""


def _standfirst(markup: Fragments, text: str | None) -> str:
    return markup.render("standfirst", text=text) if text else ""


def _bylines(markup: Fragments, authors: Iterable[str]) -> str:
    return ", ".join(
        markup.render("byline", name=name, slug=name.lower().replace(" ", "-"))
        for name in authors
    )


def _block(edition: Edition, block: Block) -> str:
    markup = fragments_of(edition.outlet.key)
    if block.kind in {Kind.ITEMS, Kind.NUMBERED}:
        items = "".join(f"<li>{escape(item)}</li>" for item in block.fields)
        return markup.render(block.kind, items_html=items)
    names = _FIELDS.get(block.kind, ("text",))
    values = dict(zip(names, block.fields, strict=True))
    if block.kind in _LINKED:
        values |= _link(edition, values["headline"])
    if block.kind is Kind.TWEET:
        values["handle"] = values["author"].replace(" ", "")
    return markup.render(block.kind, **{"kicker": "", **values})


def _link(edition: Edition, headline: str) -> dict[str, str]:
    """Where a teaser leads: the article of that headline, else the archive."""
    for posting in edition.postings[:100]:
        if posting.article.title == headline:
            return {"link": posting.path, "slug": posting.article.slug}
    return {"link": "/archive", "slug": "archive"}


def _nav(edition: Edition) -> str:
    return "".join(
        f'<li><a href="/{section.key}/">{escape(section.title)}</a></li>'
        for section in edition.outlet.sections
    )


def _others(edition: Edition, posting: Posting) -> list[Posting]:
    return [post for post in edition.postings[:50] if post.path != posting.path]


def _cards(edition: Edition, postings: Iterable[Posting]) -> str:
    markup = fragments_of(edition.outlet.key)
    return "\n".join(
        markup.render(
            "card",
            link=posting.path,
            slug=posting.article.slug,
            kicker=posting.article.kicker,
            headline=posting.article.title,
            text=description(posting),
        )
        for posting in postings
    )


def _most_read(edition: Edition) -> str:
    """The oldest of the newest fifty: what everybody has read by now."""
    return "".join(
        f'<li><a href="{escape(posting.path)}">{escape(posting.article.title)}</a></li>'
        for posting in edition.postings[:50][-_MOST_READ:]
    )


def _json_ld(edition: Edition, posting: Posting) -> str:
    article = posting.article
    said = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": edition.origin + posting.path,
        "headline": article.title,
        "description": description(posting),
        "image": [edition.origin + image_path(posting)],
        "datePublished": posting.published.isoformat(timespec="seconds"),
        "dateModified": posting.updated.isoformat(timespec="seconds"),
        "inLanguage": edition.outlet.language,
        "author": [{"@type": "Person", "name": name} for name in article.authors],
        "publisher": {"@type": "Organization", "name": edition.outlet.name},
        "isAccessibleForFree": True,
    }
    return json.dumps(said, ensure_ascii=False).replace("<", "\\u003c")
