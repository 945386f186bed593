"""Read what a sub-editor wants to know the depth of: plain text, an article's XML, a whole issue."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from issue_publisher import resources
from issue_publisher.composition.copyfit import Copyfit, copyfit_article, copyfit_text
from issue_publisher.composition.setter import Setter
from issue_publisher.fonts.catalogue import FontSet, read_fonts
from issue_publisher.fonts.measures import Measures
from issue_publisher.issue.characters import called, code_point, lookalike, unprintable
from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.issue.model import Article
from issue_publisher.issue.reader import read_issue
from issue_publisher.layout.model import Layout, Strictness
from issue_publisher.layout.reader import read_layout
from issue_publisher.production.load import layout_folder, layout_names
from issue_publisher.typesetting.faces import PaperFaces

_ENCODINGS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
_FRAGMENT = (
    '<issue xmlns="urn:issue-publisher:issue" version="1.0" id="copy" date="2000-01-01"><nameplate>'
    '<title>报</title><date>2000年1月1日</date></nameplate><page number="1" title="版">'
)


def copyfit(
    data: bytes,
    file: str,
    folder: Path,
    columns: Sequence[int],
    *,
    article: str | None = None,
    strictness: Strictness | None = None,
    layout_name: str = "broadsheet",
) -> tuple[Copyfit, ...]:
    """Every article of the data, or its plain text, at widths in basic columns.

    `file`: what messages call it; `folder`: where a newspaper's own layouts and fonts are looked for.
    `article`: only the one with this id. Raises SourceErrors with everything that is wrong, LayoutErrors and
    FontError for a layout or fonts that cannot be used.
    """
    layout = _layout(folder, layout_name, strictness)
    if wide := [number for number in columns if number > layout.grid.columns]:
        raise _one(
            file, 0, f"{wide[0]} columns are asked for", f"{layout.name} has {layout.grid.columns}", "columns"
        )
    fonts = read_fonts(_fonts(folder))
    setter = Setter(layout, PaperFaces(Measures(fonts), layout.latin_fonts))
    words = _decoded(data, file)
    if words.lstrip().startswith("<"):
        articles = _articles(words, file, article)
        _printable([(a.line, t) for a in articles for t in _texts(a)], file, fonts)
        return tuple(copyfit_article(one, setter, columns) for one in articles)
    paragraphs = _paragraphs(words)
    if not paragraphs:
        raise _one(file, 0, "there is no text in it", "a paragraph a line", "empty")
    _printable(paragraphs, file, fonts)
    return (copyfit_text(file, paragraphs, setter, columns),)


def _layout(folder: Path, name: str, strictness: Strictness | None) -> Layout:
    found = layout_folder(folder, name)
    if found is None:
        raise _one("--layout", 0, f"there is no layout {name}", ", ".join(layout_names(folder)), "layout")
    path = found / "layout.toml"
    layout = read_layout(path.read_bytes(), str(path), found)
    if strictness is None:
        return layout
    return replace(layout, typesetting=replace(layout.typesetting, strictness=strictness))


def _fonts(folder: Path) -> Path:
    own = folder / "fonts"
    return own if (own / "fonts.toml").is_file() else resources.shipped_fonts()


def _one(file: str, line: int, message: str, hint: str = "", code: str = "source") -> SourceErrors:
    return SourceErrors([SourceError(file, line, message, hint, code=code)])


def _decoded(data: bytes, file: str) -> str:
    """Text in UTF-8 or UTF-16 by its mark, else in UTF-8, else in GB 18030."""
    marked = next((name for mark, name in _ENCODINGS.items() if data.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", "gb18030"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            fault = error
    line = data[: fault.start].count(b"\n") + 1
    raise _one(file, line, "not text in UTF-8, UTF-16 or GB 18030", "save it as UTF-8", "encoding")


def _paragraphs(words: str) -> list[tuple[int, str]]:
    """Every line with words in it is a paragraph; indents of the writer's own do not count."""
    lines = enumerate(re.split("\r\n|\r|\n", words), 1)
    stripped = ((number, " ".join(line.strip(" \t\u3000").split(" "))) for number, line in lines)
    return [(number, line.replace("\t", " ")) for number, line in stripped if line]


def _articles(words: str, file: str, wanted: str | None) -> list[Article]:
    body = re.sub(r"^\s*<\?xml[^>]*\?>", lambda found: "\n" * found[0].count("\n"), words)
    if re.match(r"\s*(<!--.*?-->\s*)*<article[\s>]", body, re.DOTALL):
        body = f"{_FRAGMENT}{body}</page></issue>"
    issue = read_issue(body.encode(), file)
    found = [article for article in issue.articles() if wanted in (None, article.id)]
    if not found:
        raise _one(
            file, 0, f"there is no article {wanted}", ", ".join(a.id for a in issue.articles()), "article"
        )
    return found


def _texts(article: Article) -> list[str]:
    return [block.text.plain_with_notes for block in article.body if hasattr(block, "text")]


def _printable(texts: Sequence[tuple[int, str]], file: str, fonts: FontSet) -> None:
    """SourceErrors naming every character that cannot be set, with its line."""
    errors: list[SourceError] = []
    for line, words in texts:
        missing = fonts.missing(char for char in words if unprintable(char) is None)
        for char in sorted(set(words)):
            if (found := unprintable(char)) is not None:
                kind, code = found
                errors.append(SourceError(file, line, f"{kind} {code_point(char)}", "take it out", code=code))
            elif (same := lookalike(char)) is not None and same[2]:
                errors.append(
                    SourceError(file, line, f"{same[0]} {code_point(char)} {char}", f"write {same[2]}",
                                code=same[1])
                )  # fmt: skip
            elif char in missing:
                named = f"{char} {code_point(char)} {called(char)}"
                errors.append(SourceError(file, line, f"no face has {named}", "another character",
                                          code="missing-glyph"))  # fmt: skip
    if errors:
        raise SourceErrors(errors)
