"""A label as it is written: 〔稿件 id=p1-lead weight=lead〕, 〔引题〕取消6条纵缝.

Between the brackets stand the label's word and, behind it, what more there is to say, each as name=value.
A value with a space, a quotation mark or a bracket in it stands in "…", with \\" and \\\\ inside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from issue_publisher.transcript.model import Attributes, Label

WHITE = " \t"
_VALUE = r'"(?:[^"\\]|\\.)*"|[^\s"〔〕]*'
_ATTRIBUTE = re.compile(rf"[ \t]+([\w.:-]+)=({_VALUE})")
_LABELLED = re.compile(
    rf"〔[ \t]*(?P<word>[^\s〔〕=]+)(?P<said>(?:[ \t]+[\w.:-]+=(?:{_VALUE}))*)[ \t]*〕(?P<text>.*)", re.DOTALL
)
_BARE = re.compile(r'[^\s"〔〕]+')
LIKE_A_LABEL = re.compile(r"〔[ \t]*([^\s〔〕=]{1,6})[^〔〕]*〕")
_WORDS = {label.value: label for label in Label}


def read_label(line: str) -> tuple[Label, Attributes, str] | None:
    """The label of a line, its attributes and the text behind it; None when there is none that we know."""
    found = _LABELLED.fullmatch(line)
    label = _WORDS.get(found["word"]) if found else None
    if found is None or label is None:
        return None
    attributes = tuple((name, _unquoted(value)) for name, value in _ATTRIBUTE.findall(found["said"]))
    return label, attributes, found["text"].strip(WHITE)


def write_label(label: Label, text: str = "", attributes: Iterable[tuple[str, str | None]] = ()) -> str:
    """A line with its label; attributes that are None are left out."""
    said = "".join(f" {name}={_quoted(value)}" for name, value in attributes if value is not None)
    return f"〔{label}{said}〕{text}"


def _quoted(value: str) -> str:
    if _BARE.fullmatch(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _unquoted(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1], flags=re.DOTALL) if value.startswith('"') else value


# --------------------------------------------------------------------------- cells of a table's row

_CELL = re.compile(r"((?:[^\\｜]|\\.)*)(?:｜|$)", re.DOTALL)


def join_cells(cells: Iterable[str]) -> str:
    """The text of a row: 旧｜980. A ｜ inside a cell is written \\｜."""
    return "｜".join(cell.replace("\\", "\\\\").replace("｜", "\\｜") for cell in cells)


def part_cells(text: str) -> tuple[str, ...]:
    """The cells of a row."""
    cells: list[str] = []
    at = 0
    while True:
        found = _CELL.match(text, at)
        if found is None:  # a \ at the very end
            return (*cells, text[at:].strip(WHITE))
        cells.append(re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL).strip(WHITE))
        at = found.end()
        if at == found.end(1):
            return tuple(cells)
