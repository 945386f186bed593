"""What the e-book's style sheet says of type, asked of tinycss2 and cssselect2, which WeasyPrint brings.

So a layout with a style sheet of its own has the right characters in the fonts that travel with the book.
Looked at are the families, the weight and the selectors outside of `@` rules; `font`, which says all at once,
is not taken apart: the sheet says `font-family` and `font-weight`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import cssselect2
import tinycss2

# What every reader makes bold unasked (HTML standard, "Rendering").
_READERS_OWN = "h1, h2, h3, h4, h5, h6, strong, b, th { font-weight: bold }"
_HEAVY = 600  # font-weight from which a heavy face is taken
_BODY = "{http://www.w3.org/1999/xhtml}body"


@dataclass(frozen=True, slots=True)
class Typed:
    """Characters set in one family, None being the reader's own, at one weight."""

    family: str | None
    bold: bool
    text: str


class StyleSheet:
    """A style sheet as far as it chooses among some families for the text of documents."""

    def __init__(self, css: str, families: Collection[str], default: str) -> None:
        self._families = families
        self._default = default
        self._matcher = cssselect2.Matcher()
        for sheet in (_READERS_OWN, css):
            for rule in tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True):
                if rule.type == "qualified-rule":
                    self._add(rule)

    def _add(self, rule: Any) -> None:
        said = {
            one.lower_name: one.value
            for one in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
            if one.type == "declaration" and one.lower_name in ("font-family", "font-weight")
        }
        if not said:
            return
        try:
            selectors = cssselect2.compile_selector_list(rule.prelude)
        except cssselect2.SelectorError:
            return  # no reader of books knows it either
        for selector in selectors:
            if selector.pseudo_element is None:
                self._matcher.add_selector(selector, said)

    def texts(self, document: bytes) -> Iterator[Typed]:
        """Every text of an XHTML document's body, white space but the ideographic left out."""
        body = ET.fromstring(document).find(_BODY)
        if body is None:
            return
        styles: dict[Any, tuple[str | None, bool]] = {}
        for element in cssselect2.ElementWrapper.from_xml_root(body).iter_subtree():
            style = styles.get(element.parent, (self._default, False))
            for *_, said in self._matcher.match(element):
                style = self._styled(style, said)
            styles[element] = style
            tree = element.etree_element
            texts = [tree.text or "", *(child.tail or "" for child in tree)]
            if shown := re.sub(r"[^\S\u3000]", "", "".join(texts)):
                yield Typed(*style, shown)

    def _styled(self, style: tuple[str | None, bool], said: dict[str, list[Any]]) -> tuple[str | None, bool]:
        family, bold = style
        if "font-family" in said:
            names = [token.value for token in said["font-family"] if token.type in ("string", "ident")]
            if names != ["inherit"]:
                family = next((name for name in names if name in self._families), None)
        for token in said.get("font-weight", ()):
            if token.type == "number":
                bold = token.value >= _HEAVY
            elif token.type == "ident" and token.lower_value != "inherit":
                bold = token.lower_value in ("bold", "bolder")
        return family, bold
