"""Phrases are found as whole words, whatever the spelling or the script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.cleaning.phrases import Phrase, bare, concept, fold, word_count


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("À LIRE AUSSI", "à lire aussi", id="French capitals"),
        pytest.param("İLGİLİ HABER", "ilgili haber", id="Turkish dotted i"),
        pytest.param("ILGILI", "ılgılı", id="Turkish dotless i"),
        pytest.param("Διαβάστε", "ΔΙΑΒΑΣΤΕ", id="Greek accents"),
        pytest.param("ещё", "еще", id="Russian yo"),
        pytest.param("اقرأ أيضاً", "اقرأ أيضا", id="Arabic vowel signs"),
        pytest.param("صـــورة", "صورة", id="Arabic tatweel"),
        pytest.param("ＡＢＣ：", "abc:", id="full width"),
        pytest.param("don’t", "don't", id="quotes"),
        pytest.param("a\u00a0b\u200b", "a b", id="spaces"),
        pytest.param("Straße", "STRASSE", id="German sharp s"),
    ],
)
def test_spellings_of_one_word_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        pytest.param("(Foto: dpa)", "Foto: dpa", id="brackets"),
        pytest.param("» Mehr zum Thema:", "Mehr zum Thema", id="bullet and colon"),
        pytest.param("【関連記事】", "関連記事", id="Japanese brackets"),
        pytest.param("पढ़ें", "पढ़ें", id="vowel sign at the end stays"),
        pytest.param("...", "", id="nothing but stops"),
    ],
)
def test_marks_around_a_text_are_taken_off(text: str, inner: str) -> None:
    assert bare(text) == inner


@pytest.mark.parametrize(
    ("phrase", "text", "opens"),
    [
        pytest.param("photo", "photo: x", True, id="before a colon"),
        pytest.param("photo", "photographer", False, id="inside a word"),
        pytest.param("photo", "photo", True, id="alone"),
        pytest.param("写真", "写真提供", True, id="no spaces in Japanese"),
        pytest.param("사진", "사진관", False, id="spaces in Korean"),
        pytest.param("पढ़", "पढ़ें", False, id="before a vowel sign"),
    ],
)
def test_a_phrase_opens_a_text_as_whole_words(
    phrase: str, text: str, opens: bool
) -> None:
    assert Phrase(fold(phrase)).opens(fold(text)) is opens


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("three plain words", 3, id="spaced"),
        pytest.param("円相場、上昇", 3, id="unspaced letters count half"),
        pytest.param("JR九州は", 2.5, id="mixed"),
        pytest.param("", 0, id="empty"),
    ],
)
def test_length_is_comparable_across_scripts(text: str, count: float) -> None:
    assert word_count(text) == pytest.approx(count, abs=1)


def test_the_longest_phrase_wins() -> None:
    found = concept("related").opening("mehr zum thema wetter")
    assert found is not None
    assert found.text == "mehr zum thema"
    assert not found.weak


def test_weak_phrases_are_marked() -> None:
    found = concept("related").opening("more on that later")
    assert found is not None
    assert found.weak


SECTIONS = [
    *("photo", "source", "wires", "agency", "related", "caption", "network", "share"),
    *("subscribe", "newsletter", "consent", "paywall", "comments", "advert", "chrome"),
    *("promo", "byline", "time", "particle", "notice", "address"),
]


@pytest.mark.parametrize("name", SECTIONS)
def test_every_section_is_there_and_folded(name: str) -> None:
    texts = concept(name).texts
    assert texts
    assert all(text == bare(fold(text)) for text in texts)


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing_that_matters(text: str) -> None:
    folded = fold(text)
    assert bare(folded) in folded
    assert word_count(folded) >= 0
