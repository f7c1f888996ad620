"""Several answers kept as one raw page: the pages of an article that is split up.

The form is that of saved web pages, `multipart/related` with a `Content-Location` a
part (RFC 2557), so that whatever stores, replays or captures a page keeps the whole
article without knowing of parts. Says nothing of what the parts mean together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

_KIND: Final = "multipart/related"
_BOUNDARY: Final = "presswatch-"
_LOCATION: Final = "Content-Location"
_TYPE: Final = "Content-Type"
_LENGTH: Final = "Content-Length"
#: Ours: the part is the whole article, or it could not be had and why.
_WHOLE: Final = "X-Presswatch-Whole"
_MISSING: Final = "X-Presswatch-Missing"


@dataclass(frozen=True, slots=True)
class Part:
    """One answer. `whole`: it shows all of the article that the first one begins.

    `missing` says why the page is not there; its body is then empty.
    """

    url: str
    content_type: str | None
    body: bytes
    whole: bool = False
    missing: str | None = None


class BadBundle(ValueError):
    """Bytes that claim to be a bundle and are none."""


def is_bundle(content_type: str | None) -> bool:
    """Whether a page of this type was made by `pack`; servers' answers never are."""
    return bool(content_type) and _boundary(content_type or "") is not None


def pack(parts: Sequence[Part]) -> tuple[bytes, str]:
    """The parts as one body, and its content type; the first is the article's page."""
    digest = blake2b(digest_size=12)
    for part in parts:
        digest.update(part.body)
    boundary = f"{_BOUNDARY}{digest.hexdigest()}"
    pieces = [_packed(part, boundary) for part in parts]
    body = b"".join([*pieces, f"--{boundary}--\r\n".encode()])
    return body, f'{_KIND}; type="text/html"; boundary="{boundary}"'


def unpack(body: bytes, content_type: str) -> tuple[Part, ...]:
    """The parts that `pack` was given. Raises BadBundle."""
    boundary = _boundary(content_type)
    parts = tuple(_parts(body, boundary)) if boundary else ()
    if not parts:
        raise BadBundle("a page of several parts that cannot be taken apart")
    return parts


def _packed(part: Part, boundary: str) -> bytes:
    headers = {
        _LOCATION: part.url,
        _TYPE: part.content_type,
        _LENGTH: str(len(part.body)),
        _WHOLE: "yes" if part.whole else None,
        _MISSING: part.missing,
    }
    lines = [f"--{boundary}"]
    lines += [f"{name}: {_one_line(v)}" for name, v in headers.items() if v is not None]
    return "\r\n".join([*lines, "", ""]).encode() + part.body + b"\r\n"


def _one_line(value: str) -> str:
    return " ".join(value.encode("utf-8", "replace").decode().split())


def _parts(body: bytes, boundary: str) -> Iterator[Part]:
    opening, at = f"--{boundary}\r\n".encode(), 0
    while body.startswith(opening, at):
        head_end = body.find(b"\r\n\r\n", at)
        if head_end < 0:
            return
        lines = body[at + len(opening) : head_end].decode("utf-8", "replace")
        said = dict(line.split(": ", 1) for line in lines.split("\r\n") if ": " in line)
        length = said.get(_LENGTH, "")
        if not length.isdecimal():
            return
        start = head_end + 4
        at = start + int(length) + 2
        yield Part(
            url=said.get(_LOCATION, ""),
            content_type=said.get(_TYPE),
            body=body[start : start + int(length)],
            whole=_WHOLE in said,
            missing=said.get(_MISSING),
        )


def _boundary(content_type: str) -> str | None:
    kind, _, rest = content_type.partition(";")
    _, _, value = rest.partition("boundary=")
    boundary = value.strip().strip('"')
    ours = kind.strip() == _KIND and boundary.startswith(_BOUNDARY)
    return boundary if ours else None
