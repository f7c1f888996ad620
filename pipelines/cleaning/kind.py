"""What a page is when it is no article: a wall, a list of stories, an error page.

Plain cases only: where the evidence is thin, the text stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pipelines.article import Reason
from pipelines.cleaning import lines, vocabulary
from pipelines.cleaning.case import Case
from pipelines.cleaning.site_pages import find_site_page
from pipelines.outcome import Outcome

#: An article of fewer words is a stub or none at all.
_STUB_WORDS: Final = 40
#: The free part of a walled article is shorter than this.
_FREE_PART_WORDS: Final = 120
#: A list of stories has so many cards, and in them so many times the words outside.
_CARDS: Final = 8
_TIMES: Final = 4
#: A page whose whole body has fewer words is made by scripts.
_SHELL_WORDS: Final = 40
#: A notice longer than this is an article about walls.
_NOTICE_LETTERS: Final = 400
_MISSING: Final = re.compile(
    r"\b(?:404|410)\b|not found|page (?:doesn.t|does not) exist|no longer (?:exists|"
    r"available)|couldn.t find|can.t find|nicht gefunden|existiert nicht|introuvable|"
    r"nicht (?:mehr )?verfügbar|n.existe (?:pas|plus)|no (?:se ha )?encontrad[ao]|"
    r"no existe|não (?:foi )?encontrad[ao]|não existe|non trovata|non esiste|"
    r"niet gevonden|bestaat niet|ikke fun(?:net|det)|hittades inte|ei löyt|"
    r"nie znaleziono|nie istnieje|nenalezen|bulunamadı|не найден|не знайдено|ไม่พบ|"
    r"未找到|找不到|見つかりません|찾을 수 없|غير موجود",
    re.IGNORECASE,
)
_SCRIPT: Final = re.compile(
    r"(?:enable|activate|requires?|needs?|turn on|aktivieren|activez|activer|habilit|"
    r"active|включите|有効)\W.{0,30}java ?script|java ?script\W.{0,40}(?:aktivier|"
    r"enable|disabled|activ|habilit|有効|включ|ingeschakeld)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What the page is, and how that shows, in plain words.

    `withheld`: an article belongs here, and the page does not show it. `reason` is why
    its text goes.
    """

    outcome: Outcome
    detail: str
    withheld: bool = False
    reason: Reason = Reason.OTHER


#: So many blocks apart, a notice and what it asks for belong together.
_NEAR: Final = 3
#: More links than this one after the other, and no text, are a list.
_LINKS: Final = 12
_SUBSCRIBERS: Final = re.compile(vocabulary.SUBSCRIBERS, re.IGNORECASE)
_GOING_ON: Final = re.compile(vocabulary.GOING_ON, re.IGNORECASE)
_CONSENT: Final = re.compile(vocabulary.CONSENT_WORDS, re.IGNORECASE)
_AGREEMENT: Final = re.compile(vocabulary.AGREEMENT, re.IGNORECASE)


def find_kind(case: Case) -> Kind | None:
    """What the page is instead of an article; None if its text stands."""
    words = sum(piece.words for piece in case.all_kept())
    if words >= _FREE_PART_WORDS:
        return _section(case) or _site_page(case)
    wall = _wall(case)
    if words < _STUB_WORDS:
        found = _error_page(case) or _script(case) or wall
        found = found or _empty(case) or _section(case) or _links(case)
        return found or (None if words else _thin("no text was found"))
    if wall and case.declared.free is False:
        detail = f"only {words} words before the wall"
        return Kind(Outcome.PARTIAL, detail, withheld=True)
    return _section(case) or _site_page(case)


def _site_page(case: Case) -> Kind | None:
    """The site speaks of itself, as far as it may stand where an article belongs."""
    found = find_site_page(case)
    if found is None:
        return None
    if found.outcome is Outcome.WALL:
        return _walled(found.detail, found.reason)
    return Kind(found.outcome, found.detail)


def _thin(detail: str) -> Kind:
    return Kind(Outcome.THIN, detail, withheld=True)


def _section(case: Case) -> Kind | None:
    """A list of stories: many cards, and in them most of what the page says."""
    cards = {index for index in case.scope.cards if index >= 0}
    nodes, weights = case.page.nodes, case.scope.weights
    letters = sum(
        weights.letters[nodes[i].last] - weights.letters[nodes[i].first] for i in cards
    )
    kept = sum(len(piece.text) for piece in case.all_kept())
    if len(cards) < _CARDS or kept * _TIMES > letters or case.declared.article:
        return None
    return Kind(Outcome.NOT_ARTICLE, f"a list of {len(cards)} stories")


def _error_page(case: Case) -> Kind | None:
    title = case.scope.title
    heads = list(case.declared.titles)
    heads += [] if title is None else [case.page.blocks[title].text]
    found = _first(_MISSING, heads)
    return Kind(Outcome.NOT_ARTICLE, f"an error page: {found!r}") if found else None


def _script(case: Case) -> Kind | None:
    """The page says that it needs scripts."""
    notes = (b.text for b in case.page.blocks if len(b.text) < _NOTICE_LETTERS)
    asks = None if case.declared.article else _first(_SCRIPT, notes)
    if not asks:
        return None
    return Kind(Outcome.NOT_ARTICLE, f"needs scripts: {asks!r}", withheld=True)


def _empty(case: Case) -> Kind | None:
    if sum(len(block.text.split()) for block in case.page.blocks) >= _SHELL_WORDS:
        return None
    detail = "hardly any text; scripts may make the page"
    return Kind(Outcome.NOT_ARTICLE, detail, withheld=True)


def _wall(case: Case) -> Kind | None:
    """An offer or a log-in stands where the text should, or a consent form is all."""
    consent = whole = 0
    for block, verdict in zip(case.page.blocks, case.verdicts, strict=True):
        whole += len(block.text)
        reason = verdict.reason if verdict else None
        if len(block.text) > _NOTICE_LETTERS or reason is Reason.CHROME:
            continue
        said = lines.paywall_line(block.text)
        if said and (reason is Reason.PAYWALL or len(block.text.split()) > 3):
            return _walled(said, Reason.PAYWALL)
        if reason is Reason.CONSENT or lines.consent_line(block.text):
            consent += len(block.text)
    if said := _for_subscribers(case):
        return _walled(f"says for whom it is: {said!r}", Reason.PAYWALL)
    if consent * 2 > whole or _asks_for_consent(case):
        detail = "the page asks for consent and says little else"
        return _walled(detail, Reason.CONSENT)
    return None


def _walled(detail: str, reason: Reason) -> Kind:
    return Kind(Outcome.WALL, detail, withheld=True, reason=reason)


def _for_subscribers(case: Case) -> str | None:
    """A notice at the article that it is for subscribers, beside what they may do."""
    texts = [block.text for block in case.page.blocks]
    for at in range(max(0, case.scope.first - _NEAR), len(texts)):
        text = texts[at]
        if len(text) > _NOTICE_LETTERS or not _SUBSCRIBERS.search(text):
            continue
        near = texts[max(0, at - 1) : at + _NEAR]
        asks = (near_text for near_text in near if len(near_text) <= _NOTICE_LETTERS)
        if any(map(_GOING_ON.search, asks)):
            return text
    return None


def _asks_for_consent(case: Case) -> bool:
    """Whether most of the page speaks of cookies, and it has the reader agree."""
    if case.declared.article:
        return False
    texts = [block.text for block in case.page.blocks]
    said = sum(len(text) for text in texts if _CONSENT.search(text))
    agrees = any(map(_AGREEMENT.search, texts))
    return agrees and said * 2 > sum(map(len, texts))


def _links(case: Case) -> Kind | None:
    """Nothing but links to stories where the text should be."""
    inside = case.page.blocks[case.scope.first : case.scope.last]
    count = sum(block.link_share > 0.5 and len(block.text) > 20 for block in inside)
    if count < _LINKS or case.declared.article:
        return None
    return Kind(Outcome.NOT_ARTICLE, f"a list of {count} links")


def _first(pattern: re.Pattern[str], texts: Iterable[str]) -> str | None:
    return next((text for text in texts if pattern.search(text)), None)
