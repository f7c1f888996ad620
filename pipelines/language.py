"""Which language a text is in; the only door to langdetect.

langdetect compares letter n-grams with 55 profiles (Shuyo 2010, "Language Detection
Library for Java"). It samples them at random, must be seeded to give one answer for
one text, and names one of its 55 for whatever it is given. So the script decides
first, where it can; the profiles are asked for the text's own script only; and what
they say is checked against the language's little words. Where nothing is certain
the answer is `und`. Thread-safe; profiles are loaded at first use.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from langdetect import PROFILES_DIRECTORY, DetectorFactory
from langdetect.lang_detect_exception import LangDetectException

from pipelines.function_words import CLOSE, FUNCTION_WORDS
from pipelines.scripts import ALSO, ONLY_LANGUAGE, WEIGHT, chinese_variant, telltale
from pipelines.scripts import census as script_census

UNDETERMINED: Final = "und"

#: Detection reads the head of a text: 6 ms per 2,000 characters (measured), and a
#: thousand decide as well as ten thousand.
_SAMPLE: Final = 1000

#: Fewer Latin letters than this are a headline at best: too short to call. Other
#: scripts count by what a letter of theirs tells.
_TOO_SHORT: Final = 40
#: Below this the profiles waver (their own figures start at 100 letters), so that
#: the outlet's language wins where the profiles allow it at all.
_SHORTISH: Final = 120
#: Halves of this are still long enough to be told apart.
_LONG_ENOUGH_TO_MIX: Final = 160

#: The script of most letters must hold this share of them.
_DOMINANT: Final = 0.6

#: Running text has a little word among every three to eight. A language of which
#: this share is not reached is not the text's, however its letters look; texts of
#: fewer words prove nothing.
_LITTLE_WORDS: Final = 0.04
_ENOUGH_WORDS: Final = 25

#: langdetect gives the share of its seven trials that a language won; two lost
#: trials of seven are a text of two languages, or one that it does not know.
_CERTAIN: Final = 0.8
#: Enough where the outlet or the page says the same.
_LIKELY: Final = 0.55

_loading = threading.Lock()

_NOISE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[#@]\w+")
_WORD = re.compile(r"[^\W\d_]+(?:[’'‘][^\W\d_]+)*")

#: The profiles to ask, by script.
_PROFILES: Final = {
    "latin": "af ca cs cy da de en es et fi fr hr hu id it lt lv nl no pl pt ro sk sl "
    "so sq sv sw tl tr vi",
    "cyrillic": "bg mk ru uk",
    "arabic": "ar fa ur",
    "devanagari": "hi mr ne",
}

#: How tags of other makes are written here (macro languages, old codes, regions).
_SPELLINGS: Final = {
    "iw": "he",
    "in": "id",
    "ji": "yi",
    "nb": "no",
    "nn": "no",
    "fil": "tl",
    "zh-hans": "zh-cn",
    "zh-sg": "zh-cn",
    "zh-hant": "zh-tw",
    "zh-hk": "zh-tw",
    "zh-mo": "zh-tw",
    "zho": "zh",
    "eng": "en",
    "deu": "de",
    "ger": "de",
    "fra": "fr",
    "fre": "fr",
    "spa": "es",
    "rus": "ru",
    "ara": "ar",
    "zul": "zu",
    "xho": "xh",
    "kal": "kl",
}


@dataclass(frozen=True, slots=True)
class _Sample:
    """The part of a text that detection looks at."""

    text: str
    script: str
    weight: float  # in Latin letters
    words: tuple[str, ...]


def detect(text: str, prior: str | None = None, declared: str | None = None) -> str:
    """The language of `text` as ISO 639-1 (`zh-cn`, `zh-tw`) or `und`. Never raises.

    `prior` is the outlet's language, `declared` the page's: they decide where the
    text leaves room, and name languages that langdetect does not know.
    """
    sample = _sample(text)
    if sample is None or sample.weight < _TOO_SHORT:
        return UNDETERMINED
    hints = tuple(hint for tag in (prior, declared) if tag and (hint := normalize(tag)))
    if sample.script in ("han", "kana"):
        return _east_asian(sample.text, hints)
    if sample.script in ONLY_LANGUAGE:
        also = ALSO.get(sample.script, frozenset())
        return next((h for h in hints if h in also), ONLY_LANGUAGE[sample.script])
    return telltale(sample.text, sample.script) or _by_profiles(sample, hints)


def normalize(tag: str) -> str | None:
    """A language tag as this project writes it: `en-GB` is `en`, `zh_Hant` `zh-tw`.

    None for what is no language tag (`und`, `x-default`, empty).
    """
    parts = tag.strip().lower().replace("_", "-").split("-")
    if not re.fullmatch("[a-z]{2,3}", parts[0]) or parts[0] == UNDETERMINED:
        return None
    if parts[0] in ("zh", "zho"):
        tagged = [f"zh-{part}" for part in parts[1:]]
        spelled = [_SPELLINGS.get(tag, tag) for tag in tagged]
        return next((tag for tag in spelled if tag in ("zh-cn", "zh-tw")), "zh")
    return _SPELLINGS.get(parts[0], parts[0])


def _sample(text: str) -> _Sample | None:
    head = _NOISE.sub(" ", text[: 2 * _SAMPLE])[:_SAMPLE]
    counts = script_census(head)
    if not counts:
        return None
    counts["han"] += counts.pop("kana", 0) if _is_japanese(counts) else 0
    weights = {s: count * WEIGHT.get(s, 1.0) for s, count in counts.items()}
    script = max(weights, key=lambda name: weights[name])
    if weights[script] < _DOMINANT * sum(weights.values()):
        return None
    words = tuple(word.lower() for word in _WORD.findall(head))
    return _Sample(head, script, weights[script], words)


def _is_japanese(counts: dict[str, int]) -> bool:
    """Kana between the han, as Japanese grammar needs; Chinese has stray ones."""
    kana, han = counts.get("kana", 0), counts.get("han", 0)
    return kana > 0.05 * (kana + han)


def _east_asian(text: str, hints: tuple[str, ...]) -> str:
    if _is_japanese(script_census(text)):
        return "ja"
    variant = chinese_variant(text)
    if variant is None:
        variant = next((h for h in hints if h in ("zh-cn", "zh-tw")), "zh-cn")
    return variant


def _by_profiles(sample: _Sample, hints: tuple[str, ...]) -> str:
    chances = _chances(sample.text, sample.script)
    if not chances:
        return UNDETERMINED
    best = max(chances, key=lambda code: chances[code])
    for hint in hints:
        if _hint_wins(hint, best, chances, sample):
            return hint
    if not _credible(best, sample):
        return _unprofiled(sample) or UNDETERMINED
    needed = _LIKELY if best in hints else _CERTAIN
    if _together(best, chances) >= needed and not _is_mixed(sample, best):
        return best
    return UNDETERMINED


def _hint_wins(
    hint: str, best: str, chances: dict[str, float], sample: _Sample
) -> bool:
    """Whether the text leaves room for the language that its setting names."""
    if hint != best and _close(hint, best):
        told_apart = {hint, best} <= FUNCTION_WORDS.keys()
        tied = _share(hint, sample) >= _share(best, sample)
        return tied if told_apart else hint in chances
    if hint in chances and sample.weight < _SHORTISH:
        return True
    unknown = hint not in _profiled(sample.script) and _written_in(hint, sample)
    return unknown and _share(best, sample) < 2 * _LITTLE_WORDS


def _written_in(code: str, sample: _Sample) -> bool:
    """Whether the language can be in this script, as far as is known."""
    for script, codes in _PROFILES.items():
        if code in codes.split():
            return script == sample.script
    others = {*ONLY_LANGUAGE.values(), "zh", "zh-cn", "zh-tw"}
    return code not in others


def _credible(code: str, sample: _Sample) -> bool:
    """Whether the text has the language's little words, if it is long enough to."""
    if len(sample.words) < _ENOUGH_WORDS or code not in FUNCTION_WORDS:
        return True
    return _share(code, sample) >= _LITTLE_WORDS


def _share(code: str, sample: _Sample) -> float:
    """The share of the text's words that are little words of the language."""
    little = FUNCTION_WORDS.get(code, frozenset())
    found = sum(word in little for word in sample.words)
    return found / max(1, len(sample.words))


def _unprofiled(sample: _Sample) -> str | None:
    """A language that langdetect does not know, by its little words alone."""
    known = _profiled(sample.script)
    shares = {c: _share(c, sample) for c in FUNCTION_WORDS if c not in known}
    best = max(shares, key=lambda code: shares[code])
    return best if shares[best] >= 2 * _LITTLE_WORDS else None


def _together(best: str, chances: dict[str, float]) -> float:
    """The chances of the best and of its near relatives."""
    return sum(chance for code, chance in chances.items() if _close(code, best))


def _is_mixed(sample: _Sample, best: str) -> bool:
    """Whether one half of a longer text is in another language than the other."""
    if sample.weight < _LONG_ENOUGH_TO_MIX:
        return False
    middle = len(sample.text) // 2
    for half in (sample.text[:middle], sample.text[middle:]):
        chances = _chances(half, sample.script)
        others = {c: p for c, p in chances.items() if not _close(c, best)}
        if any(p >= _CERTAIN for p in others.values()):
            return True
    return False


def _close(one: str, other: str) -> bool:
    return one == other or any(one in group and other in group for group in CLOSE)


def _chances(text: str, script: str) -> dict[str, float]:
    """What langdetect thinks of the text, by language; chances under 0.1 are out."""
    factory = _factory(script)
    if factory is None:
        return {}
    detector = factory.create()
    detector.append(text)
    try:
        found = detector.get_probabilities()
    except LangDetectException:  # no letter combination that any profile knows
        return {}
    return {language.lang: language.prob for language in found}


def _profiled(script: str) -> frozenset[str]:
    return frozenset(_PROFILES.get(script, "").split())


def _factory(script: str) -> DetectorFactory | None:
    with _loading:
        return _loaded(script)


@cache
def _loaded(script: str) -> DetectorFactory | None:
    """A seeded factory of the script's profiles; half a second for Latin."""
    codes = sorted(_profiled(script))
    if not codes:
        return None
    factory = DetectorFactory()
    factory.set_seed(0)
    directory = Path(PROFILES_DIRECTORY)
    factory.load_json_profile(
        [(directory / code).read_text(encoding="utf-8") for code in codes]
    )
    return factory


def load() -> None:
    """Loads every profile now, so that processes forked from here share them."""
    for script in _PROFILES:
        _factory(script)
