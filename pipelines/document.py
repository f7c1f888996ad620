"""A fetched page as text and as one parsed tree.

Everything downstream reads the same `Document`; nothing parses the page again.
Survives what servers send: wrong charsets, control characters, XHTML prologues,
ten thousand levels of nesting, nothing at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from pipelines.charset import decode

__all__ = ["Document", "decode", "parse"]

#: libxml2 stops reading at 2,048 levels and drops the rest of the page. Such pages
#: (unclosed elements by the thousand, or malice) are flattened and parsed again.
_FLAT_DEPTH: Final = 400

#: Form feeds and their like end a line: cut out, they would join two words.
_BREAKS = re.compile("[\x0b\x0c\x1c-\x1e]")
#: Other C0 controls but tab, newline and return; DEL; lone surrogates; non-characters.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_C1 = re.compile("[\x80-\x9f]")
#: A text without any of these, as nearly all are. One run over it costs a sixth of
#: three searches for what it lacks.
_SOUND = re.compile(
    "[\t\n\r -~\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]*"
)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
#: Stops at the next "<", so that a page of nothing else costs linear time.
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)[^<>]*>")
#: Elements that are void, or that the parser closes by itself.
_NOT_NESTING = re.compile(
    "area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr|p|li|td|th|"
    "tr|dt|dd|option|thead|tbody|tfoot|html|head|body|script|style"
)


#: The elements that a head may hold.
_HEAD: Final = (
    "head",
    "title",
    "meta",
    "link",
    "base",
    "script",
    "style",
    "noscript",
    "template",
    "object",
)


@dataclass(frozen=True, slots=True)
class Document:
    """One page: its decoded markup, its tree, where it came from.

    `tree` is the `<html>` element; whoever changes it works on a copy. `encoding`
    is the one the bytes were read in, by Python's name.
    """

    html: str
    tree: HtmlElement
    url: str | None
    encoding: str


def parse(body: bytes, content_type: str | None, url: str | None) -> Document:
    """The document in `body`; an empty body gives an empty `<html>`. Never raises."""
    text, encoding = decode(body, content_type)
    html = _XML_DECLARATION.sub("", printable(text), count=1)
    return Document(html=html, tree=_tree(html), url=url, encoding=encoding)


def printable(text: str) -> str:
    """`text` without characters that XML, JSON consumers or SQLite choke on.

    C1 controls are what windows-1252 punctuation becomes when mislabelled Latin-1
    is converted to UTF-8; they are turned back, as browsers do for `&#146;`.
    """
    if _SOUND.fullmatch(text):
        return text
    text = _BREAKS.sub("\n", text)
    if _FORBIDDEN.search(text):
        text = _FORBIDDEN.sub("", text)
    return _C1.sub(_windows_1252, text) if _C1.search(text) else text


def _windows_1252(control: re.Match[str]) -> str:
    return control[0].encode("latin-1").decode("cp1252", "ignore")


def _tree(html: str) -> HtmlElement:
    parser = _parser()
    tree = _parsed(html, parser)
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        tree = _parsed(_flattened(html), _parser())
    _gather_body(tree)
    return tree


def _parser() -> lxml.html.HTMLParser:
    return lxml.html.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True)


def _parsed(html: str, parser: lxml.html.HTMLParser) -> HtmlElement:
    try:
        return lxml.html.document_fromstring(html.encode("utf-8"), parser=parser)
    except etree.ParserError:  # nothing but white space, comments or a doctype
        return lxml.html.document_fromstring(b"<html><body></body></html>")


def _gather_body(tree: HtmlElement) -> None:
    """Makes one <body> hold what belongs there, as browsers do.

    libxml2 knows HTML 4: in a page without body tags it takes <article> or <main> for
    more of the head, and leaves what follows </body> outside.
    """
    body = tree.find("body")
    early = [child for child in tree.iterfind("head/*") if _is_content(child)]
    if body is None and not early and tree.find("frameset") is not None:
        return
    if body is None:
        body = etree.SubElement(tree, "body")
    late = [child for child in body.itersiblings() if _is_content(child)]
    if early and body.text:  # it stood behind them
        early[-1].tail = (early[-1].tail or "") + body.text
        body.text = None
    for place, child in enumerate(early):
        body.insert(place, child)
    body.extend(late)


def _is_content(element: HtmlElement) -> bool:
    return isinstance(element.tag, str) and element.tag not in _HEAD


def _flattened(html: str) -> str:
    """`html` without the tags of elements that lie deeper than `_FLAT_DEPTH`.

    Their text stays where it is. One pass over the tags; a closing tag belongs to
    the innermost open element whatever its name, which is all that damaged
    nesting deserves.
    """
    depth = 0
    pieces: list[str] = []
    end = 0
    for tag in _TAG.finditer(html):
        if _NOT_NESTING.fullmatch(tag[2].lower()) or tag[0].endswith("/>"):
            continue
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth + bool(tag[1]) > _FLAT_DEPTH:
            pieces.append(html[end : tag.start()])
            end = tag.end()
    return " ".join([*pieces, html[end:]])
