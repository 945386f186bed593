"""White between Han and Latin (CLREQ, "Spacing between Han and Latin": an eighth of an em), inside glyphs.

White between two glyphs, as margin or letter space, is taken for a word space by text extractors from
0.1 em on: "3 月 16 日". White that belongs to a glyph's own advance is not. So each Latin letter, figure
and sign gets three more glyphs of the same outline: with white before, behind, and on both sides. Two
features of our own exchange them: GAPB the first glyph of a run, GAPA its last. Kerning holds
for the new glyphs as for the old ones, and ligatures, which are made first, have theirs too. A word that
ends with a combining accent has no white behind it: the accent would move away from its letter.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fontTools.misc.psCharStrings import T2CharString
from fontTools.misc.transform import Offset
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables import otTables
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent
from fontTools.ttLib.tables.otBase import BaseTable

FEATURE_BEFORE, FEATURE_AFTER = "GAPB", "GAPA"

# Features that Pango applies unasked: what they make of a letter may stand at a word's edge.
_ALWAYS = frozenset({"ccmp", "locl", "liga", "clig", "calt", "rlig", "rclt"})
_MARK_CLASS = 3
_SINGLE, _MULTIPLE, _LIGATURE, _CONTEXT, _EXTENSION = 1, 2, 4, 6, 7
_PAIR, _POSITION_EXTENSION = 2, 9


def takes_gap(char: str) -> bool:
    """Whether white may stand beside the character: Latin, Greek, Cyrillic letters, figures, ASCII signs."""
    if char < "\x7f":
        return char > " "
    return char < "\u2e80" and unicodedata.category(char)[0] == "L"


@dataclass(frozen=True)
class _Variants:
    """Glyph → its variant, by where the white stands."""

    before: Mapping[str, str]
    after: Mapping[str, str]
    both: Mapping[str, str]

    def fronts(self) -> dict[str, str]:
        """Variants that another glyph can follow, with what they were made of."""
        return {variant: glyph for glyph, variant in self.before.items()}

    def backs(self) -> dict[str, str]:
        """Variants that can follow another glyph."""
        return {variant: glyph for glyph, variant in self.after.items()}


def add_gaps(font: TTFont, gap: int) -> None:
    """Add the variants and the features GAPB and GAPA to a font. `gap`: white in font units.

    Nothing changes for text that does not ask for the features.
    """
    glyphs = _edge_glyphs(font)
    if not glyphs or not gap:
        return
    visible = _visible(font)
    variants = _add_glyphs(font, glyphs, gap)
    if "GPOS" in font:
        _extend_positions(font, variants)
    _add_features(font, variants, visible)


# --------------------------------------------------------------------------- which glyphs


def _edge_glyphs(font: TTFont) -> list[str]:
    """Every glyph that can begin or end a Latin word, in the font's order."""
    found = {glyph for code, glyph in (font.getBestCmap() or {}).items() if takes_gap(chr(code))}
    if found and "GSUB" in font:
        _close(font["GSUB"].table, found)
    marks = _marks(font)
    return [glyph for glyph in font.getGlyphOrder() if glyph in found and glyph not in marks]


def _marks(font: TTFont) -> set[str]:
    if "GDEF" not in font or not (classes := font["GDEF"].table.GlyphClassDef):
        return set()
    return {glyph for glyph, found in classes.classDefs.items() if found == _MARK_CLASS}


def _visible(font: TTFont) -> list[str]:
    """All glyphs but those of invisible characters: behind a word joiner a word's edge is still its edge."""
    hidden = {
        glyph
        for code, glyph in (font.getBestCmap() or {}).items()
        if unicodedata.category(chr(code)) == "Cf" or unicodedata.name(chr(code), "").startswith("VARIATION")
    }
    hidden.add(font.getGlyphName(0))  # stands for those that the font lacks, until HarfBuzz takes it out
    return [glyph for glyph in font.getGlyphOrder() if glyph not in hidden]


def _close(table: Any, glyphs: set[str]) -> None:
    """Add what ordinary shaping makes of these glyphs."""
    if table.LookupList is None or table.FeatureList is None:
        return
    lookups = table.LookupList.Lookup
    waiting = [
        at
        for record in table.FeatureList.FeatureRecord
        if record.FeatureTag in _ALWAYS
        for at in record.Feature.LookupListIndex
    ]
    seen: set[int] = set()
    while waiting:
        if (at := waiting.pop()) not in seen:
            seen.add(at)
            waiting += (n for subtable in _subtables(lookups[at], _EXTENSION) for n in _called(subtable))
    size = 0
    while size != len(glyphs):
        size = len(glyphs)
        for at in sorted(seen):
            for subtable in _subtables(lookups[at], _EXTENSION):
                glyphs.update(_made(subtable, glyphs))


def _subtables(lookup: Any, extension: int) -> Iterator[Any]:
    for subtable in lookup.SubTable:
        yield subtable.ExtSubTable if subtable.LookupType == extension else subtable


def _called(thing: Any) -> Iterator[int]:
    """Lookups that a contextual subtable applies, in whichever of its formats."""
    if isinstance(thing, otTables.SubstLookupRecord):
        yield thing.LookupListIndex
    elif isinstance(thing, list):
        for part in thing:
            yield from _called(part)
    elif isinstance(thing, BaseTable) and not isinstance(thing, (otTables.Coverage, otTables.ClassDef)):
        thing.ensureDecompiled()
        for name, part in vars(thing).items():
            if name == "SubstLookupRecord" or name.endswith(("Set", "Rule", "RuleSet")):
                yield from _called(part)


def _made(subtable: Any, glyphs: set[str]) -> Iterator[str]:
    """What a subtable puts in the place of these glyphs."""
    if subtable.LookupType == _SINGLE:
        yield from (new for old, new in subtable.mapping.items() if old in glyphs)
    elif subtable.LookupType == _MULTIPLE:
        yield from (part for old, new in subtable.mapping.items() if old in glyphs for part in new)
    elif subtable.LookupType == _LIGATURE:
        for first, ligatures in subtable.ligatures.items():
            if first in glyphs:
                yield from (made.LigGlyph for made in ligatures if glyphs.issuperset(made.Component))


# --------------------------------------------------------------------------- new glyphs


def _add_glyphs(font: TTFont, glyphs: list[str], gap: int) -> _Variants:
    """Draw three variants of each glyph and enter them in the font's tables."""
    outlines = _CompactOutlines(font) if "CFF " in font else _QuadraticOutlines(font)
    metrics, upright = font["hmtx"].metrics, font["vmtx"].metrics if "vmtx" in font else None
    kinds = font["GDEF"].table.GlyphClassDef if "GDEF" in font else None
    found: list[dict[str, str]] = []
    names = outlines.names(3 * len(glyphs))
    for before, after in ((gap, 0), (0, gap), (gap, gap)):
        made: dict[str, str] = {}
        for glyph in glyphs:
            new = made[glyph] = next(names)
            advance, side = metrics[glyph]
            metrics[new] = (advance + before + after, side + before)
            if upright is not None:
                upright[new] = upright[glyph]
            if kinds is not None and glyph in kinds.classDefs:
                kinds.classDefs[new] = kinds.classDefs[glyph]
            outlines.add(glyph, new, before, metrics[new][0])
        found.append(made)
    outlines.finish()
    return _Variants(*found)


class _QuadraticOutlines:
    """Glyphs of a TrueType font: each variant is the old glyph, moved."""

    def __init__(self, font: TTFont) -> None:
        self._font, self._table, self._order = font, font["glyf"], list(font.getGlyphOrder())
        self._depth = 0

    def names(self, count: int) -> Iterator[str]:
        """Names that no glyph has."""
        start = len(self._order)
        return (f"gap{start + at}" for at in range(count))

    def add(self, glyph: str, new: str, shift: int, advance: int) -> None:
        """Enter one variant, `shift` units to the right."""
        old, made = self._table[glyph], Glyph()
        if old.numberOfContours:
            part = GlyphComponent()
            part.glyphName, part.x, part.y, part.flags = glyph, shift, 0, 4  # ROUND_XY_TO_GRID
            made.numberOfContours, made.components = -1, [part]
            made.xMin, made.xMax = old.xMin + shift, old.xMax + shift
            made.yMin, made.yMax = old.yMin, old.yMax
        self._table.glyphs[new] = made
        self._order.append(new)

    def finish(self) -> None:
        """Tell the font of its new glyphs."""
        self._font.setGlyphOrder(self._order)
        self._table.setGlyphOrder(self._order)
        limits = self._font["maxp"]
        limits.maxComponentElements = max(limits.maxComponentElements, 1)
        limits.maxComponentDepth += 1
        limits.maxCompositePoints = max(limits.maxCompositePoints, limits.maxPoints)
        limits.maxCompositeContours = max(limits.maxCompositeContours, limits.maxContours)


class _CompactOutlines:
    """Glyphs of a CFF font: each variant is drawn anew."""

    def __init__(self, font: TTFont) -> None:
        self._font, self._order = font, list(font.getGlyphOrder())
        self._top = font["CFF "].cff[0]
        self._cid = hasattr(self._top, "ROS")

    def names(self, count: int) -> Iterator[str]:
        """Names that no glyph has; a CID-keyed font numbers its glyphs, a subset of ours in their order."""
        if not self._cid:
            return (f"gap{len(self._order) + at}" for at in range(count))
        start = len(self._order)
        self._top.CIDCount = start + count
        return (f"cid{number:05d}" for number in range(start, start + count))

    def add(self, glyph: str, new: str, shift: int, advance: int) -> None:
        """Enter one variant, `shift` units to the right."""
        strings = self._top.CharStrings
        old, picked = strings.getItemAndSelector(glyph)
        private = self._top.FDArray[picked].Private if self._cid else self._top.Private
        width = None if advance == private.defaultWidthX else advance - private.nominalWidthX
        pen = T2CharStringPen(width, None)
        old.draw(TransformPen(pen, Offset(shift, 0)))
        made: T2CharString = pen.getCharString(private, self._top.GlobalSubrs, optimize=False)
        strings.charStringsIndex.append(made)
        strings.charStrings[new] = len(strings.charStringsIndex) - 1
        self._top.charset.append(new)
        if self._cid:
            self._top.FDSelect.append(picked)
        self._order.append(new)

    def finish(self) -> None:
        """Tell the font of its new glyphs."""
        self._font.setGlyphOrder(self._order)


# --------------------------------------------------------------------------- kerning


def _extend_positions(font: TTFont, variants: _Variants) -> None:
    """Let variants be kerned as what they were made of."""
    table, numbers = font["GPOS"].table, font.getReverseGlyphMap()
    for lookup in table.LookupList.Lookup if table.LookupList else ():
        for subtable in _subtables(lookup, _POSITION_EXTENSION):
            if subtable.LookupType == _PAIR and subtable.Format == 1:
                _extend_pairs(subtable, variants, numbers)
            elif subtable.LookupType == _PAIR:
                _extend_classes(subtable, variants)


def _extend_pairs(subtable: Any, variants: _Variants, numbers: Mapping[str, int]) -> None:
    for pairs in subtable.PairSet:
        for record in tuple(pairs.PairValueRecord):
            if new := variants.after.get(record.SecondGlyph):
                copy = otTables.PairValueRecord()
                copy.SecondGlyph = new
                for name in ("Value1", "Value2"):
                    setattr(copy, name, getattr(record, name, None))
                pairs.PairValueRecord.append(copy)
        pairs.PairValueRecord.sort(key=lambda record: numbers[record.SecondGlyph])
        pairs.PairValueCount = len(pairs.PairValueRecord)
    # New glyphs stand behind all old ones, each group in the order of the old: coverage stays sorted.
    known = dict(zip(subtable.Coverage.glyphs, subtable.PairSet, strict=True))
    for new, old in variants.fronts().items():
        if old in known:
            subtable.Coverage.glyphs.append(new)
            subtable.PairSet.append(known[old])
    subtable.PairSetCount = len(subtable.PairSet)


def _extend_classes(subtable: Any, variants: _Variants) -> None:
    known = set(subtable.Coverage.glyphs)
    firsts, seconds = subtable.ClassDef1.classDefs, subtable.ClassDef2.classDefs
    for new, old in variants.fronts().items():
        if old in known:
            subtable.Coverage.glyphs.append(new)
            if old in firsts:
                firsts[new] = firsts[old]
    for new, old in variants.backs().items():
        if old in seconds:
            seconds[new] = seconds[old]


# --------------------------------------------------------------------------- features


def _add_features(font: TTFont, variants: _Variants, visible: list[str]) -> None:
    """GAPB and GAPA, behind all lookups there are, so that ligatures and local forms come first."""
    if "GSUB" not in font:
        font["GSUB"] = _empty_substitutions()
    table = font["GSUB"].table
    if table.LookupList is None:
        table.LookupList = otTables.LookupList()
        table.LookupList.Lookup = []
    if table.FeatureList is None:
        table.FeatureList = otTables.FeatureList()
        table.FeatureList.FeatureRecord = []
    lookups = table.LookupList.Lookup
    start = len(lookups)
    first = dict(variants.before)
    last = {**variants.after, **{variants.before[old]: new for old, new in variants.both.items()}}
    order = font.getReverseGlyphMap()
    around = [*visible, *sorted({*variants.before.values()}, key=order.__getitem__)]
    lookups += (
        _edge(sorted(first, key=order.__getitem__), around, start + 2, before=True),
        _edge(sorted(last, key=order.__getitem__), around, start + 3, before=False),
        _exchange(first),
        _exchange(last),
    )
    table.LookupList.LookupCount = len(lookups)
    _enter_feature(table, FEATURE_BEFORE, start)
    _enter_feature(table, FEATURE_AFTER, start + 1)


def _empty_substitutions() -> Any:
    made = newTable("GSUB")
    made.table = otTables.GSUB()
    made.table.Version = 0x00010000
    made.table.ScriptList = otTables.ScriptList()
    record = otTables.ScriptRecord()
    record.ScriptTag, record.Script = "DFLT", otTables.Script()
    record.Script.LangSysRecord, record.Script.DefaultLangSys = [], otTables.DefaultLangSys()
    system = record.Script.DefaultLangSys
    system.LookupOrder, system.ReqFeatureIndex, system.FeatureIndex = None, 0xFFFF, []
    made.table.ScriptList.ScriptRecord = [record]
    made.table.FeatureList = made.table.LookupList = None
    return made


def _enter_feature(table: Any, tag: str, lookup: int) -> None:
    """Put a feature at the head of the list, where its capital letters belong, for every script."""
    record = otTables.FeatureRecord()
    record.FeatureTag, record.Feature = tag, otTables.Feature()
    record.Feature.FeatureParams = None
    record.Feature.LookupListIndex, record.Feature.LookupCount = [lookup], 1
    table.FeatureList.FeatureRecord.insert(0, record)
    table.FeatureList.FeatureCount = len(table.FeatureList.FeatureRecord)
    for system in language_systems(table):
        if system.ReqFeatureIndex != 0xFFFF:
            system.ReqFeatureIndex += 1
        system.FeatureIndex = [0, *(at + 1 for at in system.FeatureIndex)]
        system.FeatureCount = len(system.FeatureIndex)


def language_systems(table: Any) -> list[Any]:
    """Every language system of a GSUB or GPOS table, once."""
    found: dict[int, Any] = {}
    for record in table.ScriptList.ScriptRecord:
        systems = [record.Script.DefaultLangSys, *(each.LangSys for each in record.Script.LangSysRecord)]
        found.update((id(system), system) for system in systems if system is not None)
    return list(found.values())


def _edge(glyphs: list[str], around: list[str], exchange: int, *, before: bool) -> Any:
    """A contextual lookup that applies another one to the run's first (or last) glyph alone."""
    inner, edge = (_context(glyphs) for _ in range(2))
    side = [
        _coverage(around)
    ]  # with a glyph on that side nothing happens, and later subtables are passed over
    if before:
        inner.BacktrackCoverage, inner.BacktrackGlyphCount = side, 1
    else:
        inner.LookAheadCoverage, inner.LookAheadGlyphCount = side, 1
    applied = otTables.SubstLookupRecord()
    applied.SequenceIndex, applied.LookupListIndex = 0, exchange
    edge.SubstLookupRecord, edge.SubstCount = [applied], 1
    return _lookup(_CONTEXT, [inner, edge])


def _context(glyphs: list[str]) -> Any:
    made = otTables.ChainContextSubst()
    made.Format = 3
    made.BacktrackCoverage, made.LookAheadCoverage, made.SubstLookupRecord = [], [], []
    made.BacktrackGlyphCount = made.LookAheadGlyphCount = made.SubstCount = 0
    made.InputCoverage, made.InputGlyphCount = [_coverage(glyphs)], 1
    return made


def _coverage(glyphs: Iterable[str]) -> Any:
    made = otTables.Coverage()
    made.glyphs = list(glyphs)
    return made


def _exchange(mapping: Mapping[str, str]) -> Any:
    made = otTables.SingleSubst()
    made.mapping = dict(mapping)
    return _lookup(_SINGLE, [made])


def _lookup(kind: int, subtables: list[Any]) -> Any:
    made = otTables.Lookup()
    made.LookupType, made.LookupFlag = kind, 0
    made.SubTable, made.SubTableCount = subtables, len(subtables)
    for subtable in subtables:
        subtable.LookupType = kind
    return made
