"""HTML tags by what they do to text."""

from __future__ import annotations

from typing import Final


def _set(tags: str) -> frozenset[str]:
    return frozenset(tags.split())


#: Their content is no text of the page.
SKIPPED: Final = _set(
    "script style template noscript svg math iframe object canvas head datalist map "
    "audio video"
)
MEDIA: Final = _set(
    "img picture video audio iframe object canvas svg embed amp-img amp-video "
    "amp-iframe amp-youtube"
)
#: They hold nothing.
VOID: Final = _set("br img source input meta link wbr track embed col area base param")
#: They interrupt running text. Table cells do not: a row is one block, unless its
#: cells hold blocks of their own.
BLOCKS: Final = _set(
    "address article aside blockquote body button caption center dd details dialog "
    "dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header "
    "hgroup hr html label legend li main menu nav ol optgroup option p pre section "
    "select summary table tbody textarea tfoot thead tr ul amp-sidebar"
)
#: What readers click, choose or fill in.
CONTROLS: Final = _set("button select textarea label")
ASKING: Final = _set("input textarea button")
#: Types of inputs, or tags: what is filled in, and what is pressed.
FIELDS: Final = _set("text email tel search radio textarea")
BUTTONS: Final = _set("button submit image reset")
CELLS: Final = _set("td th")
#: Inline elements that are set apart on the page, with or without a space.
APART: Final = CELLS | {"time"}
#: A table's cell that holds one of them is a column of the page's layout.
PARTS: Final = ("table", "div", "p", "h1", "h2", "h3", "article", "section", "ul")
HEADINGS: Final = _set("h1 h2 h3 h4 h5 h6")
EMPHASIS: Final = _set("em i strong b")
#: A block in one of these is meant to be read as text.
TEXT: Final = _set("p li blockquote dd dt pre tr")
#: Lists and tables: short lines are at home in them.
ROWS: Final = _set("li tr dt dd")
#: A container of the body is above these, but tables may make the page's layout.
LEAVES: Final = _set("p li blockquote ul ol dl table td th tbody tr pre")
TABLES: Final = _set("table tbody tr td th")
