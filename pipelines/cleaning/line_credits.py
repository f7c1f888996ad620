"""What one line, or a pair, says of a picture: credits, captions, their makers.

Each judgement returns its evidence in plain words, or None.
"""

from __future__ import annotations

import re

from pipelines.cleaning.line_shapes import (
    CAPTION_WORDS,
    COLON,
    CREDIT_WORDS,
    LONGEST,
    NAME_WORDS,
    PARTS,
    cased,
    ends_sentence,
    is_agency,
    names_only,
    opening,
    runs_on,
    said,
    tail_of,
)
from pipelines.cleaning.phrases import bare, concept, fold, unspaced, word_count

_BUTTON_WORDS = 7
_COUNTS = re.compile(r"\d+(?:\s*(?:/|of|von|de|di|van|av|z|из)\s*\d+)?")
_SIGNATURE = re.compile(r"[^\W\d_]{3,}[.”»\"]\s?([^.!?]{3,60})$")
_SIGNATURE_WORDS = 8
_COPYRIGHT = re.compile(r"©|Ⓒ|ⓒ|\([cC]\)\s|℗")
_BRACKETED = re.compile(
    r"[(\[（【〔〈<]([^()\[\]（）【】〔〕]{2,120})[)\]）】〕〉>]\W*$"
)
_BY = re.compile(
    r"^\s*(?:by|via|von|vom|par|de|di|do|da|du|por|av|af|door|of)\s+(?=\w)"
)
_SLASHES = re.compile(r"\s*[/|｜／]\s*|\s+via\s+")
#: Between an agency and a name, and the words before it.
_SIGNS = re.compile(r"\s?/\s?(?=[^\W\d_][^/]{2,40}$)")
_LAST_WORDS = re.compile(r"(?:\S+\s+){0,2}\S+$")
#: "...と指摘している。(c)AFP/Name": the agency signs its text, not a picture.
_SIGNED_OFF = re.compile(r"[.!?。！？]\s*\([cC]\)\s?\w+$")
_CLAUSE_ENDS = re.compile(r"[.!?。！？؟।…:][\"'”’»)]*\s+")
#: Where a caption runs straight into its credit: "in GenfFoto: X", "Klinik.Name/dpa".
_GLUE = re.compile(
    r"(?<=[^\W\d_A-Z])(?=[A-ZÄÖÜ][^\W\d_]{2,}\s?[:：/])|(?<=[.!?”\")])(?=[A-ZÄÖÜ])"
)


def picture_credit(text: str) -> str | None:
    """Evidence that a fragment only names who made or owns a picture."""
    if word_count(text) > CREDIT_WORDS:
        return None
    return _copyright(text) or _labelled_credit(text) or _agency_credit(text)


def _copyright(text: str) -> str | None:
    head = text.lstrip(" \t\u00a0([—–-")
    sign = _COPYRIGHT.match(re.sub(r"(?i)^copyright\s*", "", head))
    if sign and not ends_sentence(head.rstrip(".")):
        return "opens with ©, as picture credits do"
    return None


def _labelled_credit(text: str) -> str | None:
    phrase = opening("photo", text)
    if phrase is None:
        return None
    rest = tail_of(text, phrase)
    joined = COLON.match(rest) or _BY.match(rest.lower())
    close = not rest.strip() or (not rest[0].isspace() and not cased(rest[0]))
    maker = bare(rest[joined.end() :] if joined else rest)
    close = close or is_agency(rest)
    if (joined or (close and word_count(text) <= 6)) and (
        not maker or names_only(maker)
    ):
        if not maker and not joined:
            return None
        return f'"{said(text, phrase)}" before a name, as picture credits have it'
    return None


def _agency_credit(text: str) -> str | None:
    inner = bare(text)
    parts = [part for part in PARTS.split(inner) if part]
    if not names_only(inner) or not any(map(is_agency, (parts[0], parts[-1]))):
        return None
    return "only names a picture agency"


def credit_line(text: str) -> str | None:
    """Evidence that a line only credits: pictures, sources, agencies, reporters."""
    return picture_credit(text) or agency_tail(text) or _source_credit(text)


def _source_credit(text: str) -> str | None:
    phrase = opening("source", text)
    if phrase is None or word_count(text) > 25:
        return None
    rest = tail_of(text, phrase)
    joined = COLON.match(rest)
    names = bare(rest[joined.end() :] if joined else rest)
    by_name = phrase.text.endswith(" by") and names_only(names, 24)
    if by_name or (joined and (not names or names_only(names, 12) or _sites(names))):
        return f'"{said(text, phrase)}" before names, as credits have it'
    return None


def _sites(text: str) -> bool:
    """Whether the text lists only web sites, agencies and editors' codes."""
    parts = [part for part in re.split(r"[\s,;/]+", text) if part]
    return all(re.fullmatch(r"\w[\w-]*\.\w{2,4}", p) or _codes([p]) for p in parts)


def agency_tail(text: str) -> str | None:
    """Evidence that a line only signs a text off with agencies: "(dpa)", "AFP/AP"."""
    wires = opening("wires", text)
    if wires and word_count(text) <= CREDIT_WORDS and not runs_on(text):
        return f'"{said(text, wires)}": names the agencies behind the text'
    parts = [part for part in re.split(r"[\s/|,;()–—-]+|\bmit\b", text) if bare(part)]
    if parts and len(parts) <= 6 and is_agency(parts[0]) and _codes(parts[1:]):
        return "only signs off with an agency"
    return None


def _codes(parts: list[str]) -> bool:
    """Whether all are agencies, or codes such as desk and editor signs add."""
    return all(is_agency(p) or re.fullmatch(r"[a-z]{2,3}|[\d:.\-]+", p) for p in parts)


def caption_credit_tail(text: str) -> str | None:
    """Evidence that a line is a caption: a text that ends in a picture's credit."""
    if word_count(text) > CAPTION_WORDS:
        return None
    return (
        _copyright_tail(text)
        or _bracket_tail(text)
        or _label_tail(_unglued(text))
        or _slash_tail(_unglued(text))
        or _agency_tail(_unglued(text))
        or _media_tail(text)
    )


def _unglued(text: str) -> str:
    """The text with a space where two elements of a page ran into one another."""
    return _GLUE.sub(" ", text)


def _copyright_tail(text: str) -> str | None:
    signs = list(_COPYRIGHT.finditer(text))
    if not signs or signs[-1].start() == 0:
        return None
    owner = text[signs[-1].end() :]
    if 0 < word_count(owner) <= NAME_WORDS + 3 and not runs_on(owner):
        return f'ends in the credit "{text[signs[-1].start() :].strip()}"'
    return None


def _bracket_tail(text: str) -> str | None:
    found = _BRACKETED.search(text)
    if found is None or not bare(text[: found.start()]):
        return None
    inner = found.group(1).strip()
    # "He resigned. (dpa)" signs off a text; "The mayor in Rome (dpa)" credits.
    bare_agency = is_agency(inner) and not runs_on(text) and text[-1] in ")]）"
    unended = bare_agency and not ends_sentence(text[: found.start()])
    named = _labelled_credit(inner) or _copyright(inner) or _signed(inner)
    if named or unended or _is_picture_bank(inner):
        return f'ends in the credit "({inner})"'
    return None


def _signed(text: str) -> bool:
    """Whether a text is "Name Name/AGENCY" in either order, or a picture bank's."""
    parts = [part for part in _SLASHES.split(text) if part]
    if len(parts) < 2 or not names_only(text, 12):
        return "photo" in text.lower() and any(map(is_agency, text.split()[:1]))
    return any(map(is_agency, parts)) or _full_name(parts[0])


def _full_name(text: str) -> bool:
    """Whether a text is at least two capitalised words."""
    words = text.split()
    return len(words) >= 2 and all(word[:1].isupper() for word in words)


def _label_tail(text: str) -> str | None:
    """A last clause such as "Photo: X", "Foto di X", "写真：共同"."""
    words = text.split()
    for count in range(1, min(len(words), 12)):
        clause = " ".join(words[-count:])
        marked = words[-count][:1].isupper() or not cased(words[-count])
        if marked and _strict_label(clause):
            return f'ends in the credit "{clause}"'
    return None


def _strict_label(clause: str) -> bool:
    phrase = opening("photo", clause)
    if phrase is None or not _labelled_credit(clause):
        return False
    rest = tail_of(clause, phrase)
    plain = re.match(r"\s*[:：/／]|\s+by\s", rest)
    return plain is not None or (phrase.several and _BY.match(rest.lower()) is not None)


def _slash_tail(text: str) -> str | None:
    """A last clause such as "Jane Doe/Reuters" or "Getty Images" behind a stop."""
    clauses = re.split(r"\s\|\s(?=[^|]*$)", text.strip())
    clauses = clauses if len(clauses) > 1 else _CLAUSE_ENDS.split(text.strip())
    last = clauses[-1]
    if len(clauses) < 2 or word_count(last) > 7 or not names_only(last):
        return None
    parts = [part for part in _SLASHES.split(last) if part]
    makers = len(parts) > 1 and any(map(_full_name, parts))
    if (makers and any(map(is_agency, parts))) or _is_picture_bank(parts[-1]):
        return f'ends in the credit "{last}"'
    return None


def _agency_tail(text: str) -> str | None:
    """An agency and its photographer at the end: "... in Madrid. EFE/ J.J. Guillén"."""
    for found in _SIGNS.finditer(text):
        before, after = text[: found.start()].rstrip(), text[found.end() :]
        agency = _LAST_WORDS.search(before)
        if agency and _SIGNED_OFF.search(agency.group()):
            continue
        for words in (agency.group().split() if agency else [])[-3:]:
            if is_agency(words) and word_count(before) > 3 and names_only(after, 6):
                return f'ends in the credit "{words}{found.group()}{after}"'
    return None


def _media_tail(text: str) -> str | None:
    """The length of a film, or a bracket whose credit stood in another element."""
    if found := re.search(
        r"\d{1,2}:\d{2}\s*(?:min|мин|dk|mn)\b\W*$", text, re.IGNORECASE
    ):
        return f'ends in the length of a film, "{found.group()}"'
    if re.search(r"\w\s*[(（]$", text):
        return "ends in an open bracket, where its credit was cut off"
    return None


def _is_picture_bank(text: str) -> bool:
    """Banks that sell only pictures: their name never signs off a text."""
    folded = fold(text)
    banks = r"(?:getty|gettyimages|imago|shutterstock|i?stock|alamy|picture.alliance)"
    return bool(re.match(rf"{banks}(?!\w)", folded)) and is_agency(text)


def caption_lead(text: str) -> str | None:
    """Evidence that a line is a caption by how it opens: "Legende:", "FILE -"."""
    phrase = opening("caption", text)
    if phrase is None or word_count(text) > CAPTION_WORDS:
        return None
    rest = tail_of(text, phrase)
    if phrase.text == "file" and not re.match(r"FILE\s*[-–—]", text.strip()):
        return None
    dense = unspaced(phrase.text) and word_count(text) <= 30
    if not bare(rest) or COLON.match(rest) or dense:
        return f'opens with "{said(text, phrase)}", as captions do'
    return None


def enlarges(text: str) -> bool:
    """Whether a line is a button that enlarges a picture or opens its gallery."""
    if word_count(text) > _BUTTON_WORDS:
        return False
    folded = bare(_COUNTS.sub(" ", fold(text)))
    return concept("enlarge").filling(" ".join(folded.split())) is not None


def signature(text: str) -> str | None:
    """The names behind the last full stop of a line that does not end in one.

    As captions have it that stand before their credit; paragraphs end in full stops.
    """
    found = _SIGNATURE.search(text)
    if found is None or ends_sentence(text) or word_count(text) > CAPTION_WORDS:
        return None
    names = found.group(1).strip()
    tall = [word for word in names.split() if cased(word[0])]
    named = bool(tall) and names_only(names, _SIGNATURE_WORDS)
    return names if named and names[-1] not in ":," else None


def repeated_caption(first: str, second: str) -> str | None:
    """Evidence that two lines are one caption, without and with its credit.

    The order does not matter. The same line twice is evidence too.
    """
    if max(len(first), len(second)) > LONGEST:
        return None
    short, long = sorted((bare(fold(first)), bare(fold(second))), key=len)
    if word_count(short) < 3:
        return None
    if short == long:
        return "the same line twice, as a picture's description and its caption"
    rest = long.removeprefix(short)
    if rest == long or word_count(rest) > CREDIT_WORDS:
        return None
    raw = max((first, second), key=len).strip()[-len(rest) :]
    if _credit_behind(rest, raw):
        return f'the line beside it again with the credit "{bare(raw)}"'
    return None


def _credit_behind(rest: str, raw: str) -> bool:
    """Whether what a caption has more than its twin can be its credit."""
    if re.match(r"[\s.。]*[©(\[/|–—:-]", rest) or _COPYRIGHT.search(raw):
        return True
    return picture_credit(raw) is not None or ("/" in rest or names_only(raw))
