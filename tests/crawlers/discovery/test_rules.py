"""The operator's allow and deny patterns."""

from __future__ import annotations

import pytest
import regex

from crawlers.discovery import rules as rules_module
from crawlers.discovery.rules import compile_rules

URL = "https://www.courier.example/world/ferry-runs-again-1?id=/video/"


@pytest.mark.parametrize(
    ("allow", "deny", "reason"),
    [
        pytest.param([], [], None, id="no rules let everything through"),
        pytest.param(["/world/"], [], None, id="allowed"),
        pytest.param(["/sport/", "ferry"], [], None, id="one of several"),
        pytest.param(["/sport/"], [], "articles.allow", id="not allowed"),
        pytest.param([], ["^/world"], "articles.deny '^/world'", id="denied"),
        pytest.param(["/world/"], ["ferry"], "articles.deny", id="deny wins"),
        pytest.param([], ["/video/"], None, id="the query is not looked at"),
        pytest.param([], ["courier"], None, id="nor is the host"),
        pytest.param([], ["-1$"], "articles.deny", id="the end of the path"),
    ],
)
def test_rules_see_the_path(
    allow: list[str], deny: list[str], reason: str | None
) -> None:
    found = compile_rules(allow, deny).denied(URL)
    assert (found is None) == (reason is None)
    assert reason is None or reason in (found or "")


def test_rules_may_be_written_with_or_without_escapes() -> None:
    url = "https://www.gaceta.example/pol%C3%ADtica/uno-1"
    assert compile_rules(["/política/"], []).denied(url) is None
    assert compile_rules(["/pol%C3%ADtica/"], []).denied(url) is None
    assert compile_rules([], ["/política/"]).denied(url) is not None


def test_a_broken_pattern_is_an_error() -> None:
    with pytest.raises(regex.error):
        compile_rules(["("], [])


EXPLOSIVE = r"(a|aa)+$"


@pytest.mark.parametrize("kind", ["allow", "deny"])
def test_a_pattern_that_explodes_is_bounded_and_named(kind: str) -> None:
    said = {"allow": [], "deny": [], kind: [EXPLOSIVE]}
    rules = compile_rules(**said)
    url = "https://paper.example/" + "a" * 60 + "!"
    detail = rules.denied(url)
    assert detail is not None
    assert f"articles.{kind} {EXPLOSIVE!r} takes too long" in detail


def test_a_pattern_that_was_too_slow_is_not_tried_for_ever() -> None:
    pattern = rules_module.Pattern(EXPLOSIVE)
    for _ in range(rules_module.MOST_SLOW + 1):
        with pytest.raises(rules_module.TooSlow):
            pattern.matches("/" + "a" * 60 + "!")
    with pytest.raises(rules_module.TooSlow):
        pattern.matches("/harmless")
    assert rules_module.Pattern(EXPLOSIVE).matches("/a")
