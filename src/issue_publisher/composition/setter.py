"""`Setter`: the layout's type roles at work on the issue's texts, each text set once per measure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from issue_publisher.issue.model import InlineKind, Span, Text
from issue_publisher.layout.model import Align, HeadlineRole, Layout, TypeRole
from issue_publisher.typesetting.headline import HeadlineSetting, narrowest, set_headline, set_short
from issue_publisher.typesetting.items import Known
from issue_publisher.typesetting.lines import Line, Style
from issue_publisher.typesetting.paragraph import Alternative, Copy, Setting, prepare
from issue_publisher.typesetting.vertical import VerticalFaces, VerticalSetting, set_vertical

# Inline markup that changes the face; the type role names the face, the surroundings the size.
_FACE_OF = {InlineKind.STRONG: "strong", InlineKind.EMPHASIS: "emphasis"}
_KEPT = frozenset(
    {
        InlineKind.DOTS,
        InlineKind.SUPERSCRIPT,
        InlineKind.SUBSCRIPT,
        InlineKind.NOTE,
        InlineKind.LINK,
        InlineKind.REFERENCE,
    }
)

Words = Text | tuple[tuple[str, Style], ...]  # a text of the issue, or pieces that make-up put together


@dataclass(frozen=True)
class Setter:
    """Sets texts by type role. Lengths in points."""

    layout: Layout
    faces: VerticalFaces

    @cached_property
    def _cache(self) -> dict[object, tuple[Line, ...]]:
        return {}

    @cached_property
    def _copies(self) -> dict[object, Copy]:
        return {}

    @cached_property
    def _known(self) -> Known:
        return {}

    @property
    def leading_pt(self) -> float:
        """One line of the grid."""
        return self.layout.grid.leading_pt

    def role(self, name: str) -> TypeRole:
        """A type role of the layout."""
        return self.layout.type[name]

    def style(self, role: TypeRole, span: Span, lang: str | None = None) -> Style:
        """How a span is painted in the surroundings of a role."""
        font = role.font
        for kind, name in _FACE_OF.items():
            if kind in span.kinds:
                font = self.layout.type[name].font
        return Style(
            font=font,
            size_pt=role.size_pt,
            ink=role.ink,
            tracking_em=role.tracking_em,
            lang=span.lang or lang,
            href=span.href,
            to=span.to,
            ruby=span.ruby,
            variant=span.variant,
            whole=span.whole,
        ).marked(span.kinds & _KEPT, self.layout.typesetting)

    def lines(
        self,
        content: Words | Sequence[tuple[str, Style]],
        role_name: str,
        measure_pt: float,
        *,
        align: Align | None = None,
        indent_characters: float | None = None,
        lang: str | None = None,
    ) -> tuple[Line, ...]:
        """The lines of a text in a role at a measure."""
        line = content.line if isinstance(content, Text) else 0
        words = content if isinstance(content, Text) else tuple(content)
        key = (words, line, role_name, round(measure_pt, 3), align, indent_characters, lang)
        if key not in self._cache:
            copy = self._copy(words, line, role_name, lang)
            setting = self._setting(role_name, measure_pt, align, indent_characters)
            self._cache[key] = copy.lines(setting)
        return self._cache[key]

    def alternatives(
        self, words: Words, role_name: str, measure_pt: float, lang: str | None = None
    ) -> Mapping[int, Alternative]:
        """A text one line shorter (−1), as it is (0) and one line longer (1), where its limits allow."""
        copy = self._copy(words, words.line if isinstance(words, Text) else 0, role_name, lang)
        return copy.alternatives(self._setting(role_name, measure_pt, None, None))

    def _copy(self, words: Words, line: int, role_name: str, lang: str | None) -> Copy:
        """A text cut and measured, once for all measures."""
        key = (words, line, role_name, lang)
        if key not in self._copies:
            role = self.role(role_name)
            pieces = (
                [(span.text, self.style(role, span, lang)) for span in words.spans()]
                if isinstance(words, Text)
                else words
            )
            self._copies[key] = prepare(pieces, self.faces, self.layout.typesetting, line, self._known)
        return self._copies[key]

    def _setting(
        self, role_name: str, measure_pt: float, align: Align | None, indent_characters: float | None
    ) -> Setting:
        role = self.role(role_name)
        indent = role.indent_characters if indent_characters is None else indent_characters
        chosen = align or role.align
        narrow = measure_pt < self.layout.typesetting.justify_from_em * role.size_pt - 0.01
        if chosen is Align.JUSTIFY and narrow:
            chosen = Align.LEFT
        return Setting(measure_pt, role.size_pt, chosen, indent * role.size_pt, role.break_at_marks)

    def sized(
        self,
        text: Text,
        role_name: str,
        size_pt: float,
        measure_pt: float,
        lang: str | None = None,
        align: Align | None = None,
    ) -> tuple[Line, ...]:
        """The lines of a text in a role at another size, as kickers and decks go with their headline.

        They are broken as headlines are: at sense, into even lines.
        """
        role = self.role(role_name)
        role = replace(role, size_pt=size_pt, align=align or role.align)
        key = (text, text.line, role, round(measure_pt, 3), lang)
        if key not in self._cache:
            pieces = [(span.text, self.style(role, span, lang)) for span in text.spans()]
            policy = self.layout.typesetting
            self._cache[key] = set_short(
                pieces, text.breaks, measure_pt, role.align, self.faces, policy, text.line,
                break_at_marks=role.break_at_marks,
            )  # fmt: skip
        return self._cache[key]

    def short(
        self, text: Text, role_name: str, measure_pt: float, lang: str | None = None
    ) -> tuple[Line, ...]:
        """The lines of a few words in a role (小标题、摘引): broken at sense, into even lines."""
        return self.sized(text, role_name, self.role(role_name).size_pt, measure_pt, lang)

    def narrowest(
        self, text: Text, role_name: str, size_pt: float, count: int, lang: str | None = None
    ) -> float | None:
        """The measure that a kicker or deck of this size needs in `count` lines, broken at sense.

        None when so many lines would break a word or a name.
        """
        role = replace(self.role(role_name), size_pt=size_pt)
        key = (text, text.line, role, count, lang)
        if key not in self._narrowest:
            pieces = [(span.text, self.style(role, span, lang)) for span in text.spans()]
            self._narrowest[key] = narrowest(
                pieces, text.breaks, count, self.faces, self.layout.typesetting, text.line
            )
        return self._narrowest[key]

    @cached_property
    def _narrowest(self) -> dict[object, float | None]:
        return {}

    def plain(self, words: str, role_name: str) -> list[tuple[str, Style]]:
        """Words without markup as pieces of a role."""
        return [(words, self.style(self.role(role_name), Span(words)))]

    def headline_font(self, role: HeadlineRole, genre: str | None, size_pt: float) -> str:
        """The face of a headline: its genre's own, or that of its weight if it is too large for that."""
        if size_pt > self.layout.head.genre_fonts_to_pt:
            return role.font
        return self.layout.genre_fonts.get(genre or "", role.font)

    def headlines(
        self,
        headline: Text,
        role: HeadlineRole,
        genre: str | None,
        measure_pt: float,
        lang: str | None = None,
    ) -> tuple[HeadlineSetting, ...]:
        """All settings of a headline that the role allows at a measure, largest first.

        Each says how deep it is, how well it fills the measure, and what its breaks cost. An article
        of several columns has fewer lines of headline (at most two from three columns up).
        """
        wide, large = (
            self._reaches(columns, measure_pt) for columns in (role.wide_columns, role.large_columns)
        )
        most = min(role.max_lines, role.wide_max_lines) if wide else role.max_lines
        tried = (
            self.headline(headline, role, genre, measure_pt, size, count, lang)
            for size in (role.all_sizes_pt if large else role.sizes_pt)
            for count in range(1, most + 1)
        )
        return tuple(setting for setting in tried if setting is not None)

    def _reaches(self, columns: int, measure_pt: float) -> bool:
        """Whether a measure is so many basic columns wide; a box takes some of it."""
        grid = self.layout.grid
        return measure_pt > grid.width_pt(columns) - grid.column_pt / 2

    def headline(
        self,
        headline: Text,
        role: HeadlineRole,
        genre: str | None,
        measure_pt: float,
        size_pt: float,
        count: int,
        lang: str | None = None,
    ) -> HeadlineSetting | None:
        """A headline at one size in `count` lines, or None when it does not fit the measure."""
        font = self.headline_font(role, genre, size_pt)
        key = (headline, headline.line, font, round(measure_pt, 3), size_pt, count, lang)
        if key not in self._headlines:
            style = Style(font, size_pt, lang=lang)
            policy = self.layout.typesetting
            spans = [
                (s.text, replace(style.marked(s.kinds & _KEPT, policy), ruby=s.ruby))
                for s in headline.spans()
            ]
            self._headlines[key] = set_headline(
                spans,
                headline.breaks,
                count,
                measure_pt,
                role,
                self.faces,
                self.layout.typesetting,
                headline.line,
                align=role.align,
            )
        return self._headlines[key]

    def vertical(
        self,
        words: Text,
        font: str,
        size_pt: float,
        count: int,
        pitch_em: float,
        *,
        lang: str | None = None,
        ink: str = "black",
        tracking_em: float = 0.0,
        depth_pt: float | None = None,
    ) -> VerticalSetting | None:
        """A text in `count` vertical columns no deeper than `depth_pt` (a page), or None."""
        depth = self.layout.grid.depth_pt(self.layout.grid.lines) if depth_pt is None else depth_pt
        key = (words, words.line, font, size_pt, count, pitch_em, lang, ink, tracking_em, round(depth, 3))
        if key not in self._verticals:
            style = Style(font, size_pt, ink, tracking_em, lang=lang)
            policy = self.layout.typesetting
            pieces = [
                (s.text, replace(style.marked(s.kinds & _KEPT, policy), ruby=s.ruby)) for s in words.spans()
            ]
            self._verticals[key] = set_vertical(
                pieces, count, depth, pitch_em, self.faces, policy,
                preferred=words.breaks, source_line=words.line,
            )  # fmt: skip
        return self._verticals[key]

    @cached_property
    def _verticals(self) -> dict[object, VerticalSetting | None]:
        return {}

    @cached_property
    def _headlines(self) -> dict[object, HeadlineSetting | None]:
        return {}

    def depth_lines(self, depth_pt: float) -> int:
        """The fewest lines of the grid that hold so many points."""
        return -int(-(depth_pt - 0.01) // self.leading_pt)


def shift(lines: Iterable[Line], dx_pt: float) -> tuple[Line, ...]:
    """Lines moved to the right."""
    return tuple(line.shifted(dx_pt) for line in lines)
