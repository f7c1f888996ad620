"""Regular expressions and selectors: what compiles, what bites too much."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import patterns
from config.problems import Unfit


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("/world/", id="plain"),
        pytest.param(r"(?i)^/(news|sport)/\d{4}/", id="flags, groups"),
        pytest.param("[[a]", id="a warning of re is no error"),
        pytest.param("", id="empty allows everything"),
        pytest.param("ニュース", id="other scripts"),
    ],
)
def test_good_patterns(pattern: str) -> None:
    assert patterns.check_pattern(pattern) == pattern


@pytest.mark.parametrize(
    ("pattern", "cause"),
    [
        pytest.param("/(world/", "at position 1", id="open bracket"),
        pytest.param("*x", "nothing to repeat at position 0", id="star in front"),
        pytest.param("a{99999999999}", "too|large|complex", id="repeated for ever"),
        pytest.param("(" * 5_000 + ")" * 5_000, "complex|position", id="nested deeply"),
        pytest.param("(i?)more on", "not a flag", id="flag written the wrong way"),
    ],
)
def test_bad_patterns(pattern: str, cause: str) -> None:
    with pytest.raises(Unfit, match=cause):
        patterns.check_pattern(pattern)


def test_the_flag_slip_is_put_right() -> None:
    with pytest.raises(Unfit) as caught:
        patterns.check_pattern("(i?)more on")
    assert caught.value.hint == 'did you mean "(?i)"?'


@pytest.mark.parametrize("pattern", ["", ".*", "x*", "/?", "(a|)", "^", "$"])
def test_a_refusal_must_not_match_everything(pattern: str) -> None:
    with pytest.raises(Unfit, match="matches everything"):
        patterns.check_refusal(pattern)


@pytest.mark.parametrize("pattern", ["^$", "/video/", "^/", r"\.", "^/$", "\\d"])
def test_a_refusal_may_match_much(pattern: str) -> None:
    assert patterns.check_refusal(pattern) == pattern


@pytest.mark.parametrize(
    "selector",
    [
        pytest.param("div.teaser", id="class"),
        pytest.param("div > p:first-child, aside[role=note]", id="list"),
        pytest.param("p:not(.x) + p", id="not"),
        pytest.param("//aside[@class='x']", id="XPath"),
        pytest.param("xpath:descendant::aside", id="XPath by name"),
        pytest.param("xpath: //a", id="XPath behind a blank"),
        pytest.param("//p[contains(., 'foo(')]/a[not(@x) and (1)]", id="functions"),
    ],
)
def test_good_selectors(selector: str) -> None:
    assert patterns.check_selector(selector) == selector


@pytest.mark.parametrize(
    ("selector", "cause"),
    [
        pytest.param("", "is empty", id="empty"),
        pytest.param("div[", "not a CSS selector", id="open bracket"),
        pytest.param("div..x", "not a CSS selector", id="two dots"),
        pytest.param("p::text", "selects no element", id="text is no element"),
        pytest.param("p:nonsense(2)", "not a CSS selector", id="unknown pseudo-class"),
        pytest.param("//a[", "not an XPath", id="open bracket in XPath"),
        pytest.param("//x:a", "not an XPath", id="unknown prefix"),
        pytest.param("//a[foo()]", "no function foo", id="unknown function"),
        pytest.param("//a[ends-with(., 'x')]", "ends-with", id="XPath 2.0"),
        pytest.param("xpath:count(//a)", "selects no elements", id="a number"),
        pytest.param("xpath:'a'", "selects no elements", id="a string"),
        pytest.param("xpath:", "not an XPath", id="nothing behind xpath:"),
        pytest.param("//a\x00", "not an XPath", id="NUL"),
    ],
)
def test_bad_selectors(selector: str, cause: str) -> None:
    with pytest.raises(Unfit, match=cause):
        patterns.check_selector(selector)


@given(st.text(max_size=30), st.sampled_from(["", "/", "xpath:", "div", "^", "("]))
def test_any_text_is_fit_or_unfit(text: str, start: str) -> None:
    for check in (patterns.check_refusal, patterns.check_selector):
        with suppress(Unfit):
            assert check(start + text) == start + text
