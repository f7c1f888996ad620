"""Which encoding a page is in, and its text.

Follows the order of the WHATWG Encoding and HTML standards (byte order mark, HTTP,
`<meta>`), with their label table by way of w3lib, and then distrusts labels that
the bytes contradict: servers add `charset=iso-8859-1` to UTF-8 pages every day.
Does not parse HTML.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from charset_normalizer import from_bytes
from w3lib.encoding import read_bom, resolve_encoding


def _codecs(names: str) -> frozenset[str]:
    return frozenset(codecs.lookup(name).name for name in names.split())


#: The HTML standard looks at 1,024 bytes; real pages put scripts before the label.
_PRESCAN = 4096

#: What the detector reads. It is quadratic in patience: 64 kB take it some 0.1 s.
_DETECTOR_SAMPLE = 20_000

#: Python's names of the encodings that the WHATWG standard knows. Everything else
#: that Python would accept as a label (rot13, base64, utf-7, idna) is no charset.
_BROWSER_ENCODINGS = _codecs(
    "utf-8 utf-16 utf-16-le utf-16-be cp866 iso8859-2 iso8859-3 iso8859-4 "
    "iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14 "
    "iso8859-15 iso8859-16 koi8-r koi8-u mac-roman mac-cyrillic cp874 cp1250 "
    "cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 gb18030 big5hkscs "
    "euc_jp iso2022_jp cp932 cp949"
)

#: Labels of the standard that w3lib does not resolve, or not as browsers do.
_LABELS = {
    "iso-8859-8-i": "iso8859-8",
    "logical": "iso8859-8",
    "visual": "iso8859-8",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-mac-ukrainian": "mac-cyrillic",
    "unicode": "utf-16-le",
    "x-x-big5": "big5hkscs",
    "big5": "big5hkscs",
    "unicode-1-1-utf-8": "utf-8",
    "windows-949": "cp949",
}

#: What pages without any label are in, by the primary subtag of `<html lang>`.
_LEGACY = {
    **dict.fromkeys(["ru", "uk", "be", "bg", "mk", "sr", "kk"], ("cp1251",)),
    **dict.fromkeys(["cs", "pl", "hu", "sk", "sl", "hr", "ro", "bs"], ("cp1250",)),
    **dict.fromkeys(["lt", "lv", "et"], ("cp1257",)),
    **dict.fromkeys(["ar", "fa", "ur"], ("cp1256",)),
    "el": ("cp1253",),
    "he": ("cp1255",),
    "ja": ("iso2022_jp", "euc_jp", "cp932"),
    "ko": ("cp949",),
    "th": ("cp874",),
    "tr": ("cp1254",),
    "vi": ("cp1258",),
    "zh": ("gb18030", "big5hkscs"),
}

#: Double-byte encodings, the letters that prove each, and how many there must be.
#: In this order: EUC-JP read as GB keeps its kana and garbles the rest.
_DOUBLE_BYTE = (
    ("euc_jp", re.compile("[ぁ-んァ-ヶー]"), 0.2),
    ("cp932", re.compile("[ぁ-んァ-ヶー]"), 0.2),
    ("cp949", re.compile("[이다는을를가의에고은로서하지한]"), 0.15),
    ("gb18030", re.compile("[的一是在不了有和人这中大为上个国我以要他]"), 0.06),
    ("big5hkscs", re.compile("[的一是在不了有和人這中大為上個國我以要他]"), 0.06),
)

#: Encodings of languages whose words are mostly ASCII letters.
_LATIN = _codecs(
    "cp1250 cp1252 cp1254 cp1257 cp1258 iso8859-2 iso8859-3 iso8859-4 iso8859-10 "
    "iso8859-13 iso8859-14 iso8859-15 iso8859-16 mac-roman"
)

_META = re.compile(
    rb"<meta\b[^>]{0,500}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{2,40})", re.IGNORECASE
)
_XML = re.compile(
    rb"^\s*<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{2,40})[\"']"
)
_HTTP = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{2,40})", re.IGNORECASE)
_LANG = re.compile(
    rb"<html\b[^>]{0,500}?\blang\s*=\s*[\"']?([A-Za-z]{2})\b", re.IGNORECASE
)
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_MARKUP = re.compile(rb"<[^<>]*>")


def decode(body: bytes, content_type: str | None) -> tuple[str, str]:
    """The text of `body` and the encoding it was read in, as Python names it.

    Never raises: what no encoding explains becomes U+FFFD.
    """
    bom, size = _byte_order_mark(body)
    if bom is not None:
        return body[size:].decode(bom, "replace"), bom
    encoding = _choose(body, content_type)
    return body.decode(encoding, "replace"), encoding


def resolve(label: str) -> str | None:
    """Python's name of the encoding that browsers mean by `label`, or None."""
    label = label.strip().lower()
    name = _LABELS.get(label) or resolve_encoding(label)
    if name is None:
        return None
    name = codecs.lookup(name).name
    return name if name in _BROWSER_ENCODINGS else None


def _byte_order_mark(body: bytes) -> tuple[str | None, int]:
    encoding, mark = read_bom(body[:4])
    if encoding is None or mark is None:
        return None, 0
    return codecs.lookup(encoding).name, len(mark)


def _choose(body: bytes, content_type: str | None) -> str:
    declared = tuple(dict.fromkeys(_declared(body, content_type)))
    for encoding in declared:
        if encoding.startswith("utf-16") and _looks_like_utf16(body):
            return encoding
    for encoding in declared:
        if encoding == "iso2022_jp" and b"\x1b$" in body:
            return encoding
    eight_bit = [e for e in declared if e != "iso2022_jp" and "utf-16" not in e]
    if _is_utf8(body, eight_bit):
        return "utf-8"
    for encoding in eight_bit:
        if _plausible(body, encoding):
            return encoding
    return _detect(body, eight_bit)


def _declared(body: bytes, content_type: str | None) -> Iterator[str]:
    """The encodings that HTTP, the head and the XML declaration name, in order."""
    labels = []
    if content_type and (http := _HTTP.search(content_type)):
        labels.append(http[1])
    head = body[:_PRESCAN]
    if b"\x00" in head[:64]:  # UTF-16 without a mark: read past the zero bytes
        head = head.replace(b"\x00", b"")
    labels += [found.decode("ascii") for found in _META.findall(head)]
    if xml := _XML.match(head):
        labels.append(xml[1].decode("ascii"))
    for label in labels:
        encoding = resolve(label)
        if encoding is not None:
            yield encoding


def _looks_like_utf16(body: bytes) -> bool:
    """Markup is ASCII, so in UTF-16 nearly every other byte of it is zero."""
    head = body[:2000]
    return head.count(0) * 4 > len(head)


def _is_utf8(body: bytes, declared: list[str]) -> bool:
    """Whether the bytes prove UTF-8, whatever is declared.

    In a legacy encoding the odds of every high byte falling into UTF-8's pattern
    shrink with each one; a Western text gives itself away at the first, while two
    Chinese characters in GBK can pass ("联通", the Notepad bug).
    """
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    if not declared or declared[0] == "utf-8":
        return True
    sequences = len(_MULTIBYTE.findall(body[:200_000]))
    needed = 1 if declared[0] in _LATIN else 8
    return sequences >= needed or (sequences > 0 and "utf-8" in declared)


def _plausible(body: bytes, encoding: str) -> bool:
    """Whether `encoding` explains the bytes: few errors, and words as they should."""
    if encoding in _LATIN and _mean_high_run(body) > 2.5:
        return False  # whole words of high bytes: Cyrillic, Greek, Chinese ...
    high = sum(map(len, _HIGH_RUN.findall(body[:500_000])))
    errors = body[:500_000].decode(encoding, "replace").count("\ufffd")
    return errors <= 2 + high // 20


def _mean_high_run(body: bytes) -> float:
    """How long the runs of high bytes are; 0.0 where there are too few to tell."""
    runs = _HIGH_RUN.findall(body[:200_000])
    high = sum(map(len, runs))
    return high / len(runs) if high >= 12 else 0.0


def _detect(body: bytes, declared: list[str]) -> str:
    """The likeliest encoding of bytes whose labels are absent or wrong."""
    if _mostly_utf8(body):
        return "utf-8"
    for encoding in (*_usual_for_language(body), *declared):
        if encoding != "utf-8" and _plausible(body, encoding):
            return encoding
    sample = _detector_sample(body)
    east_asian = _east_asian(sample)
    if east_asian is not None:
        return east_asian
    return "cp1252" if _mean_high_run(sample) <= 2.5 else _by_statistics(sample)


def _usual_for_language(body: bytes) -> tuple[str, ...]:
    """The legacy encodings of the language in `<html lang>`, as browsers assume."""
    declared = _LANG.search(body[:_PRESCAN])
    return _LEGACY.get(declared[1].decode("ascii").lower(), ()) if declared else ()


def _east_asian(sample: bytes) -> str | None:
    """The double-byte encoding under which the words are words of its language."""
    for encoding, letters, share in _DOUBLE_BYTE:
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        words = text.replace(" ", "")
        if len(letters.findall(words)) >= max(3, share * len(words)):
            return encoding
    return None


def _by_statistics(sample: bytes) -> str:
    single_byte = sorted(_BROWSER_ENCODINGS - {e for e, _, _ in _DOUBLE_BYTE})
    best = from_bytes(sample, steps=5, chunk_size=512, cp_isolation=single_byte).best()
    return codecs.lookup(best.encoding).name if best else "cp1252"


def _mostly_utf8(body: bytes) -> bool:
    """Whether the bytes are UTF-8 but for some damage: a cut, a foreign include."""
    errors = body.decode("utf-8", "replace").count("\ufffd")
    return len(_MULTIBYTE.findall(body)) > 4 * errors


def _detector_sample(body: bytes) -> bytes:
    """The part of the page that tells most: its words, without markup."""
    text = _MARKUP.sub(b" ", body[:500_000])
    words = b" ".join(word for word in text.split() if _HIGH_RUN.search(word))
    return words[:_DETECTOR_SAMPLE]
