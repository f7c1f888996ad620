"""What subscriptions want: kinds, outlets, languages, lengths, words, expressions."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.filters import Filter, Offer, folded, parse


def offer(text: str = "A text.", **said: str) -> Offer:
    facts = {"outlet": "courier", "language": "en", "kind": "new", "title": "Title"}
    return Offer(**(facts | said), text=text)


def wanted(said: dict[str, object], what: Offer, *, told: bool = False) -> bool:
    verdict = parse(json.dumps(said)).judge(what, told=told)
    assert verdict.strained is None
    return verdict.wanted


def found(term: object, text: str) -> bool:
    return wanted({"match": {"any": [term]}}, offer(text))


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        pytest.param({}, True, id="everything"),
        pytest.param({"outlets": ["courier", "upland"]}, True, id="outlet"),
        pytest.param({"outlets": ["upland"]}, False, id="another outlet"),
        pytest.param({"languages": ["en"]}, True, id="language"),
        pytest.param({"languages": ["de"]}, False, id="another language"),
        pytest.param({"kinds": ["new", "copy"]}, True, id="kind"),
        pytest.param({"kinds": ["revision"]}, False, id="another kind"),
        pytest.param({"min_characters": 7}, True, id="long enough"),
        pytest.param({"min_characters": 8}, False, id="too short"),
        pytest.param({"match": {"all": ["text", "title"]}}, True, id="all, with title"),
        pytest.param({"match": {"all": ["text", "ferry"]}}, False, id="not all"),
        pytest.param({"match": {"none": ["ferry"]}}, True, id="none"),
        pytest.param({"match": {"none": ["text"]}}, False, id="one of none"),
        pytest.param({"match": {"any": ["ferry", "text"]}}, True, id="one of any"),
        pytest.param(
            {"match": {"any": ["text"], "none": ["title"]}}, False, id="both count"
        ),
    ],
)
def test_what_a_filter_says(said: dict[str, object], answer: bool) -> None:
    assert wanted(said, offer("A text.")) is answer


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        pytest.param("berlin", "In BERLIN today", id="case"),
        pytest.param("Bürgermeister", "der Burgermeister sagt", id="accent in keyword"),
        pytest.param("Sao Paulo", "em São Paulo, ontem", id="accent in text"),
        pytest.param("Straße", "in der Strasse", id="sharp s"),
        pytest.param("Łódź", "w mieście Lodz", id="letters of their own"),
        pytest.param("Istanbul", "İSTANBUL'da", id="dotted capital i"),
        pytest.param("Αθήνα", "στην αθηνα", id="greek"),
        pytest.param("Пётр", "царь Петр", id="yo"),
        pytest.param("Allemagne", "la chancelière de l'Allemagne", id="elision"),
        pytest.param("l’Oréal", "chez L'Oreal", id="apostrophes"),
        pytest.param("Baden-Württemberg", "in Baden Württemberg", id="hyphen"),
        pytest.param("city council", "The City\nCouncil met", id="words in a row"),
        pytest.param("5G", "the 5G net", id="digits"),
        pytest.param("東京", "昨日東京都で", id="han, unspaced"),
        pytest.param("กรุงเทพ", "ที่กรุงเทพมหานคร", id="thai, unspaced"),
        pytest.param("서울*", "서울시는 오늘", id="korean with a particle"),
        pytest.param("Bürgermeister*", "die Bürgermeisterin", id="any ending"),
        pytest.param("القاهرة", "في القَاهِرة اليوم", id="arabic vowel signs"),
    ],
)
def test_keywords_are_found(keyword: str, text: str) -> None:
    assert found(keyword, text)


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        pytest.param("art", "the party started", id="inside a word"),
        pytest.param("Berlin", "die Berliner", id="longer word"),
        pytest.param("city council", "the council of the city", id="another order"),
        pytest.param("город", "многогород", id="cyrillic"),
        pytest.param("йод", "иод", id="short i is a letter"),
        pytest.param("नाम", "नम", id="devanagari vowels are no accents"),
        pytest.param("meister*", "Bürgermeister", id="another beginning"),
        pytest.param("end start", "the end", id="title and text are apart"),
    ],
)
def test_keywords_are_not_found(keyword: str, text: str) -> None:
    assert not wanted({"match": {"any": [keyword]}}, offer(text, title="start"))


@pytest.mark.parametrize(
    ("pattern", "text", "answer"),
    [
        pytest.param(r"b[eo]rlin\b", "in BORLIN", True, id="case"),
        pytest.param(r"^Title$", "no", True, id="title"),
        pytest.param(r"\d{3} million", "12 million", False, id="not there"),
    ],
)
def test_expressions(pattern: str, text: str, answer: bool) -> None:
    assert found({"regex": pattern}, text) is answer


@pytest.mark.parametrize("place", ["any", "all", "none"])
def test_an_expression_that_explodes_lets_the_text_pass(place: str) -> None:
    said = {"match": {place: [{"regex": "(x+x+)+y"}]}}
    verdict = parse(json.dumps(said)).judge(offer("x" * 5000))
    assert verdict.wanted
    assert verdict.strained == "(x+x+)+y"


def test_who_was_told_of_an_article_hears_what_becomes_of_it() -> None:
    said = {"languages": ["de"], "min_characters": 99, "match": {"any": ["ferry"]}}
    revision = offer("Short.", kind="revision")
    assert wanted(said, revision, told=True)
    assert not wanted(said, revision)
    assert not wanted({"kinds": ["new"]}, revision, told=True)


def test_a_withdrawal_is_for_those_who_were_told() -> None:
    withdrawal = offer("", kind="withdrawal")
    assert wanted({}, withdrawal, told=True)
    assert not wanted({}, withdrawal)


@given(st.text(max_size=60))
def test_a_text_is_found_in_itself(text: str) -> None:
    words = folded(text)
    assert folded(words) == words
    if words:
        assert found(text.rstrip("*"), f"before {text} after") or text.endswith("*")


def test_an_empty_filter_is_the_default() -> None:
    assert parse("{}") == Filter()
