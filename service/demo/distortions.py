"""Faults that change what is said: another response, still proper HTTP.

Each takes a `Scene` and gives the response to send instead. `KINDS` names them; the
arguments of a kind are the keys it reads from `scene.args`.
"""

from __future__ import annotations

import base64
import gzip
import re
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import count
from typing import Any

import brotli

from service.demo.newsagent import Newsagent
from service.demo.standins import PAGES
from service.demo.web import Request, Response, html_response, text_response

_MEGABYTE = 1024 * 1024
_BOMB = 300 * _MEGABYTE
_FILLER = "The quick harbour pilot counted every lamp on the pier before he slept. "


@dataclass(frozen=True, slots=True)
class Scene:
    """A request, who would answer it, what the answer would be, and the order."""

    request: Request
    agent: Newsagent
    response: Response
    args: Mapping[str, Any] = field(default_factory=dict)


def status(scene: Scene) -> Response:
    """`status` (500), `retry_after`, `headers`, `text`: an error page."""
    code = scene.args.get("status", 500)
    page = html_response(scene.args.get("text", f"<h1>{code}</h1><p>Sorry.</p>"))
    headers = {**page.headers, **scene.args.get("headers", {})}
    if "retry_after" in scene.args:
        headers["Retry-After"] = str(scene.args["retry_after"])
    return replace(page, status=code, headers=headers)


def challenge(scene: Scene) -> Response:
    """The 403 of a bot check."""
    page = html_response(PAGES["captcha"])
    headers = {**page.headers, "Cf-Mitigated": "challenge", "Server": "cloudflare"}
    return replace(page, status=403, headers=headers)


def redirect(scene: Scene) -> Response:
    """`to` (itself: a loop), `status` (302)."""
    to = scene.args.get("to", scene.request.target)
    return Response(scene.args.get("status", 302), {"Location": to})


def redirect_chain(scene: Scene) -> Response:
    """`hops` (30) redirects, each after `seconds` (0), then the true answer."""
    time.sleep(scene.args.get("seconds", 0))
    hop = int((re.search(r"[?&]hop=(\d+)", scene.request.target) or [0, 0])[1])
    if hop >= scene.args.get("hops", 30):
        plain = re.sub(r"[?&]hop=\d+", "", scene.request.target)
        return scene.agent.answer(replace(scene.request, target=plain))
    return Response(302, {"Location": f"{scene.request.path}?hop={hop + 1}"})


def meta_refresh(scene: Scene) -> Response:
    """`to`: a page that sends the browser elsewhere."""
    to = scene.args["to"]
    return html_response(f'<meta http-equiv="refresh" content="0; url={to}"><p>Wait.')


def canonical(scene: Scene) -> Response:
    """`to`: what the page claims to be."""
    tag = f'<link rel="canonical" href="{scene.args["to"]}"'
    body = re.sub(rb'<link rel="canonical" href="[^"]*"', tag.encode(), _body(scene))
    return replace(_unconditional(scene), body=body)


def headers(scene: Scene) -> Response:
    """`headers`: further ones, such as Set-Cookie."""
    return replace(
        scene.response, headers={**scene.response.headers, **scene.args["headers"]}
    )


def content_type(scene: Scene) -> Response:
    """`type` ("application/pdf"): a false name for the same bytes; null for none."""
    response = _unconditional(scene)
    kept = {k: v for k, v in response.headers.items() if k != "Content-Type"}
    kind: str | None = scene.args.get("type", "application/pdf")
    named = {"Content-Type": kind} if kind else {}
    return replace(response, headers={**kept, **named})


def charset(scene: Scene) -> Response:
    """`label` (none), `encoding` ("utf-8"), `meta` (false): wrong or missing charset.

    The bytes are in `encoding`, the header says `label`, and the page's own
    declaration stays only with `meta`.
    """
    response = _unconditional(scene)
    text = response.body.decode(scene.agent.edition.outlet.charset)
    if not scene.args.get("meta", False):
        text = re.sub(r'<meta (?:charset|http-equiv="Content-Type")[^>]*>', "", text)
    body = text.encode(scene.args.get("encoding", "utf-8"), "xmlcharrefreplace")
    kind = response.headers["Content-Type"].partition(";")[0]
    label = scene.args.get("label")
    named = response.having(content_type=f"{kind}; charset={label}" if label else kind)
    return replace(named, body=body)


def body(scene: Scene) -> Response:
    """`text` or `base64`, `type` ("text/html; charset=utf-8"): any other body.

    `{origin}` in the text becomes the outlet's own address.
    """
    if "base64" in scene.args:
        data = base64.b64decode(scene.args["base64"])
    else:
        text: str = scene.args.get("text", "")
        data = text.replace("{origin}", scene.agent.edition.origin).encode()
    kind = scene.args.get("type", "text/html; charset=utf-8")
    return Response(scene.args.get("status", 200), {"Content-Type": kind}, data)


def not_modified(scene: Scene) -> Response:
    """304 to everybody, whatever they have."""
    return replace(scene.response, status=304, body=b"")


def frozen_etag(scene: Scene) -> Response:
    """`etag` ('"frozen"'): an ETag that stays when the body changes."""
    tag = scene.args.get("etag", '"frozen"')
    response = _unconditional(scene)
    kept = {k: v for k, v in response.headers.items() if k != "Last-Modified"}
    response = replace(response, headers={**kept, "Etag": tag})
    known = scene.request.headers.get("if-none-match") == tag
    return replace(response, status=304, body=b"") if known else response


def no_validators(scene: Scene) -> Response:
    """Neither ETag nor Last-Modified, and never a 304."""
    response = _unconditional(scene)
    gone = {"Etag", "Last-Modified"}
    kept = {name: v for name, v in response.headers.items() if name not in gone}
    return replace(response, headers=kept)


def links(scene: Scene) -> Response:
    """`links`: further items in a feed or sitemap, further cards in a page."""
    response = _unconditional(scene)
    text = response.body.decode(scene.agent.edition.outlet.charset)
    for end, item in _ITEMS.items():
        if end in text:
            added = "".join(item.format(link=link) for link in scene.args["links"])
            text = text.replace(end, added + end)
            break
    data = text.encode(scene.agent.edition.outlet.charset, "xmlcharrefreplace")
    return replace(response, body=data)


_ITEMS = {
    "</channel></rss>": "<item><title>One more</title><link>{link}</link></item>",
    "</feed>": '<entry><title>One more</title><link href="{link}"/></entry>',
    "</urlset>": "<url><loc>{link}</loc></url>",
    "</sitemapindex>": "<sitemap><loc>{link}</loc></sitemap>",
    "</h1>": '</h1><h3><a href="{link}">One more story for this page</a></h3>',
}
_requests = count(1)


def session_links(scene: Scene) -> Response:
    """Every RSS link gets a parameter that differs with each request."""
    mark = f"utm_medium=feed&amp;u={next(_requests)}".encode()
    data = _body(scene).replace(b"utm_medium=feed", mark)
    return replace(_unconditional(scene), body=data)


def flapping(scene: Scene) -> Response:
    """A line in the article that differs with each request, as counters do."""
    line = f"<p>{next(_requests) * 37} people are reading this article now.</p>"
    spot = b"<p>" if b"<p>" in _body(scene) else b"<p "
    data = _body(scene).replace(spot, line.encode() + spot, 1)
    return replace(_unconditional(scene), body=data)


def page(scene: Scene) -> Response:
    """`page`: the name of one of `standins.PAGES`, with a 200."""
    return html_response(PAGES[scene.args["page"]])


def disallow(scene: Scene) -> Response:
    """`path` ("/"), `delay`: a robots.txt that closes the site, or a part of it."""
    delay = scene.args.get("delay")
    lines = ["User-agent: *", f"Disallow: {scene.args.get('path', '/')}"]
    lines += [f"Crawl-delay: {delay}"] if delay is not None else []
    return text_response("\n".join(lines) + "\n", "text/plain")


def huge_robots(scene: Scene) -> Response:
    """`bytes` (5 MB) of comments, then a rule nobody is bound to read (RFC 9309)."""
    filler = "# all work and no play makes jack a dull bot\n"
    size: int = scene.args.get("bytes", 5 * _MEGABYTE)
    text = "User-agent: *\nDisallow: /early\n" + filler * (size // len(filler))
    return text_response(f"{text}Disallow: /\n", "text/plain")


def huge(scene: Scene) -> Response:
    """`bytes` (2 MB) of paragraphs."""
    size: int = scene.args.get("bytes", 2 * _MEGABYTE)
    paragraph = f"<p>{_FILLER}</p>\n"
    return _filled(paragraph * (size // len(paragraph)))


def many_links(scene: Scene) -> Response:
    """`number` (200,000) of links."""
    number: int = scene.args.get("number", 200_000)
    return _filled("".join(f'<a href="/{i}">{i}</a> ' for i in range(number)))


def deep(scene: Scene) -> Response:
    """`depth` (10,000) nested elements."""
    depth: int = scene.args.get("depth", 10_000)
    return _filled("<div>" * depth + f"<p>{_FILLER * 20}</p>" + "</div>" * depth)


def wide_table(scene: Scene) -> Response:
    """A cell that claims 9e15 columns."""
    row = f'<tr><td colspan="9000000000000000">{_FILLER * 20}</td></tr>'
    return _filled(f"<table>{row}</table>")


def truncated_gzip(scene: Scene) -> Response:
    """`share` (0.6): gzip that ends early, with the right length for what is sent."""
    packed = gzip.compress(_body(scene))
    cut = packed[: int(len(packed) * scene.args.get("share", 0.6))]
    return replace(_unconditional(scene), body=cut).having(content_encoding="gzip")


def mislabelled_gzip(scene: Scene) -> Response:
    """`label` ("gzip"): plain bytes that claim a coding."""
    return _unconditional(scene).having(
        content_encoding=scene.args.get("label", "gzip")
    )


def nested_gzip(scene: Scene) -> Response:
    """`times` (50) codings on top of each other, all declared."""
    times: int = scene.args.get("times", 50)
    data = _body(scene)
    for _ in range(times):
        data = gzip.compress(data, 1)
    coding = ", ".join(["gzip"] * times)
    return replace(_unconditional(scene), body=data).having(content_encoding=coding)


def bomb(scene: Scene) -> Response:
    """`encoding` ("gzip", deflate, br), `bytes` (300 MB): small until it is opened."""
    coding = scene.args.get("encoding", "gzip")
    data = _bomb(coding, scene.args.get("bytes", _BOMB))
    page = html_response("").having(content_encoding=coding)
    return replace(page, body=data)


@cache
def _bomb(coding: str, size: int) -> bytes:
    return b"".join(_packed(coding, size // _MEGABYTE))


def _packed(coding: str, megabytes: int) -> Iterator[bytes]:
    block = (b"<p>" + _FILLER.encode() * 20 + b"</p>\n") * 700
    block = block[:_MEGABYTE].ljust(_MEGABYTE, b" ")
    if coding == "br":
        squeeze = brotli.Compressor(quality=1)
        yield from (squeeze.process(block) for _ in range(megabytes))
        yield squeeze.finish()
        return
    packer = zlib.compressobj(1, zlib.DEFLATED, 31 if coding == "gzip" else 15)
    yield from (packer.compress(block) for _ in range(megabytes))
    yield packer.flush()


def _filled(inner: str) -> Response:
    return html_response(
        "<!DOCTYPE html><html lang=en><head><title>A page that goes on</title></head>"
        f"<body><article><h1>A page that goes on</h1>{inner}</article></body></html>"
    )


def _unconditional(scene: Scene) -> Response:
    """What the outlet would answer to somebody who has nothing yet."""
    gone = {"if-none-match", "if-modified-since"}
    fresh = {k: v for k, v in scene.request.headers.items() if k not in gone}
    return scene.agent.answer(replace(scene.request, headers=fresh))


def _body(scene: Scene) -> bytes:
    return _unconditional(scene).body


KINDS: Mapping[str, Callable[[Scene], Response]] = {
    kind.__name__: kind
    for kind in (
        status,
        challenge,
        redirect,
        redirect_chain,
        meta_refresh,
        canonical,
        headers,
        content_type,
        charset,
        body,
        not_modified,
        frozen_etag,
        no_validators,
        links,
        session_links,
        flapping,
        page,
        disallow,
        huge_robots,
        huge,
        many_links,
        deep,
        wide_table,
        truncated_gzip,
        mislabelled_gzip,
        nested_gzip,
        bomb,
    )
}
