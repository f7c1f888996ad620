"""Regular expressions and selectors in config files: do they compile, do they bite?"""

from __future__ import annotations

import re
import warnings

from config.problems import Unfit, shown

_FLAG_SLIP = re.compile(r"\(([aiLmsux]+)\?\)")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_CALL = re.compile(r"([\w-]+)\s*\(")
#: What may stand before a bracket in XPath 1.0: functions, node tests, operators.
_XPATH_NAMES = (
    "last position count id local-name namespace-uri name string concat starts-with"
    " contains substring-before substring-after substring string-length normalize-space"
    " translate boolean not true false lang number sum floor ceiling round"
    " node text comment processing-instruction and or div mod"
)
_XPATH_CALLS = frozenset(_XPATH_NAMES.split())
#: Matched by a pattern that matches just anything, hardly by any other.
_ANYTHING = ("", "/", "\u00b6")


def check_pattern(pattern: str) -> str:
    """`pattern` if it is a regular expression; raises Unfit naming the position."""
    if slip := _FLAG_SLIP.search(pattern):
        hint = f'did you mean "(?{slip[1]})"?'
        raise Unfit(f"{shown(slip[0])} is an optional letter, not a flag", hint)
    _compile(pattern)
    return pattern


def check_refusal(pattern: str) -> str:
    """`check_pattern` for a pattern that takes things out: it must not match all."""
    check_pattern(pattern)
    found = _compile(pattern)
    if all(found.search(text) for text in _ANYTHING):
        raise Unfit(f"{shown(pattern)} matches everything", "nothing would be left")
    return pattern


def check_search(pattern: str) -> str:
    """`check_pattern` for one that runs in the engine that can be stopped (`regex`)."""
    import regex

    check_pattern(pattern)
    try:
        regex.compile(pattern, regex.VERSION0)
    except regex.error as error:
        raise Unfit(f"{shown(pattern)} is not a regular expression: {error}") from None
    return pattern


def check_selector(selector: str) -> str:
    """`selector` if it is CSS, or XPath 1.0 behind `/` or `xpath:`; raises Unfit."""
    if not selector.strip():
        raise Unfit("is empty")
    if selector.startswith(("/", "xpath:")):
        _check_xpath(selector.removeprefix("xpath:").strip())
    else:
        _check_css(selector)
    return selector


def _compile(pattern: str) -> re.Pattern[str]:
    try:
        with warnings.catch_warnings():
            # "Possible nested set": today's meaning is the one wanted.
            warnings.simplefilter("ignore", FutureWarning)
            return re.compile(pattern)
    except re.error as error:
        place = "" if error.pos is None else f" at position {error.pos}"
        raise Unfit(
            f"{shown(pattern)} is not a regular expression: {error.msg}{place}"
        ) from None
    except (RecursionError, OverflowError):
        raise Unfit(f"{shown(pattern)} is too complex") from None


def _check_css(selector: str) -> None:
    import cssselect

    try:
        parsed = cssselect.parse(selector)
        translator = cssselect.HTMLTranslator()
        for one in parsed:
            if one.pseudo_element is not None:
                raise Unfit(
                    f"{shown(selector)} selects no element", "drop what follows ::"
                )
            translator.selector_to_xpath(one)
    except (cssselect.SelectorError, RecursionError) as error:
        raise Unfit(f"{shown(selector)} is not a CSS selector: {error}") from None


def _check_xpath(path: str) -> None:
    from lxml import etree

    # libxml2 finds an unknown function only when it comes to call it.
    for name in _CALL.findall(_QUOTED.sub("''", path)):
        if name not in _XPATH_CALLS:
            raise Unfit(f"{shown(path)} is not an XPath: 1.0 has no function {name}()")
    try:
        found = etree.XPath(path)(etree.Element("html"))
    except (etree.XPathError, ValueError, RecursionError) as error:
        raise Unfit(f"{shown(path)} is not an XPath: {error}") from None
    if not isinstance(found, list):
        raise Unfit(
            f"{shown(path)} selects no elements", "write a path such as //aside"
        )
