"""White space in the source: what an editor or a formatter put in for its own sake is no part of the text.

The rule, as docs/issue-format.md states it: white space is space, tab and line break. At both ends of
a text it is dropped. A run of it that holds a line break is nothing between two Han characters or
Chinese marks, and one space otherwise. Every other space stays as it is written.
"""

from __future__ import annotations

import re

# Han, kana, bopomofo, their marks and full-width forms; and the marks that Chinese shares with Latin type.
HAN = "\u2e80-\u2fdf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
CHINESE = HAN + "\u2ff0-\u33ff\ufe30-\ufe4f\uff00-\uffef“”‘’…—·"

WHITE_SPACE = " \t\r\n"
_RUN = re.compile(f"[{WHITE_SPACE}]+")
_CHINESE = re.compile(f"[{CHINESE}]")


def kept_characters(source: str) -> list[str]:
    """For each character of a text's source, what remains of it: itself, a space, or nothing."""
    kept = list(source)
    for run in _RUN.finditer(source):
        start, end = run.span()
        if start == 0 or end == len(source):
            kept[start:end] = [""] * (end - start)
        elif "\n" in run[0] or "\r" in run[0]:
            chinese = _CHINESE.match(source[start - 1]) and _CHINESE.match(source[end])
            kept[start:end] = ["" if chinese else " "] + [""] * (end - start - 1)
    return kept


def line_words(source: str) -> str:
    """The words of an element that holds no markup."""
    return "".join(kept_characters(source))


def attribute_words(source: str) -> str:
    """The words of an attribute.

    XML has already turned its line breaks into spaces, so that a run of two or more counts as one
    that holds a line break.
    """
    return line_words(re.sub(f"[{WHITE_SPACE}]{{2,}}", "\n", source))
