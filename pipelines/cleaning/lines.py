"""What one line is by its own words: a credit, a share bar, a by-line, a leader.

Pure and multilingual. Each judgement returns its evidence in plain words, or None if
the line may be article text; none looks at more than the lines it is given. Where a
line stands and what surrounds it is weighed by the callers.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pipelines.article import Reason
from pipelines.cleaning.phrases import Phrase, bare, concept, fold, unspaced, word_count

_SENTENCE_END = re.compile(r"[.!?。！？؟।…][\"'”’»)」』]*$")
_COLON = re.compile(r"^\s*[\"')\]】」]*\s*[:：|｜／/=»>–—-]")
_COPYRIGHT = re.compile(r"©|Ⓒ|ⓒ|\([cC]\)\s|℗")
_BRACKETED = re.compile(
    r"[(\[（【〔〈<]([^()\[\]（）【】〔〕]{2,120})[)\]）】〕〉>]\W*$"
)
_FIGURES = re.compile(r"[\d０-９]+(?:[.,:/]\d+)*\+?")
_BY = re.compile(
    r"^\s*(?:by|via|von|vom|par|de|di|do|da|du|por|av|af|door|of)\s+(?=\w)"
)
_PARTS = re.compile(r"\s*(?:[/|｜／,;·•&+，、]|\s[-–—]\s|\bvia\b|\bfor\b)\s*")
_SLASHES = re.compile(r"\s*[/|｜／]\s*|\s+via\s+")
_CLAUSE_ENDS = re.compile(r"[.!?。！？؟।…:][\"'”’»)]*\s+")
#: Script that a page prints between its blocks.
_CODE = re.compile(
    r"\b(?:window|document)\.\w+\s*[=.(]|\.push\(\{|function\s*\(\w*\)\s*\{"
)
#: Where a caption runs straight into its credit: "in GenfFoto: X", "Klinik.Name/dpa".
_GLUE = re.compile(
    r"(?<=[^\W\d_A-Z])(?=[A-ZÄÖÜ][^\W\d_]{2,}\s?[:：/])|(?<=[.!?”\")])(?=[A-ZÄÖÜ])"
)
#: "our newsletter", as its publisher says.
_OWN = re.compile(
    r"\b(?:our|your|unser\w*|ihr\w*|notre|nos|votre|nuestr\w+|noss\w+|nostr\w+"
    r"|onze|vores|var\w*|nas\w*)\b"
)
#: The most words a credit, a by-line, a leader with its headline may have.
_CREDIT_WORDS, _NAME_WORDS, _LEADER_WORDS, _CAPTION_WORDS = 14, 9, 40, 90
#: No line of furniture is longer, in letters: a script, at most, or hostile.
LONGEST = 2_000
#: An order or a notice that opens with a known phrase may run on to this length.
_NOTICE_WORDS = 60


class Verdict(NamedTuple):
    """Why a line is not article text."""

    reason: Reason
    evidence: str


# --- shapes ---------------------------------------------------------------------


def ends_sentence(text: str) -> bool:
    """Whether the text ends as a sentence does, in any script."""
    return bool(_SENTENCE_END.search(text.rstrip()))


def _cased(word: str) -> bool:
    return word.lower() != word.upper()


def _names(text: str, limit: int = _NAME_WORDS) -> bool:
    """Whether the text may be names: short, no sentence, its words capitalised."""
    if word_count(text) > limit or re.search(r"[!?？！。]", text):
        return False
    parts = [part for part in _PARTS.split(text) if part and not _is_agency(part)]
    words = [bare(word) for part in parts for word in part.split() if bare(word)]
    cased = [word for word in words if not _is_particle(word) and _cased(word)]
    high = sum(1 for word in cased if word[0].isupper() or not word[0].isalpha())
    return bool(bare(text)) and high >= 0.7 * len(cased)


def _is_particle(word: str) -> bool:
    return concept("particle").filling(fold(word)) is not None


def _is_agency(text: str) -> bool:
    return concept("agency").filling(bare(fold(text))) is not None


def _after(text: str, phrase: Phrase) -> str:
    """What follows a phrase at the head of a line, as folded text."""
    return bare_head(fold(text))[len(phrase.text) :]


def bare_head(folded: str) -> str:
    """Folded text without bullets, brackets and quotes before its first word."""
    return folded[folded.find(bare(folded)[:1]) :] if bare(folded) else ""


def _opening(name: str, text: str) -> Phrase | None:
    return concept(name).opening(bare_head(fold(text)))


def _tail_of(text: str, phrase: Phrase) -> str:
    """What follows the phrase, as written, by counting words or letters back."""
    rest = _after(text, phrase)
    return text.strip()[-len(rest) :] if rest else ""


# --- pictures -------------------------------------------------------------------


def picture_credit(text: str) -> str | None:
    """Evidence that a fragment only names who made or owns a picture."""
    if word_count(text) > _CREDIT_WORDS:
        return None
    return _copyright(text) or _labelled_credit(text) or _agency_credit(text)


def _copyright(text: str) -> str | None:
    head = text.lstrip(" \t\u00a0([—–-")
    if _COPYRIGHT.match(head) and not ends_sentence(head.rstrip(".")):
        return "opens with ©, as picture credits do"
    return None


def _labelled_credit(text: str) -> str | None:
    phrase = _opening("photo", text)
    if phrase is None:
        return None
    rest = _tail_of(text, phrase)
    joined = _COLON.match(rest) or _BY.match(rest.lower())
    close = not rest.strip() or (not rest[0].isspace() and not _cased(rest[0]))
    maker = bare(rest[joined.end() :] if joined else rest)
    close = close or _is_agency(rest)
    if (joined or (close and word_count(text) <= 6)) and (not maker or _names(maker)):
        if not maker and not joined:
            return None
        return f'"{phrase.text}" before a name, as picture credits have it'
    return None


def _agency_credit(text: str) -> str | None:
    inner = bare(text)
    parts = [part for part in _PARTS.split(inner) if part]
    if not _names(inner) or not any(map(_is_agency, (parts[0], parts[-1]))):
        return None
    return "only names a picture agency"


def credit_line(text: str) -> str | None:
    """Evidence that a line only credits: pictures, sources, agencies, reporters."""
    return picture_credit(text) or agency_tail(text) or _source_credit(text)


def _source_credit(text: str) -> str | None:
    phrase = _opening("source", text)
    if phrase is None or word_count(text) > 25:
        return None
    rest = _tail_of(text, phrase)
    joined = _COLON.match(rest)
    names = bare(rest[joined.end() :] if joined else rest)
    by_name = phrase.text.endswith(" by") and _names(names, 24)
    if by_name or (joined and (not names or _names(names, 12) or _sites(names))):
        return f'"{phrase.text}" before names, as credits have it'
    return None


def _sites(text: str) -> bool:
    """Whether the text lists only web sites, agencies and editors' codes."""
    parts = [part for part in re.split(r"[\s,;/]+", text) if part]
    return all(re.fullmatch(r"\w[\w-]*\.\w{2,4}", p) or _codes([p]) for p in parts)


def agency_tail(text: str) -> str | None:
    """Evidence that a line only signs a text off with agencies: "(dpa)", "AFP/AP"."""
    wires = _opening("wires", text)
    if wires and word_count(text) <= _CREDIT_WORDS and not _runs_on(text):
        return f'"{wires.text}": names the agencies behind the text'
    parts = [part for part in re.split(r"[\s/|,;()–—-]+|\bmit\b", text) if bare(part)]
    if parts and len(parts) <= 6 and _is_agency(parts[0]) and _codes(parts[1:]):
        return "only signs off with an agency"
    return None


def _codes(parts: list[str]) -> bool:
    """Whether all are agencies, or codes such as desk and editor signs add."""
    return all(_is_agency(p) or re.fullmatch(r"[a-z]{2,3}|[\d:.\-]+", p) for p in parts)


def _runs_on(text: str) -> bool:
    return bool(re.search(r"[.!?。]\s+\S", text)) or text.rstrip().endswith(("?", "!"))


def caption_credit_tail(text: str) -> str | None:
    """Evidence that a line is a caption: a text that ends in a picture's credit."""
    if word_count(text) > _CAPTION_WORDS:
        return None
    return (
        _copyright_tail(text)
        or _bracket_tail(text)
        or _label_tail(_unglued(text))
        or _slash_tail(_unglued(text))
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
    if 0 < word_count(owner) <= _NAME_WORDS + 3 and not _runs_on(owner):
        return f'ends in the credit "{text[signs[-1].start() :].strip()}"'
    return None


def _bracket_tail(text: str) -> str | None:
    found = _BRACKETED.search(text)
    if found is None or not bare(text[: found.start()]):
        return None
    inner = found.group(1).strip()
    # "He resigned. (dpa)" signs off a text; "The mayor in Rome (dpa)" credits.
    bare_agency = _is_agency(inner) and not _runs_on(text) and text[-1] in ")]）"
    unended = bare_agency and not ends_sentence(text[: found.start()])
    named = _labelled_credit(inner) or _copyright(inner) or _signed(inner)
    if named or unended or _is_picture_bank(inner):
        return f'ends in the credit "({inner})"'
    return None


def _signed(text: str) -> bool:
    """Whether a text is "Name Name/AGENCY" in either order, or a picture bank's."""
    parts = [part for part in _SLASHES.split(text) if part]
    if len(parts) < 2 or not _names(text, 12):
        return "photo" in text.lower() and any(map(_is_agency, text.split()[:1]))
    return any(map(_is_agency, parts)) or _full_name(parts[0])


def _full_name(text: str) -> bool:
    """Whether a text is at least two capitalised words."""
    words = text.split()
    return len(words) >= 2 and all(word[:1].isupper() for word in words)


def _label_tail(text: str) -> str | None:
    """A last clause such as "Photo: X", "Foto di X", "写真：共同"."""
    words = text.split()
    for count in range(1, min(len(words), 12)):
        clause = " ".join(words[-count:])
        marked = words[-count][:1].isupper() or not _cased(words[-count])
        if marked and _strict_label(clause):
            return f'ends in the credit "{clause}"'
    return None


def _strict_label(clause: str) -> bool:
    phrase = _opening("photo", clause)
    if phrase is None or not _labelled_credit(clause):
        return False
    rest = _tail_of(clause, phrase)
    plain = re.match(r"\s*[:：/／]|\s+by\s", rest)
    return plain is not None or (phrase.several and _BY.match(rest.lower()) is not None)


def _slash_tail(text: str) -> str | None:
    """A last clause such as "Jane Doe/Reuters" or "Getty Images" behind a stop."""
    clauses = re.split(r"\s\|\s(?=[^|]*$)", text.strip())
    clauses = clauses if len(clauses) > 1 else _CLAUSE_ENDS.split(text.strip())
    last = clauses[-1]
    if len(clauses) < 2 or word_count(last) > 7 or not _names(last):
        return None
    parts = [part for part in _SLASHES.split(last) if part]
    makers = len(parts) > 1 and any(map(_full_name, parts))
    if (makers and any(map(_is_agency, parts))) or _is_picture_bank(parts[-1]):
        return f'ends in the credit "{last}"'
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
    return bool(re.match(rf"{banks}(?!\w)", folded)) and _is_agency(text)


def caption_lead(text: str) -> str | None:
    """Evidence that a line is a caption by how it opens: "Legende:", "FILE -"."""
    phrase = _opening("caption", text)
    if phrase is None or word_count(text) > _CAPTION_WORDS:
        return None
    rest = _tail_of(text, phrase)
    if phrase.text == "file" and not re.match(r"FILE\s*[-–—]", text.strip()):
        return None
    dense = unspaced(phrase.text) and word_count(text) <= 30
    if not bare(rest) or _COLON.match(rest) or dense:
        return f'opens with "{phrase.text}", as captions do'
    return None


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
    if rest == long or word_count(rest) > _CREDIT_WORDS:
        return None
    raw = max((first, second), key=len).strip()[-len(rest) :]
    if _credit_behind(rest, raw):
        return f'the line beside it again with the credit "{bare(raw)}"'
    return None


def _credit_behind(rest: str, raw: str) -> bool:
    """Whether what a caption has more than its twin can be its credit."""
    if re.match(r"[\s.。]*[©(\[/|–—:-]", rest) or _COPYRIGHT.search(raw):
        return True
    return picture_credit(raw) is not None or ("/" in rest or _names(raw))


# --- teasers and leaders ----------------------------------------------------------


def kicker_pair(first: str, second: str) -> str | None:
    """Evidence that two lines are a teaser: a headline, and it behind its kicker.

    The order does not matter. The kicker has at most five words.
    """
    if max(len(first), len(second)) > LONGEST:
        return None
    short, long = sorted((bare(fold(first)), bare(fold(second))), key=len)
    kicker = long.removesuffix(short)
    if kicker == long or not bare(kicker):
        return None
    if word_count(short) < 3 or word_count(kicker) > 5 or len(kicker) > 48:
        return None
    sentence = word_count(kicker) > 2 and re.search(r"[.!?]\s*$", kicker)
    if len(kicker) >= len(short) or sentence:
        return None
    return f'the headline beside it again behind the kicker "{bare(kicker)}"'


def related_prefix(text: str) -> str | None:
    """Evidence that a line leads to other articles: "Read also: ...", "More on X:"."""
    phrase = _opening("related", text)
    if phrase is None or word_count(text) > _LEADER_WORDS:
        return None
    rest = _tail_of(text, phrase)
    if _leads(text, rest, phrase):
        return f'opens with "{phrase.text}", which leads to other articles'
    return None


def _leads(text: str, rest: str, phrase: Phrase) -> bool:
    if not bare(rest) or _COLON.match(rest):
        return True
    if re.search(r"[:：]\W*$", text) and word_count(text) <= 12:
        return True
    if phrase.weak or not phrase.several:
        return False
    return word_count(text) <= 12 or not ends_sentence(text)


# --- the page about itself --------------------------------------------------------


def _fills(name: str, text: str) -> Phrase | None:
    """The phrase that is all of a line but for figures and marks."""
    folded = bare(fold(text))
    without = bare(_FIGURES.sub("", folded))
    return concept(name).filling(folded) or concept(name).filling(without)


def _notice(name: str, text: str, limit: int = _NOTICE_WORDS) -> Phrase | None:
    """The phrase that fills a line, or, if of several words, opens a short one."""
    phrase = _fills(name, text)
    if phrase or word_count(text) > limit:
        return phrase
    head = bare_head(_FIGURES.sub("", fold(text)))
    phrase = concept(name).opening(head)
    return phrase if phrase and phrase.several else None


def share_line(text: str) -> str | None:
    """Evidence that a line is made of share buttons and networks."""
    rest, found = bare_head(fold(text)), ""
    while rest:
        phrase = concept("share").opening(rest) or concept("network").opening(rest)
        if phrase is None:
            break
        found = found or phrase.text
        rest = bare_head(_FIGURES.sub("", rest[len(phrase.text) :]))
    if found and not rest:
        return f'only share buttons: "{found}"'
    return _share_order(text)


def _share_order(text: str) -> str | None:
    phrase = _opening("share", text)
    if phrase is None or not phrase.several or word_count(text) > 25:
        return None
    if word_count(text) <= 8 and not ends_sentence(text):
        return f'opens with "{phrase.text}"'
    return f'opens with "{phrase.text}"' if _COLON.match(_after(text, phrase)) else None


def newsletter_line(text: str) -> str | None:
    """Evidence that a line asks to subscribe to a newsletter."""
    if word_count(text) > _NOTICE_WORDS:
        return None
    folded = bare_head(fold(text))
    named = next(filter(None, map(concept("newsletter").opening, _heads(folded))), None)
    if named is None:
        return None
    order = concept("subscribe").opening(folded)
    if _fills("newsletter", text) or order or _orders(folded):
        return f'asks to subscribe: "{named.text}"'
    return None


def _heads(folded: str) -> list[str]:
    """The folded text from each of its words on (each letter, where unspaced)."""
    starts = re.finditer(r"(?<!\w)\w|(?<=[぀-鿿])[぀-鿿]", folded)
    return [folded[start.start() :] for start in starts]


def _orders(folded: str) -> bool:
    """Whether an order to subscribe stands anywhere: in a label, or beside "our"."""
    orders = list(filter(None, map(concept("subscribe").opening, _heads(folded))))
    label = word_count(folded) <= 8 and not ends_sentence(folded)
    ordered = any(phrase.several for phrase in orders)
    return (label and bool(orders)) or (ordered and _OWN.search(folded) is not None)


def consent_line(text: str) -> str | None:
    """Evidence that a line asks for consent to cookies or embedded content."""
    return _say("speaks of consent", _notice("consent", text))


def fine_print(text: str) -> str | None:
    """Evidence that a line is terms, rights or a data notice of the outlet's own."""
    if word_count(text) > _CAPTION_WORDS:
        return None
    heads = _heads(fold(text))
    notices = {
        phrase.text for phrase in map(concept("notice").opening, heads) if phrase
    }
    addressed = any(map(concept("address").opening, heads))
    short = word_count(text) <= _CREDIT_WORDS
    if addressed and (len(notices) > 1 or (notices and short)):
        return f'fine print: "{min(notices)}"'
    return None


def paywall_line(text: str) -> str | None:
    """Evidence that a line belongs to a login or a subscription offer."""
    return _say("offers a login or a subscription", _notice("paywall", text))


def comments_line(text: str) -> str | None:
    """Evidence that a line heads, counts or asks for comments."""
    return _say("belongs to the comments", _notice("comments", text, 14))


def advert_line(text: str) -> str | None:
    """Evidence that a line marks an advertisement."""
    return _say("marks an advertisement", _notice("advert", text, 18))


def promo_line(text: str) -> str | None:
    """Evidence that the outlet speaks of itself: channels, apps, donations."""
    return _say("the outlet speaks of itself", _notice("promo", text))


def chrome_line(text: str) -> str | None:
    """Evidence that a line is a button or label of the page."""
    if _CODE.search(text):
        return "a piece of a script"
    return _say("a button or label", _notice("chrome", text, 8))


def _say(meaning: str, phrase: Phrase | None) -> str | None:
    return f'{meaning}: "{phrase.text}"' if phrase else None


def byline(text: str) -> str | None:
    """Evidence that a line only names who wrote the text."""
    phrase = _opening("byline", text)
    if phrase is None or word_count(text) > 14:
        return None
    rest = _tail_of(text, phrase)
    joined = re.match(r"\s*[:：／/|・]", rest)
    names = bare(rest[joined.end() :] if joined else rest)
    if _FIGURES.search(names) or ":" in names or not (names or phrase.several):
        return None
    if not joined and not (not names or _author_names(names)):
        return None
    return f'"{phrase.text}" before names' if not names or _names(names, 12) else None


def _author_names(names: str) -> bool:
    """Names without a colon before them: two words or more, all capitalised."""
    words = [word for word in re.split(r"[\s,&]+", names) if word]
    long = [word for word in words if not _is_particle(word)]
    return 2 <= len(long) <= 10 and all(word[0].isupper() for word in long)


def publication_line(text: str) -> str | None:
    """Evidence that a line only says when: a date, an age, a reading time.

    Who wrote or sent the text may stand behind.
    """
    if not _FIGURES.search(text) or word_count(text) > 25:
        return None
    rest = _without_time(bare_head(_FIGURES.sub(" ", fold(text))))
    if not rest:
        return "only a date, an age or a reading time"
    began = rest not in fold(text)[: len(rest) + 2]
    signed = began and (credit_line(rest) or byline(rest))
    return "only a date and who sent it" if signed else None


def _without_time(folded: str) -> str:
    """What is left behind the words of dates and ages at the head of a text."""
    while phrase := concept("time").opening(folded):
        folded = bare_head(folded[len(phrase.text) :])
    return folded


_JUDGES = (
    (Reason.PROMO, advert_line),
    (Reason.SHARE, share_line),
    (Reason.COMMENTS, comments_line),
    (Reason.CONSENT, consent_line),
    (Reason.NEWSLETTER, newsletter_line),
    (Reason.CONSENT, fine_print),
    (Reason.PAYWALL, paywall_line),
    (Reason.RELATED, related_prefix),
    (Reason.CHROME, chrome_line),
    (Reason.PROMO, promo_line),
    (Reason.CREDIT, credit_line),
    (Reason.CAPTION, caption_lead),
    (Reason.CAPTION, caption_credit_tail),
    (Reason.AUTHOR, byline),
    (Reason.CHROME, publication_line),
)


def judge(text: str) -> Verdict | None:
    """The first judgement that finds the line not to be article text."""
    if len(text) > LONGEST or word_count(text) > _CAPTION_WORDS:
        return None
    for reason, judgement in _JUDGES:
        evidence = judgement(text)
        if evidence:
            return Verdict(reason, evidence)
    return None
