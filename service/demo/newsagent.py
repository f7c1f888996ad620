"""What one outlet answers to a request, when nothing goes wrong.

Pure but for the rendered documents it keeps: a path and an edition in, a response
out. Conditional requests follow RFC 9110 section 13: an ETag wins over a date.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import blake2b

from service.demo import listings, pages
from service.demo.edition import Edition, Posting
from service.demo.web import Request, Response, html_response, text_response

_SITEMAP_FILE = re.compile(r"^/sitemap-news-(\d+)\.xml(\.gz)?$")
_TRACKING = re.compile(r"[?&](?:utm_\w+|u)=[^&]*")
_FEEDS: Mapping[str, tuple[Callable[[Edition, int], str], str]] = {
    "/rss.xml": (listings.rss, "application/rss+xml"),
    "/atom.xml": (listings.atom, "application/atom+xml"),
    "/rdf.xml": (listings.rdf, "application/rdf+xml"),
    "/feed.json": (listings.json_feed, "application/feed+json"),
}
_NOTICES = re.compile(r"^/(tag|thema|autor|author|imprint|impressum|privacy|about)\b")
_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9">'
    '<rect width="16" height="9" fill="#9ab"/><circle cx="12" cy="3" r="1.5" '
    'fill="#fea"/><path d="M0 9 5 4l4 4 3-2 4 3z" fill="#567"/></svg>'
)


class Newsagent:
    """Answers for one edition. `window` is the number of items its feeds show."""

    def __init__(self, edition: Edition, window: int) -> None:
        self.edition = edition
        self._window = window
        self._sections = {f"/{part.key}/": part for part in edition.outlet.sections}
        self._kept: dict[str, Response] = {}
        self._kept_version = -1

    def answer(self, request: Request) -> Response:
        """The response to a GET or HEAD; 405 for the rest."""
        if request.method not in {"GET", "HEAD"}:
            return Response(405, {"Allow": "GET, HEAD"})
        response = self._resource(request)
        return conditional(request, response) if response.status == 200 else response

    def _resource(self, request: Request) -> Response:
        posting = self.edition.find(plain_target(request.target))
        if posting is not None:
            return self._article(posting)
        listing = self._listing(request.path)
        if listing is not None:
            return listing
        if request.path.startswith("/img/"):
            return text_response(_PICTURE, "image/svg+xml")
        if _NOTICES.match(request.path):
            return self._notice("This page is no article", "It only lists a few links.")
        return self._not_found()

    def _article(self, posting: Posting) -> Response:
        if posting.gone is not None:
            notice = self._notice("Gone", "This article is no longer available.")
            return replace(notice, status=posting.gone)
        page = pages.article_page(self.edition, posting)
        return stamped(
            html_response(page, self.edition.outlet.charset), posting.updated
        )

    def _listing(self, path: str) -> Response | None:
        """A feed, sitemap or section page, rendered once a version of the edition."""
        if self._kept_version != self.edition.version:
            self._kept.clear()
            self._kept_version = self.edition.version
        if path not in self._kept:
            response = self._rendered(path)
            if response is None:
                return None
            self._kept[path] = stamped(response, self._changed())
        return self._kept[path]

    def _rendered(self, path: str) -> Response | None:
        charset = self.edition.outlet.charset
        if path in _FEEDS:
            render, kind = _FEEDS[path]
            text = render(self.edition, self._window)
            return text_response(text, kind, "utf-8" if "json" in kind else charset)
        if path == "/" or path in self._sections:
            section = self._sections.get(path)
            return html_response(pages.section_page(self.edition, section), charset)
        if path == "/robots.txt":
            return text_response(listings.robots(self.edition), "text/plain")
        if path == "/sitemap.xml":
            return text_response(
                listings.sitemap_index(self.edition), "application/xml"
            )
        sitemap = _SITEMAP_FILE.match(path)
        return self._sitemap(int(sitemap[1]), sitemap[2]) if sitemap else None

    def _sitemap(self, number: int, packed: str | None) -> Response | None:
        files = listings.sitemap_files(self.edition)
        if not 1 <= number <= len(files):
            return None
        text = listings.news_sitemap(self.edition, files[number - 1])
        response = text_response(text, "application/xml")
        if not packed:
            return response
        # A file that is gzipped itself, as sitemaps are: no Content-Encoding.
        body = gzip.compress(response.body, 6, mtime=0)
        return Response(200, {"Content-Type": "application/gzip"}, body)

    def _changed(self) -> datetime:
        return max(
            (posting.updated for posting in self.edition.postings),
            default=datetime.fromtimestamp(0, UTC),
        )

    def _notice(self, title: str, text: str) -> Response:
        page = pages.notice_page(self.edition, title, text)
        return html_response(page, self.edition.outlet.charset)

    def _not_found(self) -> Response:
        return replace(self._notice("404", "Nothing is to be found here."), status=404)


def plain_target(target: str) -> str:
    """The target as the edition knows it: no tracking parameters, no AMP suffix."""
    return _TRACKING.sub("", target).removesuffix("/amp")


def stamped(response: Response, changed: datetime) -> Response:
    """The response with its validators."""
    digest = blake2b(response.body, digest_size=8).hexdigest()
    at = format_datetime(changed.astimezone(UTC), usegmt=True)
    return response.having(etag=f'"{digest}"', last_modified=at)


def conditional(request: Request, response: Response) -> Response:
    """A 304 without a body, if the client has this version already."""
    known = request.headers.get("if-none-match")
    if known is not None:
        tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
        fresh = response.headers.get("Etag") in tags or "*" in tags
    else:
        since = request.headers.get("if-modified-since")
        fresh = since is not None and _unchanged_since(response, since)
    return replace(response, status=304, body=b"") if fresh else response


def _unchanged_since(response: Response, since: str) -> bool:
    changed = response.headers.get("Last-Modified")
    if changed is None:
        return False
    try:
        return parsedate_to_datetime(changed) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False
