"""White that belongs to glyphs, so that readers of the PDF take it neither for a space nor for a new line.

Two kinds of white round a character are not in its own advance: the eighth of an em between Han and Latin
(CLREQ, "Spacing between Han and Latin"), and the empty half that a squeezed mark gives up (CLREQ,
"Adjustment of punctuation marks"). As margins or letter space, text extractors take the first for a word
space from 0.1 em on ("3 月 16 日"), and break the line where two characters overlap by more. White inside a
glyph's own advance they never see. So glyphs get variants of the same outline, and features of our own put
them in:

- GAPB and GAPA: white before the first, or behind the last glyph of a run, if it is a Latin letter, figure or
  sign. Kerning holds for the variants as for the letters; ligatures, which are made first, have theirs too. A
  word that ends with a combining accent has no white behind it: the accent would move away from its letter.
- TRB1 to TRB4, TRA1 to TRA4, TRC1 and TRC2: a full-width mark with so many eighths of an em less before it,
  behind it, on either side.
- RAIS: a superscript, raised in its glyph: raised by the page, its line would be read as three.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
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

from issue_publisher.fonts.catalogue import is_chinese

FEATURE_BEFORE, FEATURE_AFTER, FEATURE_RAISED = "GAPB", "GAPA", "RAIS"
TRIM_STEP_EM = 0.125  # margins do the rest: less than half a step, which no reader minds
TRIM_STEPS = {"B": 4, "A": 4, "C": 2}  # a mark gives up half an em at most

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


def trims(char: str, advance_em: float) -> str:
    """Where a mark can give up white: of B, A and C (before, behind, on both sides); "" for what is no mark.

    `advance_em`: its own, as shaped; a proportional mark has no empty half.
    """
    if advance_em < 0.75 or not is_chinese(char):
        return ""
    return _TRIMS.get(unicodedata.category(char), "")


# Opening marks are empty before, closing ones behind; points and · also stand in the middle of their em.
_TRIMS = {"Ps": "B", "Pi": "B", "Pe": "A", "Pf": "A", "Po": "ABC"}


def trim_feature(side: str, steps: int) -> str:
    """The feature that takes so many eighths of an em from a mark; `side`: B, A or C, as in `trims`."""
    return f"TR{side}{steps}"


@dataclass(frozen=True, slots=True)
class Trim:
    """The feature that trims a mark, and what it takes away before and behind it."""

    feature: str
    before: float
    after: float


def trimmed(char: str, advance_em: float, before_em: float, after_em: float) -> Trim | None:
    """The trim of a mark that comes nearest to white of this width beside it (negative: it is squeezed).

    All in em. None when the mark has no such variant, or none that comes nearer than its whole self.
    """
    sides = trims(char, advance_em)
    wanted = {"A": -after_em, "B": -before_em, "C": min(-before_em, -after_em)}
    order = "CAB" if before_em < 0 and after_em < 0 else "AB"
    for side in order:
        steps = min(round(wanted[side] / TRIM_STEP_EM), TRIM_STEPS[side])
        if side in sides and steps > 0:
            less = steps * TRIM_STEP_EM
            return Trim(
                trim_feature(side, steps), less if side in "BC" else 0.0, less if side in "AC" else 0.0
            )
    return None


@dataclass(frozen=True)
class _Variants:
    """Latin glyph → its variant, by where the white stands."""

    before: Mapping[str, str]
    after: Mapping[str, str]
    both: Mapping[str, str]

    def fronts(self) -> dict[str, str]:
        """Variants that another glyph can follow, with what they were made of."""
        return {variant: glyph for glyph, variant in self.before.items()}

    def backs(self) -> dict[str, str]:
        """Variants that can follow another glyph."""
        return {variant: glyph for glyph, variant in self.after.items()}


def add_features(font: TTFont, gap: int, raised: Collection[str] = (), up: int = 0) -> None:
    """Add the variants and the features to a font.

    `gap`: white between Han and Latin, in font units; without it there are neither gaps nor trims. `raised`:
    characters that also stand `up` font units above the line. Nothing changes for text that does not ask for
    the features.
    """
    if not gap and not (up and raised):
        return
    drawing, visible = _Drawing(font), _visible(font)
    above = drawing.variants(_forms(font, raised), up=up) if up else {}
    letters = _letters(font) if gap else []
    letters += [above[glyph] for glyph in letters if glyph in above]
    beside = _Variants(
        drawing.variants(letters, before=gap),
        drawing.variants(letters, after=gap),
        drawing.variants(letters, before=gap, after=gap),
    )
    trimmed = _trimmed(font, drawing) if gap else {}
    drawing.finish()
    if "GPOS" in font:
        clones = {new: old for old, new in above.items()}
        _extend_positions(font, clones, clones)
        _extend_positions(font, beside.fronts(), beside.backs())
    _enter(font, {FEATURE_RAISED: above, **trimmed}, beside, [*visible, *above.values()])


def _trimmed(font: TTFont, drawing: _Drawing) -> dict[str, dict[str, str]]:
    """Variants of marks with less white, by the feature that puts them in."""
    marks, trimmed = _trimmed_marks(font), {}
    for side, most in TRIM_STEPS.items():
        glyphs = [glyph for glyph, allowed in marks.items() if side in allowed]
        for steps in range(1, most + 1):
            less = -round(steps * TRIM_STEP_EM * font["head"].unitsPerEm)
            before, after = less if side in "BC" else 0, less if side in "AC" else 0
            trimmed[trim_feature(side, steps)] = drawing.variants(glyphs, before=before, after=after)
    return trimmed


# --------------------------------------------------------------------------- which glyphs


def _letters(font: TTFont) -> list[str]:
    """Every glyph that can begin or end a Latin word, in the font's order."""
    accents = _accents(font)
    letters = (chr(code) for code in font.getBestCmap() or {} if takes_gap(chr(code)))
    return [glyph for glyph in _forms(font, letters) if glyph not in accents]


def _forms(font: TTFont, characters: Iterable[str]) -> list[str]:
    """Every glyph that ordinary shaping makes of these characters, in the font's order."""
    cmap = font.getBestCmap() or {}
    found = {cmap[ord(char)] for char in characters if ord(char) in cmap}
    if found and "GSUB" in font:
        _close(font["GSUB"].table, found)
    return [glyph for glyph in font.getGlyphOrder() if glyph in found]


def _trimmed_marks(font: TTFont) -> dict[str, str]:
    """Glyph of a full-width mark → where it can give up white."""
    em, metrics = font["head"].unitsPerEm, font["hmtx"].metrics
    found: dict[str, str] = {}
    for code in font.getBestCmap() or {}:
        if allowed := trims(chr(code), 1.0):
            forms = _forms(font, chr(code))
            found.update((form, allowed) for form in forms if metrics[form][0] >= 0.75 * em)
    return {glyph: found[glyph] for glyph in font.getGlyphOrder() if glyph in found}


def _accents(font: TTFont) -> set[str]:
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


class _Drawing:
    """Draws variants and enters them in the font's tables."""

    def __init__(self, font: TTFont) -> None:
        self._outlines = _CompactOutlines(font) if "CFF " in font else _QuadraticOutlines(font)
        self._metrics = font["hmtx"].metrics
        self._upright = font["vmtx"].metrics if "vmtx" in font else None
        self._kinds = font["GDEF"].table.GlyphClassDef if "GDEF" in font else None
        self.finish = self._outlines.finish

    def variants(
        self, glyphs: Iterable[str], *, before: int = 0, after: int = 0, up: int = 0
    ) -> dict[str, str]:
        """Variants with more white (or less) before and behind, or raised, in font units; old → new."""
        made: dict[str, str] = {}
        for glyph in glyphs:
            new = made[glyph] = self._outlines.name()
            advance, side = self._metrics[glyph]
            self._metrics[new] = (advance + before + after, side + before)
            if self._upright is not None:
                self._upright[new] = self._upright[glyph]
            if self._kinds is not None and glyph in self._kinds.classDefs:
                self._kinds.classDefs[new] = self._kinds.classDefs[glyph]
            self._outlines.add(glyph, new, (before, up), self._metrics[new][0])
        return made


class _QuadraticOutlines:
    """Glyphs of a TrueType font: each variant is the old glyph, moved."""

    def __init__(self, font: TTFont) -> None:
        self._font, self._table, self._order = font, font["glyf"], list(font.getGlyphOrder())

    def name(self) -> str:
        """A name that no glyph has."""
        return f"white{len(self._order)}"

    def add(self, glyph: str, new: str, moved: tuple[int, int], advance: int) -> None:
        """Enter one variant, moved to the right and upwards."""
        contours, left, bottom, right, top = _frame(self._table.glyphs[glyph])
        made = Glyph()
        if contours:
            part = GlyphComponent()
            part.glyphName, part.flags = glyph, 4  # ROUND_XY_TO_GRID
            across, up = part.x, part.y = moved
            made.numberOfContours, made.components = -1, [part]
            made.xMin, made.xMax = left + across, right + across
            made.yMin, made.yMax = bottom + up, top + up
        self._table.glyphs[new] = made
        self._order.append(new)

    def finish(self) -> None:
        """Tell the font of its new glyphs."""
        self._font.setGlyphOrder(self._order)
        self._table.setGlyphOrder(self._order)
        limits = self._font["maxp"]
        limits.maxComponentElements = max(limits.maxComponentElements, 1)
        limits.maxComponentDepth += 2  # a letter raised, with white
        limits.maxCompositePoints = max(limits.maxCompositePoints, limits.maxPoints)
        limits.maxCompositeContours = max(limits.maxCompositeContours, limits.maxContours)


def _frame(glyph: Glyph) -> tuple[int, int, int, int, int]:
    """How many contours a glyph has, and its box; of one as the font holds it only the head is read.

    OpenType, "glyf": the outline of a glyph that is asked for would be taken apart, and put together again.
    """
    if "data" in vars(glyph):
        contours, *box = _HEAD.unpack_from(glyph.data) if glyph.data else (0,) * 5
        return (contours, *box)
    if not glyph.numberOfContours:
        return 0, 0, 0, 0, 0
    return glyph.numberOfContours, glyph.xMin, glyph.yMin, glyph.xMax, glyph.yMax


_HEAD = struct.Struct(">5h")  # numberOfContours, xMin, yMin, xMax, yMax


class _CompactOutlines:
    """Glyphs of a CFF font: each variant is drawn anew."""

    def __init__(self, font: TTFont) -> None:
        self._font, self._order = font, list(font.getGlyphOrder())
        self._top = font["CFF "].cff[0]
        self._cid = hasattr(self._top, "ROS")

    def name(self) -> str:
        """A name that no glyph has; a CID-keyed font numbers its glyphs, a subset of ours in their order."""
        return f"cid{len(self._order):05d}" if self._cid else f"white{len(self._order)}"

    def add(self, glyph: str, new: str, moved: tuple[int, int], advance: int) -> None:
        """Enter one variant, moved to the right and upwards."""
        strings = self._top.CharStrings
        old, picked = strings.getItemAndSelector(glyph)
        private = self._top.FDArray[picked].Private if self._cid else self._top.Private
        width = None if advance == private.defaultWidthX else advance - private.nominalWidthX
        pen = T2CharStringPen(width, None)
        old.draw(TransformPen(pen, Offset(*moved)))
        made: T2CharString = pen.getCharString(private, self._top.GlobalSubrs, optimize=False)
        strings.charStringsIndex.append(made)
        strings.charStrings[new] = len(strings.charStringsIndex) - 1
        self._top.charset.append(new)
        if self._cid:
            self._top.FDSelect.append(picked)
        self._order.append(new)

    def finish(self) -> None:
        """Tell the font of its new glyphs."""
        if self._cid:
            self._top.CIDCount = len(self._order)
        self._font.setGlyphOrder(self._order)


# --------------------------------------------------------------------------- kerning


def _extend_positions(font: TTFont, fronts: Mapping[str, str], backs: Mapping[str, str]) -> None:
    """Let variants be kerned as what they were made of: variant → old glyph, before and behind another."""
    table, numbers = font["GPOS"].table, font.getReverseGlyphMap()
    for lookup in table.LookupList.Lookup if table.LookupList else ():
        for subtable in _subtables(lookup, _POSITION_EXTENSION):
            if subtable.LookupType == _PAIR and subtable.Format == 1:
                _extend_pairs(subtable, fronts, backs, numbers)
            elif subtable.LookupType == _PAIR:
                _extend_classes(subtable, fronts, backs)


def unkern(font: TTFont, glyph: str) -> None:
    """Take a glyph out of all kerning: a space is as wide beside one letter as beside another.

    Words are measured each for itself, and a space is no part of either.
    """
    table = font["GPOS"].table if "GPOS" in font else None
    for lookup in table.LookupList.Lookup if table and table.LookupList else ():
        for subtable in _subtables(lookup, _POSITION_EXTENSION):
            if subtable.LookupType != _PAIR:
                continue
            firsts = subtable.Coverage.glyphs
            at = firsts.index(glyph) if glyph in firsts and len(firsts) > 1 else None
            if at is not None:
                del firsts[at]
            if subtable.Format == 1:
                if at is not None:
                    del subtable.PairSet[at]
                    subtable.PairSetCount = len(subtable.PairSet)
                for pairs in subtable.PairSet:
                    pairs.PairValueRecord = [r for r in pairs.PairValueRecord if r.SecondGlyph != glyph]
                    pairs.PairValueCount = len(pairs.PairValueRecord)
            else:
                subtable.ClassDef1.classDefs.pop(glyph, None)
                subtable.ClassDef2.classDefs.pop(glyph, None)


def _extend_pairs(
    subtable: Any, fronts: Mapping[str, str], backs: Mapping[str, str], numbers: Mapping[str, int]
) -> None:
    behind = {old: new for new, old in backs.items()}
    for pairs in {id(pairs): pairs for pairs in subtable.PairSet}.values():  # variants share theirs
        for record in tuple(pairs.PairValueRecord):
            if new := behind.get(record.SecondGlyph):
                copy = otTables.PairValueRecord()
                copy.SecondGlyph = new
                for name in ("Value1", "Value2"):
                    setattr(copy, name, getattr(record, name, None))
                pairs.PairValueRecord.append(copy)
        pairs.PairValueRecord.sort(key=lambda record: numbers[record.SecondGlyph])
        pairs.PairValueCount = len(pairs.PairValueRecord)
    # New glyphs stand behind all old ones, each group in the order of the old: coverage stays sorted.
    known = dict(zip(subtable.Coverage.glyphs, subtable.PairSet, strict=True))
    for new, old in fronts.items():
        if old in known:
            subtable.Coverage.glyphs.append(new)
            subtable.PairSet.append(known[old])
    subtable.PairSetCount = len(subtable.PairSet)


def _extend_classes(subtable: Any, fronts: Mapping[str, str], backs: Mapping[str, str]) -> None:
    known = set(subtable.Coverage.glyphs)
    firsts, seconds = subtable.ClassDef1.classDefs, subtable.ClassDef2.classDefs
    for new, old in fronts.items():
        if old in known:
            subtable.Coverage.glyphs.append(new)
            if old in firsts:
                firsts[new] = firsts[old]
    for new, old in backs.items():
        if old in seconds:
            seconds[new] = seconds[old]


# --------------------------------------------------------------------------- features


def _enter(
    font: TTFont, exchanges: Mapping[str, Mapping[str, str]], beside: _Variants, visible: list[str]
) -> None:
    """All features, behind all lookups there are, so that ligatures and local forms come first.

    `exchanges`: feature → old glyph → new. `beside`: the variants for a run's edges, which come last.
    """
    exchanges = {tag: mapping for tag, mapping in exchanges.items() if mapping}
    if not exchanges and not beside.before:
        return
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
    features = {}
    for tag, mapping in exchanges.items():
        features[tag] = len(lookups)
        lookups.append(_exchange(mapping))
    if beside.before:
        features.update({FEATURE_BEFORE: len(lookups), FEATURE_AFTER: len(lookups) + 1})
        lookups += _edge_lookups(beside, visible, len(lookups), font.getReverseGlyphMap())
    table.LookupList.LookupCount = len(lookups)
    _complete_scripts(table)
    for tag in sorted(features, reverse=True):
        _enter_feature(table, tag, features[tag])


def _edge_lookups(
    variants: _Variants, visible: list[str], start: int, order: Mapping[str, int]
) -> tuple[Any, ...]:
    first = dict(variants.before)
    last = {**variants.after, **{variants.before[old]: new for old, new in variants.both.items()}}
    around = [*visible, *variants.before.values()]
    return (
        _edge(sorted(first, key=order.__getitem__), around, start + 2, before=True),
        _edge(sorted(last, key=order.__getitem__), around, start + 3, before=False),
        _exchange(first),
        _exchange(last),
    )


def _empty_substitutions() -> Any:
    made = newTable("GSUB")
    made.table = otTables.GSUB()
    made.table.Version = 0x00010000
    made.table.ScriptList = otTables.ScriptList()
    made.table.ScriptList.ScriptRecord = []
    made.table.FeatureList = made.table.LookupList = None
    return made


def _complete_scripts(table: Any) -> None:
    """Give every script a language system, and the font a default script: a subset may have lost them."""
    records = table.ScriptList.ScriptRecord
    if all(record.ScriptTag != "DFLT" for record in records):
        record = otTables.ScriptRecord()
        record.ScriptTag, record.Script = "DFLT", otTables.Script()
        record.Script.DefaultLangSys, record.Script.LangSysRecord, record.Script.LangSysCount = None, [], 0
        records.insert(0, record)
        records.sort(key=lambda record: str(record.ScriptTag))
        table.ScriptList.ScriptCount = len(records)
    for record in records:
        if record.Script.DefaultLangSys is None:
            system = record.Script.DefaultLangSys = otTables.DefaultLangSys()
            system.LookupOrder, system.ReqFeatureIndex = None, 0xFFFF
            system.FeatureIndex, system.FeatureCount = [], 0


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
