"""Renders what a machine reads: feeds in four formats, sitemaps, robots.txt.

Pure: an edition in, the document's text out. All formats list the same articles,
newest first; a feed stops after `window` items, a sitemap does not.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape

from service.demo.edition import Edition, Posting
from service.demo.pages import description

SITEMAP_SIZE = 1000  # URLs a file; Google's limit for news sitemaps

_XML = '<?xml version="1.0" encoding="{charset}"?>\n'


def rss(edition: Edition, window: int) -> str:
    """RSS 2.0. Its links carry tracking parameters, as those of many papers do."""
    items = "\n".join(_rss_item(edition, post) for post in edition.postings[:window])
    return _xml(
        edition,
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">\n<channel>'
        f"<title>{_text(edition.outlet.name)}</title><link>{edition.origin}/</link>"
        f"<description>{_text(edition.outlet.tagline)}</description>"
        f"<language>{edition.outlet.language}</language>"
        f"<lastBuildDate>{_rfc822(_changed(edition))}</lastBuildDate>\n"
        f"{items}\n</channel></rss>\n",
    )


def _rss_item(edition: Edition, post: Posting) -> str:
    url = edition.origin + post.path
    mark = "&amp;" if "?" in post.path else "?"
    creators = "".join(
        f"<dc:creator>{_text(name)}</dc:creator>" for name in post.article.authors
    )
    return (
        f"<item><title>{_text(post.article.title)}</title>"
        f"<link>{_text(url)}{mark}utm_source=rss&amp;utm_medium=feed</link>"
        f'<guid isPermaLink="false">{post.number}</guid>'
        f"<description>{_text(description(post))}</description>"
        f"<pubDate>{_rfc822(post.published)}</pubDate>{creators}</item>"
    )


def atom(edition: Edition, window: int) -> str:
    """Atom (RFC 4287)."""
    entries = "\n".join(
        _atom_entry(edition, post) for post in edition.postings[:window]
    )
    return _xml(
        edition,
        '<feed xmlns="http://www.w3.org/2005/Atom" '
        f'xml:lang="{edition.outlet.language}">'
        f"<title>{_text(edition.outlet.name)}</title><id>{edition.origin}/</id>"
        f'<link rel="self" href="{edition.origin}/atom.xml"/>'
        f'<link href="{edition.origin}/"/>'
        f"<updated>{_changed(edition).isoformat()}</updated>\n{entries}\n</feed>\n",
    )


def _atom_entry(edition: Edition, post: Posting) -> str:
    authors = "".join(
        f"<author><name>{_text(name)}</name></author>" for name in post.article.authors
    )
    return (
        f"<entry><title>{_text(post.article.title)}</title>"
        f'<link rel="alternate" href="{_text(post.path)}"/>'
        f"<id>tag:{edition.outlet.key}.example,2026:{post.number}</id>"
        f"<published>{post.published.isoformat()}</published>"
        f"<updated>{post.updated.isoformat()}</updated>{authors}"
        f'<summary type="html">{_text(f"<p>{_text(description(post))}</p>")}</summary>'
        "</entry>"
    )


def json_feed(edition: Edition, window: int) -> str:
    """JSON Feed 1.1."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": edition.outlet.name,
        "home_page_url": f"{edition.origin}/",
        "feed_url": f"{edition.origin}/feed.json",
        "language": edition.outlet.language,
        "items": [
            {
                "id": str(post.number),
                "url": edition.origin + post.path,
                "title": post.article.title,
                "summary": description(post),
                "date_published": post.published.isoformat(),
                "date_modified": post.updated.isoformat(),
                "authors": [{"name": name} for name in post.article.authors],
            }
            for post in edition.postings[:window]
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def rdf(edition: Edition, window: int) -> str:
    """RSS 1.0."""
    posts = edition.postings[:window]
    url = {post.path: _text(edition.origin + post.path) for post in posts}
    order = "".join(f'<rdf:li rdf:resource="{url[post.path]}"/>' for post in posts)
    items = "\n".join(
        f'<item rdf:about="{url[post.path]}"><title>{_text(post.article.title)}</title>'
        f"<link>{url[post.path]}</link>"
        f"<description>{_text(description(post))}</description>"
        f"<dc:date>{post.published.isoformat()}</dc:date>"
        f"<dc:creator>{_text(', '.join(post.article.authors))}</dc:creator></item>"
        for post in posts
    )
    return _xml(
        edition,
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f'<channel rdf:about="{edition.origin}/rdf.xml">'
        f"<title>{_text(edition.outlet.name)}</title><link>{edition.origin}/</link>"
        f"<description>{_text(edition.outlet.tagline)}</description>"
        f"<dc:language>{edition.outlet.language}</dc:language>"
        f"<items><rdf:Seq>{order}</rdf:Seq></items></channel>\n{items}\n</rdf:RDF>\n",
    )


def sitemap_files(edition: Edition) -> list[Sequence[Posting]]:
    """The postings of each file that the sitemap index names; at least one file."""
    posts = edition.postings
    starts = range(0, max(len(posts), 1), SITEMAP_SIZE)
    return [posts[start : start + SITEMAP_SIZE] for start in starts]


def sitemap_index(edition: Edition) -> str:
    """The index; every second file is offered gzipped, the first never."""
    files = "".join(
        f"<sitemap><loc>{edition.origin}/sitemap-news-{number}.xml"
        f"{'' if number % 2 else '.gz'}</loc>"
        f"<lastmod>{_changed(edition, posts).isoformat()}</lastmod></sitemap>"
        for number, posts in enumerate(sitemap_files(edition), start=1)
    )
    return (
        _XML.format(charset="UTF-8")
        + '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        + f"{files}</sitemapindex>\n"
    )


def news_sitemap(edition: Edition, posts: Sequence[Posting]) -> str:
    """A sitemap with Google News tags, always UTF-8."""
    urls = "\n".join(_sitemap_url(edition, post) for post in posts)
    return (
        _XML.format(charset="UTF-8")
        + '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
        'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">\n'
        f"{urls}\n</urlset>\n"
    )


def _sitemap_url(edition: Edition, post: Posting) -> str:
    return (
        f"<url><loc>{_text(edition.origin + post.path)}</loc>"
        f"<lastmod>{post.updated.isoformat()}</lastmod>"
        f"<news:news><news:publication><news:name>{_text(edition.outlet.name)}"
        f"</news:name><news:language>{edition.outlet.language}</news:language>"
        "</news:publication><news:publication_date>"
        f"{post.published.isoformat()}</news:publication_date>"
        f"<news:title>{_text(post.article.title)}</news:title></news:news></url>"
    )


def robots(edition: Edition) -> str:
    """robots.txt (RFC 9309): everything but the search and the login is open."""
    return (
        "User-agent: *\nDisallow: /search\nDisallow: /login\nAllow: /\n\n"
        f"Sitemap: {edition.origin}/sitemap.xml\n"
    )


def _xml(edition: Edition, body: str) -> str:
    return _XML.format(charset=edition.outlet.charset) + body


def _text(value: str) -> str:
    return escape(value, quote=True)


def _rfc822(at: datetime) -> str:
    return format_datetime(at)


def _changed(edition: Edition, posts: Sequence[Posting] | None = None) -> datetime:
    """When the newest change happened; the epoch for an empty paper."""
    times = [post.updated for post in (edition.postings if posts is None else posts)]
    return max(times, default=datetime.fromisoformat("1970-01-01T00:00:00+00:00"))
