"""What identifies a text: its exact content, its wording, its message. Pure."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from hashlib import blake2b

#: Texts with fewer tokens do not identify anything: error stubs, captions, "Read
#: more at ..." are the same in unrelated articles.
FEWEST_TOKENS = 20

#: Unrelated news share next to no runs of five tokens.
RUN = 5

_SIZE = 16  # bytes: BLAKE2b-128

# Scripts written without spaces between words: each character is a token
# (half-open ranges of code points).
_UNSPACED = (
    (0x0E00, 0x0F00),  # Thai, Lao
    (0x1000, 0x10A0),  # Myanmar
    (0x1780, 0x1800),  # Khmer
    (0x2E80, 0x3040),  # CJK radicals
    (0x3040, 0x3130),  # kana, bopomofo
    (0x31A0, 0x3300),  # bopomofo and kana extensions
    (0x3400, 0xA000),  # Han
    (0xF900, 0xFB00),  # Han, compatibility
    (0x1B000, 0x1B170),  # kana, supplements
    (0x20000, 0x33480),  # Han, extensions
)

# Arabic and Hebrew vowel signs, which one outlet prints and another leaves out.
_VOWEL_SIGNS = (
    (0x0591, 0x05C8),
    (0x0610, 0x061B),
    (0x064B, 0x0660),
    (0x0670, 0x0671),
    (0x06D6, 0x06EE),
)

_DROPPED = frozenset("'`´‘’‛ʹʼʻ＇՚\u0640")  # apostrophes; the Arabic tatweel
_FOLDED = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك"}


@lru_cache(maxsize=16)  # asked for again and again while a text is stored
def content_hash(title: str | None, text: str) -> bytes:
    """Equal for exactly the same title and text, whatever their Unicode form."""
    parts = (title or "", text)
    joined = "\0".join(unicodedata.normalize("NFC", part) for part in parts)
    return blake2b(_encoded(joined), digest_size=_SIZE).digest()


@lru_cache(maxsize=16)  # as is this
def text_hash(text: str) -> bytes | None:
    """Equal for the same wording; None for a text too short to identify anything.

    Case, punctuation, spacing, soft hyphens and the like make no difference.
    """
    words = tokens(text)
    if len(words) < FEWEST_TOKENS:
        return None
    return blake2b(_encoded("".join(words)), digest_size=_SIZE).digest()


def tokens(text: str) -> list[str]:
    """The words of a text, folded; in scripts without spaces, its characters."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", folded).translate(_TABLE).split()


def coverage(text: str, other: str) -> float:
    """The share of `text`, from 0 to 1, that is found in `other`.

    Counted in runs of RUN tokens (containment, Broder 1997), of a text shorter than
    that as one run.
    """
    runs = _runs(tokens(text))
    return len(runs & _runs(tokens(other))) / len(runs) if runs else 0.0


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    last = max(1, len(words) - RUN + 1)
    return {tuple(words[at : at + RUN]) for at in range(last) if words}


def message_id(outlet: str, url: str, kind: str, content: bytes, nth: int) -> str:
    """The id of a message: 32 hexadecimal digits.

    Equal for the same text at the same URL after a restore; new when a text comes
    back (`nth` time) after another one.
    """
    digest = blake2b(digest_size=_SIZE, person=b"presswatch-msg")
    for part in (outlet, url, kind, content.hex(), str(nth)):
        digest.update(_encoded(part) + b"\0")
    return digest.hexdigest()


def url_key(url: str) -> bytes:
    """What stands for a canonical URL in the database (as `pipelines.urls.key`)."""
    return blake2b(_encoded(url), digest_size=_SIZE).digest()


class _Table(dict[int, str | None]):
    """For `str.translate`: what becomes of each character, worked out once."""

    def __missing__(self, code: int) -> str | None:
        self[code] = _becomes(chr(code))
        return self[code]


def _becomes(character: str) -> str | None:
    category = unicodedata.category(character)
    if category == "Cf" or character in _DROPPED or _within(character, _VOWEL_SIGNS):
        return None
    if category[0] not in "LMN":
        return " "
    if _within(character, _UNSPACED):
        return f" {character} "
    return _FOLDED.get(character, character)


def _within(character: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(start <= ord(character) < end for start, end in ranges)


def _encoded(text: str) -> bytes:
    # Lone surrogates cannot come out of the worker; a hash must not fail on them.
    return text.encode("utf-8", "surrogatepass")


_TABLE = _Table()
