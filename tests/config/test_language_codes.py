"""Language codes: which are known, which is meant."""

from __future__ import annotations

import pytest

from config.languages import ISO_639_1, check_language
from config.problems import Unfit


@pytest.mark.parametrize("code", ["en", "de", "zh", "zh-cn", "zh-tw", "zu", "no", "nb"])
def test_known(code: str) -> None:
    assert check_language(code) == code


def test_there_are_183_codes() -> None:
    assert len(ISO_639_1) == 183


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        pytest.param("EN", 'did you mean "en"?', id="capitals"),
        pytest.param("en-US", 'did you mean "en"?', id="country behind"),
        pytest.param("pt_BR", 'did you mean "pt"?', id="country behind a line"),
        pytest.param("zh_TW", 'did you mean "zh-tw"?', id="Chinese"),
        pytest.param("zh-Hans", 'did you mean "zh"?', id="Chinese by script"),
        pytest.param("english", "write two letters", id="a name"),
        pytest.param("swedish", "write two letters", id="never guessed as Swahili"),
        pytest.param("xx", "write two letters", id="no such code"),
        pytest.param("", "write two letters", id="empty"),
    ],
)
def test_unknown(code: str, hint: str) -> None:
    with pytest.raises(Unfit) as caught:
        check_language(code)
    assert (caught.value.hint or "").startswith(hint)
