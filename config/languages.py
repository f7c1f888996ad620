"""Which language codes a config may name: ISO 639-1, and the two kinds of Chinese."""

from __future__ import annotations

import re

from config.problems import Unfit, shown

_REGISTERED = (
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs"
    " cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv"
    " ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl"
    " km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt"
    " my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru"
    " rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn"
    " to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
#: ISO 639-1 as registered, without the withdrawn codes.
ISO_639_1 = frozenset(_REGISTERED.split())
CHINESE = frozenset({"zh-cn", "zh-tw"})


def check_language(code: str) -> str:
    """`code` if it names a language; raises Unfit with the nearest code."""
    if code in ISO_639_1 or code in CHINESE:
        return code
    raise Unfit(f"{shown(code)} is not a language code", _nearest(code))


def _nearest(code: str) -> str:
    folded = code.strip().lower().replace("_", "-")
    if folded in CHINESE or folded in ISO_639_1:
        return f'did you mean "{folded}"?'
    head, *rest = re.split(r"[-_]", folded)
    if head in ISO_639_1 and rest:
        return f'did you mean "{head}"?'
    return "write two letters of ISO 639-1 such as en, or zh-cn, zh-tw"
