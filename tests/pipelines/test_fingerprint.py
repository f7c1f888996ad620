"""What identifies a text, and what makes no difference."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import urls
from pipelines.fingerprint import (
    FEWEST_TOKENS,
    content_hash,
    coverage,
    message_id,
    text_hash,
    tokens,
    url_key,
)

LONG = " ".join(f"word{n}" for n in range(FEWEST_TOKENS))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("It’s the FERRY!", ["its", "the", "ferry"], id="case, apostrophe"),
        pytest.param("co\u00adoperate\u200b now", ["cooperate", "now"], id="invisible"),
        pytest.param("Straße ﬁne", ["strasse", "fine"], id="casefold, ligature"),
        pytest.param("１２ ＡＢ", ["12", "ab"], id="full width"),
        pytest.param("新聞 news", ["新", "聞", "news"], id="Han, one a character"),
        pytest.param("ข่าว", ["ข", "่", "า", "ว"], id="Thai, one a character"),
        pytest.param("뉴스 속보", ["뉴스", "속보"], id="Korean words"),
        pytest.param("السَّلَام", ["السلام"], id="Arabic vowel signs"),
        pytest.param(
            "محمـــد أحمد إلى", ["محمد", "احمد", "الي"], id="tatweel, alef, yeh"
        ),
        pytest.param("שָׁלוֹם", ["שלום"], id="Hebrew points"),
        pytest.param("हिन्दी में", ["हिन्दी", "में"], id="Devanagari signs are kept"),
        pytest.param("e-mail, 3.5 %", ["e", "mail", "3", "5"], id="punctuation parts"),
        pytest.param("— … !", [], id="nothing but punctuation"),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(LONG.upper(), id="case"),
        pytest.param(LONG.replace(" ", "\n\n"), id="line breaks"),
        pytest.param(LONG.replace(" ", ", ") + ".", id="punctuation"),
        pytest.param(
            "“" + LONG.replace("word1 ", "wo\u00adrd1 ") + "”", id="soft hyphen"
        ),
        pytest.param(LONG.replace(" ", "\u00a0"), id="no-break spaces"),
    ],
)
def test_same_wording_has_the_same_hash(other: str) -> None:
    assert text_hash(other) == text_hash(LONG)
    assert content_hash("t", other) != content_hash("t", LONG)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(LONG.replace("word3", "word4"), id="a word"),
        pytest.param(LONG + " more", id="a word more"),
        pytest.param(" ".join(reversed(LONG.split())), id="another order"),
    ],
)
def test_another_wording_has_another_hash(other: str) -> None:
    assert text_hash(other) != text_hash(LONG)


def test_short_texts_identify_nothing() -> None:
    short = " ".join(LONG.split()[:-1])
    assert text_hash(short) is None
    assert text_hash(LONG) is not None
    assert text_hash("") is None


def test_unicode_forms_of_a_text_are_one_content() -> None:
    composed = "Café à la crème"
    decomposed = unicodedata.normalize("NFD", composed)
    assert content_hash(composed, composed) == content_hash(decomposed, decomposed)


def test_title_and_text_do_not_run_together() -> None:
    assert content_hash("a", "b") != content_hash("ab", "")
    assert content_hash(None, "b") != content_hash("b", "")


@pytest.mark.parametrize(
    ("text", "other", "expected"),
    [
        pytest.param(LONG, LONG.upper(), 1.0, id="same"),
        pytest.param(LONG, f"Before. {LONG} After.", 1.0, id="contained"),
        pytest.param(f"{LONG} x1 x2 x3 x4", LONG, 16 / 20, id="a longer one"),
        pytest.param(LONG, "nothing of the kind at all", 0.0, id="unrelated"),
        pytest.param("two words", "Two words!", 1.0, id="short"),
        pytest.param("", LONG, 0.0, id="empty"),
        pytest.param(LONG, "", 0.0, id="by nothing"),
    ],
)
def test_coverage(text: str, other: str, expected: float) -> None:
    assert coverage(text, other) == pytest.approx(expected)


def test_message_ids() -> None:
    content = content_hash("t", LONG)
    known = message_id("ferry", "https://ferry.example/a", "new", content, 1)
    assert known == message_id("ferry", "https://ferry.example/a", "new", content, 1)
    assert len(known) == 32
    others = {
        message_id("pier", "https://ferry.example/a", "new", content, 1),
        message_id("ferry", "https://ferry.example/b", "new", content, 1),
        message_id("ferry", "https://ferry.example/a", "copy", content, 1),
        message_id("ferry", "https://ferry.example/a", "new", content, 2),
        message_id("ferry", "https://ferry.example/a", "new", content_hash("", ""), 1),
    }
    assert len(others) == 5
    assert known not in others


def test_url_keys_are_those_of_the_url_module() -> None:
    url = urls.canonical("https://Ferry.example/a?utm_source=x")
    assert url_key(url) == urls.key(url)


@given(st.text(st.characters(codec=None)))
def test_any_text_is_taken(text: str) -> None:
    assert len(content_hash(text, text)) == 16
    assert all(token.split() == [token] for token in tokens(text))
    assert text_hash(text) in (None, text_hash(f" {text} "))
