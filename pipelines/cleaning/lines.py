"""What one line is by its own words: a credit, a share bar, a by-line, a leader.

Pure and multilingual. Each judgement returns its evidence in plain words, or None if
the line may be article text; none looks at more than the lines it is given. Where a
line stands and what surrounds it is weighed by the callers.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pipelines.article import Reason
from pipelines.cleaning.line_authors import (
    byline,
    comment_head,
    comments_counted,
    publication_line,
)
from pipelines.cleaning.line_credits import (
    agency_tail,
    caption_credit_tail,
    caption_lead,
    credit_line,
    enlarges,
    picture_credit,
    repeated_caption,
    signature,
)
from pipelines.cleaning.line_notices import affiliate_note, introduces, text_note
from pipelines.cleaning.line_shapes import (
    CAPTION_WORDS,
    COLON,
    CREDIT_WORDS,
    FIGURES,
    LONGEST,
    after,
    bare_head,
    ends_sentence,
    heads,
    opening,
    said,
    tail_of,
)
from pipelines.cleaning.phrases import Phrase, bare, concept, fold, word_count

__all__ = [
    "Verdict",
    "advert_line",
    "affiliate_note",
    "agency_tail",
    "byline",
    "caption_credit_tail",
    "caption_lead",
    "chrome_line",
    "comment_head",
    "comments_counted",
    "comments_line",
    "consent_line",
    "credit_line",
    "ends_sentence",
    "enlarges",
    "fine_print",
    "introduces",
    "judge",
    "kicker_pair",
    "leader",
    "newsletter_line",
    "paywall_line",
    "picture_credit",
    "promo_line",
    "publication_line",
    "related_prefix",
    "repeated_caption",
    "share_line",
    "signature",
    "text_note",
]

#: Script that a page prints between its blocks.
_REPORT_KEYS = re.compile(r"ctrl\s?\+\s?enter", re.IGNORECASE)
_CODE = re.compile(
    r"\b(?:window|document)\.\w+\s*[=.(]|\.push\(\{|function\s*\(\w*\)\s*\{"
)
#: "our newsletter", as its publisher says.
_OWN = re.compile(
    r"\b(?:our|your|unser\w*|ihr\w*|notre|nos|votre|nuestr\w+|noss\w+|nostr\w+"
    r"|onze|vores|var\w*|nas\w*)\b"
)
#: The most words of a leader with its headline, and of a notice behind its phrase.
_LEADER_WORDS, _NOTICE_WORDS = 40, 60


class Verdict(NamedTuple):
    """Why a line is not article text."""

    reason: Reason
    evidence: str


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
    raw = bare(max((first, second), key=len).strip()[: len(kicker)])
    return f'the headline beside it again behind the kicker "{raw}"'


def related_prefix(text: str) -> str | None:
    """Evidence that a line leads to other articles: "Read also: ...", "More on X:"."""
    phrase = opening("related", text)
    if phrase is None or word_count(text) > _LEADER_WORDS:
        return None
    rest = tail_of(text, phrase)
    if _leads(text, rest, phrase):
        return f'opens with "{said(text, phrase)}", which leads to other articles'
    return None


def leader(text: str) -> str | None:
    """Evidence that a line behind a text leads on: "More from Gazette: Ten ..."."""
    phrase = opening("related", text)
    label, colon, headline = text.partition(":")
    if phrase is None or not (colon and bare(headline)) or ends_sentence(text):
        return None
    fits = word_count(label) <= 10 and word_count(text) <= _LEADER_WORDS
    return f'a headline behind "{label}:"' if fits else None


def _leads(text: str, rest: str, phrase: Phrase) -> bool:
    if not bare(rest) or COLON.match(rest):
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
    without = bare(FIGURES.sub("", folded))
    return concept(name).filling(folded) or concept(name).filling(without)


def _notice(name: str, text: str, limit: int = _NOTICE_WORDS) -> Phrase | None:
    """The phrase that fills a line, or, if of several words, opens a short one."""
    phrase = _fills(name, text)
    if phrase or word_count(text) > limit:
        return phrase
    head = bare_head(FIGURES.sub("", fold(text)))
    phrase = concept(name).opening(head)
    return phrase if phrase and phrase.several else None


def share_line(text: str) -> str | None:
    """Evidence that a line is made of share buttons and networks."""
    rest, found = bare_head(fold(text)), None
    while rest:
        phrase = concept("share").opening(rest) or concept("network").opening(rest)
        if phrase is None:
            break
        found = found or phrase
        rest = bare_head(FIGURES.sub("", rest[len(phrase.text) :]))
    if found and not rest:
        return f'only share buttons: "{said(text, found)}"'
    return _share_order(text)


def _share_order(text: str) -> str | None:
    phrase = opening("share", text)
    if phrase is None or not phrase.several or word_count(text) > 25:
        return None
    if word_count(text) <= 8 and not ends_sentence(text):
        return f'opens with "{said(text, phrase)}"'
    return (
        f'opens with "{said(text, phrase)}"'
        if COLON.match(after(text, phrase))
        else None
    )


def newsletter_line(text: str) -> str | None:
    """Evidence that a line asks to subscribe to a newsletter."""
    if word_count(text) > _NOTICE_WORDS:
        return None
    folded = bare_head(fold(text))
    named = next(filter(None, map(concept("newsletter").opening, heads(folded))), None)
    if named is None:
        return None
    order = concept("subscribe").opening(folded)
    if _fills("newsletter", text) or order or _orders(folded):
        return f'asks to subscribe: "{said(text, named)}"'
    return None


def _orders(folded: str) -> bool:
    """Whether an order to subscribe stands anywhere: in a label, or beside "our"."""
    orders = list(filter(None, map(concept("subscribe").opening, heads(folded))))
    label = word_count(folded) <= 8 and not ends_sentence(folded)
    ordered = any(phrase.several for phrase in orders)
    return (label and bool(orders)) or (ordered and _OWN.search(folded) is not None)


def consent_line(text: str) -> str | None:
    """Evidence that a line asks for consent to cookies or embedded content."""
    return _say(text, "speaks of consent", _notice("consent", text))


def fine_print(text: str) -> str | None:
    """Evidence that a line is terms, rights or a data notice of the outlet's own."""
    if word_count(text) > CAPTION_WORDS:
        return None
    parts = heads(fold(text))
    notices = {
        phrase.text for phrase in map(concept("notice").opening, parts) if phrase
    }
    if not notices:  # as nearly always
        return None
    addressed = any(map(concept("address").opening, parts))
    short = word_count(text) <= CREDIT_WORDS
    if addressed and (len(notices) > 1 or short):
        return f'fine print: "{min(notices)}"'
    return None


def paywall_line(text: str) -> str | None:
    """Evidence that a line belongs to a login or a subscription offer."""
    return _say(text, "offers a login or a subscription", _notice("paywall", text))


def comments_line(text: str) -> str | None:
    """Evidence that a line heads, counts or asks for comments."""
    return _say(text, "belongs to the comments", _notice("comments", text, 14))


def advert_line(text: str) -> str | None:
    """Evidence that a line marks an advertisement."""
    return _say(text, "marks an advertisement", _notice("advert", text, 18))


def promo_line(text: str) -> str | None:
    """Evidence that the outlet speaks of itself: channels, apps, donations."""
    return _say(text, "the outlet speaks of itself", _notice("promo", text))


def chrome_line(text: str) -> str | None:
    """Evidence that a line is a button or label of the page."""
    if _CODE.search(text):
        return "a piece of a script"
    if _REPORT_KEYS.search(text) and word_count(text) <= _NOTICE_WORDS:
        return "asks to report a mistake"
    return _say(text, "a button or label", _notice("chrome", text, 8))


def _say(text: str, meaning: str, phrase: Phrase | None) -> str | None:
    return f'{meaning}: "{said(text, phrase)}"' if phrase else None


_JUDGES = (
    (Reason.PROMO, advert_line),
    (Reason.SHARE, share_line),
    (Reason.COMMENTS, comments_line),
    (Reason.CONSENT, consent_line),
    (Reason.NEWSLETTER, newsletter_line),
    (Reason.CONSENT, fine_print),
    (Reason.PROMO, affiliate_note),
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
    if len(text) > LONGEST or word_count(text) > CAPTION_WORDS:
        return None
    for reason, judgement in _JUDGES:
        evidence = judgement(text)
        if evidence:
            return Verdict(reason, evidence)
    return None
