"""Which writing systems a text uses, and which languages that alone gives away."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

#: Script -> the ranges of its letters (Unicode 15, the blocks that news uses).
_RANGES: Final = {
    "latin": "A-Za-zÀ-ÖØ-öø-ɏɐ-ʯḀ-ỿ",
    "cyrillic": "Ѐ-ԯ",
    "greek": "Ͱ-Ͽἀ-῿",
    "arabic": "ؠ-يٮ-ۓەۮۯۺ-ۿݐ-ݿ\ufb50-\ufdff\ufe70-\ufefc",
    "hebrew": "א-ײ",
    "devanagari": "ऀ-ॿ",
    "bengali": "ঀ-৿",
    "gurmukhi": "਀-੿",
    "gujarati": "઀-૿",
    "odia": "଀-୿",
    "tamil": "஀-௿",
    "telugu": "ఀ-౿",
    "kannada": "ಀ-೿",
    "malayalam": "ഀ-ൿ",
    "sinhala": "඀-෿",
    "thai": "ก-๛",
    "lao": "ກ-ໝ",
    "tibetan": "ༀ-࿿",
    "burmese": "က-႟",
    "georgian": "Ⴀ-ჿ",
    "armenian": "Ա-֏",
    "ethiopic": "ሀ-᎟",
    "khmer": "ក-៿",
    "hangul": "가-힣ㄱ-ㆎ",
    "kana": "ぁ-ゖァ-ヺー",
    "han": "㐀-䶿一-鿿\uf900-\ufaff",
    "thaana": "ހ-ޱ",
}

_LETTERS: Final = {
    script: re.compile(f"[{ranges}]") for script, ranges in _RANGES.items()
}

#: Scripts that news is written in for one language only.
ONLY_LANGUAGE: Final = {
    "greek": "el",
    "hebrew": "he",
    "bengali": "bn",
    "gurmukhi": "pa",
    "gujarati": "gu",
    "odia": "or",
    "tamil": "ta",
    "telugu": "te",
    "kannada": "kn",
    "malayalam": "ml",
    "sinhala": "si",
    "thai": "th",
    "lao": "lo",
    "tibetan": "bo",
    "burmese": "my",
    "georgian": "ka",
    "armenian": "hy",
    "ethiopic": "am",
    "khmer": "km",
    "hangul": "ko",
    "kana": "ja",
    "thaana": "dv",
}

#: Other languages of those scripts, believed when an outlet says so.
ALSO: Final = {
    "hebrew": frozenset({"yi"}),
    "bengali": frozenset({"as"}),
    "ethiopic": frozenset({"ti"}),
    "georgian": frozenset({"xmf"}),
}

#: How many Latin letters one letter of the script is worth in telling languages.
WEIGHT: Final = {"han": 3.0, "kana": 2.5, "hangul": 2.5}

#: Letters that only one language of its script uses in running text, the surest
#: first. A few of them prove the language, so names in quotes do not.
TELLTALE: Final = {
    "cyrillic": (
        ("be", re.compile("[ўЎ]")),
        ("kk", re.compile("[әғқұһӘҒҚҰҺ]")),
        ("tg", re.compile("[ӣӯҳҷӢӮҲҶ]")),
        ("tt", re.compile("[җҖ]")),
        ("mn", re.compile("[өүӨҮ]")),
        ("mk", re.compile("[ѓќѕЃЌЅ]")),
        ("sr", re.compile("[ђћЂЋ]")),
        ("uk", re.compile("[їєґЇЄҐ]")),
    ),
    "arabic": (
        ("ckb", re.compile("[ڵێۆڕە]")),
        ("ps", re.compile("[ټډړږښڼې]")),
        ("ug", re.compile("[ۇۈۋې]")),
        ("ur", re.compile("[ٹڈڑےں]")),
    ),
    "latin": (
        ("is", re.compile("[þÞðÐ]")),
        ("az", re.compile("[əƏ]")),
        ("mt", re.compile("[ħĦ]")),
    ),
}

_SIMPLIFIED = re.compile(
    "[们这个来为国会时说经对发现学过开关后进门问间动长东车书马"
    "见让认语记设许论证评话该请读课谁调谈钱银铁锁错业亚严丧两临丽举义乐习乡买乱争"
    "产亲亿仅从仓仪价众优伤华协单卖卫厂厅历厉压参双变叶号听启员响团园围图圆圣场坏块]"
)
_TRADITIONAL = re.compile(
    "[們這個來為國會時說經對發現學過開關後進門問間動長東車書馬"
    "見讓認語記設許論證評話該請讀課誰調談錢銀鐵鎖錯業亞嚴喪兩臨麗舉義樂習鄉買亂爭"
    "產親億僅從倉儀價眾優傷華協單賣衛廠廳歷厲壓參雙變葉號聽啟員響團園圍圖圓聖場壞塊]"
)


def census(text: str) -> Counter[str]:
    """How many letters of each script `text` has, by the script's name."""
    counts = {script: len(found.findall(text)) for script, found in _LETTERS.items()}
    return Counter({script: count for script, count in counts.items() if count})


def chinese_variant(text: str) -> str | None:
    """`zh-cn` or `zh-tw` by the letters that differ, None where they don't tell."""
    simplified = len(_SIMPLIFIED.findall(text))
    traditional = len(_TRADITIONAL.findall(text))
    if simplified == traditional:
        return None
    return "zh-cn" if simplified > traditional else "zh-tw"


def telltale(text: str, script: str) -> str | None:
    """The language whose own letters are all over `text`, or None.

    One letter in 150 is asked for: names and quotations stay below.
    """
    for code, letters in TELLTALE.get(script, ()):
        if len(letters.findall(text)) * 150 > len(text):
            return code
    return None
