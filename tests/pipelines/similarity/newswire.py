"""Texts to relate, in many scripts: sentences that share no run of words."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from pipelines.similarity.texts import Text

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

#: Language -> the letters of made-up words; those without spaces have one a word.
LETTERS = {
    "en": "abdefgiklmnoprstuw",
    "de": "abdefghilmnoprstuäöü",
    "ru": "абвгдежзиклмнопрстуя",
    "el": "αβγδεηικλμνοπρστυω",
    "ar": "ابتدرسعفقكلمنهوي",
    "he": "אבגדהולמנפקרשת",
    "hi": "अआइकगचजतदनपबमयरलसह",
    "ko": "가나다라마바사아자차카타파하",
    "zh": "的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年",
    "ja": "あいうえおかきくけこさしすせそたちつてとなにぬねの国年月日",
    "th": "กขคงจชดตถทนบปผพมยรลวสหอ",
}
UNSPACED = frozenset({"zh", "ja", "th"})


def sentence(language: str, seed: object, words: int = 24) -> str:
    """A sentence of made-up words, the same for the same seed."""
    rng = random.Random(f"{language} {seed}")  # noqa: S311 - text, no secret
    letters = LETTERS[language]
    if language in UNSPACED:
        return "".join(rng.choices(letters, k=words)) + "。"
    size = 5
    made = ("".join(rng.choices(letters, k=rng.randint(2, size))) for _ in range(words))
    return " ".join(made) + "."


def story(language: str, seed: object, paragraphs: int = 8) -> list[str]:
    """The paragraphs of an article."""
    return [sentence(language, f"{seed}/{at}") for at in range(paragraphs)]


def text(
    paragraphs: list[str] | str,
    outlet: str = "ferry",
    url_key: int | None = None,
    hours: float = 0,
) -> Text:
    """A text as it reaches the memory, so many hours after noon."""
    body = paragraphs if isinstance(paragraphs, str) else "\n".join(paragraphs)
    return Text(outlet, url_key, NOON + timedelta(hours=hours), body)
