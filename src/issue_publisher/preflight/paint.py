"""Checks of what is painted on a page: colours, type, lines, pictures, transparency."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from issue_publisher.preflight.colour import PROCESS, REGISTRATION, Colour
from issue_publisher.preflight.content import PageContent
from issue_publisher.preflight.finding import Finding, Severity
from issue_publisher.preflight.marks import Box, Kind, Mark
from issue_publisher.preflight.profile import Profile
from issue_publisher.preflight.sheet import Sheet

_THERE = 10.0  # percent of an ink that counts where light type stands on it
_LIGHTER = 0.3  # by how much type must be lighter than its ground to be called reversed
_DARK = 0.35  # how dark that ground must be
_BLACK = 85.0  # percent of black from which type is black (GWG2015, rich black)
_FULL_BLACK = 99.5
_NEUTRAL = 60.0  # percent of each of C, M, Y that together are black type without black ink
_TINY_PX = 16  # pictures that are no larger are no pictures (GWG2015)
_ROUND_PT = 0.05  # GWG2015 rounds type to a tenth of a point
_ROUND_LINE_PT = 0.0005
_CELL_PT = 36.0
_MANY_CELLS = 256
_MOST_LOOKED_AT = 3_000  # marks beneath another one
_NOTE_CHARACTERS = 8  # of a superscript or a reading (注音) at most
_NOTE_REACH = 0.7  # em of its own that it stands away from the type it belongs to, at most


def paint_findings(sheet: Sheet, content: PageContent, profile: Profile) -> Iterator[Finding]:
    """All that is wrong with what a page paints."""
    marks = [one for one in content.marks if one.box.common(sheet.bleed)]
    ground = _Ground(marks)
    for at, mark in enumerate(marks):
        yield from _colour(sheet, mark, profile)
        yield from _transparent(sheet, mark, profile)
        if mark.kind is Kind.TEXT:
            yield from _type(sheet, mark, ground, at, profile)
        elif mark.kind is Kind.PICTURE:
            yield from _picture(sheet, mark, profile)
        else:
            yield from _line(sheet, mark, profile)
        yield from _overprint(sheet, mark, profile)
    yield from _group(sheet, content, profile)
    if not any(not one.colour.is_paper for one in marks):
        hint = "a page with something on it, or none"
        yield sheet.finding(Severity.ERROR, "empty page", "nothing is printed on the page", hint)
    if content.broken:
        message = "content that cannot be read: damaged, or too large when unpacked (a PDF bomb?)"
        yield sheet.finding(Severity.ERROR, "file", message, "ask for the file again")
    if content.postscript and profile.is_for_press:
        yield sheet.finding(Severity.ERROR, "postscript", "a PostScript object", "the same as PDF content")


class _Ground:
    """What lies beneath a mark: the last area, picture or shading before it that covers its centre.

    Lines and other type are no ground; paper without ink is one, since it hides what is below it.
    """

    def __init__(self, marks: Sequence[Mark]) -> None:
        grounds = (Kind.FILL, Kind.PICTURE, Kind.SHADING)
        self._marks = marks
        self._grounds = _Grid(at for at, one in enumerate(marks) if one.kind in grounds and one.line_pt != 0)
        self._type = _Grid(at for at, one in enumerate(marks) if one.kind is Kind.TEXT)
        self._grounds.fill(marks)
        self._type.fill(marks)

    def beneath(self, at: int) -> Mark | None:
        """None for bare paper."""
        point = self._marks[at].box.centre
        for below in islice(reversed(self._grounds.at(point)), _MOST_LOOKED_AT):
            mark = self._marks[below]
            if below < at and mark.covers(point) and not (mark.overprint and mark.colour.is_paper):
                return None if mark.colour.is_paper else mark
        return None

    def is_note(self, mark: Mark, size_pt: float) -> bool:
        """Whether small type is a superscript or a reading: short, and close to type of this size."""
        if len(mark.codes) > _NOTE_CHARACTERS:
            return False
        reach, box = _NOTE_REACH * mark.size_pt, mark.box
        grown = Box(box.x0 - reach, box.y0 - reach, box.x1 + reach, box.y1 + reach)
        corners = ((grown.x0, grown.y0), (grown.x1, grown.y0), (grown.x0, grown.y1), (grown.x1, grown.y1))
        near = {at for corner in corners for at in self._type.at(corner)[:_MOST_LOOKED_AT]}
        return any(self._marks[at].size_pt >= size_pt and self._marks[at].box.common(grown) for at in near)


class _Grid:
    """Marks by the squares of the page that they touch, in the order in which they are painted."""

    def __init__(self, chosen: Iterable[int]) -> None:
        self._chosen = chosen
        self._cells: dict[tuple[int, int], list[int]] = {}
        self._wide: list[int] = []  # what touches many squares

    def fill(self, marks: Sequence[Mark]) -> None:
        for at in self._chosen:
            box = marks[at].box
            xs = range(_cell(box.x0), _cell(box.x1) + 1)
            ys = range(_cell(box.y0), _cell(box.y1) + 1)
            if len(xs) * len(ys) > _MANY_CELLS:
                self._wide.append(at)
                continue
            for x in xs:
                for y in ys:
                    self._cells.setdefault((x, y), []).append(at)

    def at(self, point: tuple[float, float]) -> list[int]:
        """What may lie at a point."""
        return sorted([*self._cells.get((_cell(point[0]), _cell(point[1])), ()), *self._wide])


def _cell(place: float) -> int:
    return int(max(-1e6, min(1e6, place)) // _CELL_PT)


# --------------------------------------------------------------------------- colour


def _colour(sheet: Sheet, mark: Mark, profile: Profile) -> Iterator[Finding]:
    space = mark.colour.space
    true = space.true
    if not profile.spaces or not true.kind or true.kind == "unknown":
        return
    if true.kind not in profile.spaces and true.kind != "Pattern":
        what = "RGB" if space.is_rgb else true.said
        message = f"{mark.kind} in {what} ({space.said})" if what != space.said else f"{mark.kind} in {what}"
        hint = "colours of the press: CMYK, or black alone"
        yield sheet.finding(
            Severity.ERROR, "colour space", message, hint, at=mark.box, value=space.said,
            limit=", ".join(profile.spaces),
        )  # fmt: skip
    elif true.base and true.kind in ("Separation", "DeviceN") and true.base.is_rgb:
        message = f"{true.said} is told in RGB for presses without it"
        hint = "a spot colour whose alternate is CMYK"
        yield sheet.finding(Severity.ERROR, "colour space", message, hint, at=mark.box, value=true.base.said)
    yield from _spots(sheet, mark, profile)


def _spots(sheet: Sheet, mark: Mark, profile: Profile) -> Iterator[Finding]:
    for ink in mark.colour.space.true.inks:
        if ink == REGISTRATION and mark.box.common(sheet.trim):
            message = f"{mark.kind} in registration colour: ink on every plate"
            yield sheet.finding(Severity.ERROR, "spot colour", message, "black alone", at=mark.box, value=ink)
        elif profile.spots is not None and ink not in (*PROCESS, *profile.spots, REGISTRATION, "None"):
            known = ", ".join(profile.spots) or "none"
            hint = f"the press knows {known}; else C, M, Y and K"
            yield sheet.finding(
                Severity.ERROR,
                "spot colour",
                f"the spot colour {ink}",
                hint,
                at=mark.box,
                value=ink,
                limit=known,
            )


def _transparent(sheet: Sheet, mark: Mark, profile: Profile) -> Iterator[Finding]:
    if mark.transparency and not profile.transparency:
        message = f"a transparent {mark.kind}: {mark.transparency}"
        hint = "flattened before it goes to the press"
        yield sheet.finding(
            Severity.ERROR, "transparency", message, hint, at=mark.box, value=mark.transparency
        )


def _group(sheet: Sheet, content: PageContent, profile: Profile) -> Iterator[Finding]:
    """GWG: what is blended is blended in CMYK."""
    for space in content.group_spaces:
        if profile.spaces and space.kind not in ("DeviceCMYK", "DeviceGray"):
            message = f"transparency is blended in {space.said}"
            yield sheet.finding(Severity.ERROR, "transparency", message, "DeviceCMYK", value=space.said)


def _overprint(sheet: Sheet, mark: Mark, profile: Profile) -> Iterator[Finding]:
    if not profile.is_for_press or not mark.overprint:
        return
    if mark.colour.is_paper and mark.kind is not Kind.PICTURE:
        # With the mode 0 of CMYK, or of grey, white that overprints still knocks out black.
        if mark.colour.space.true.kind == "DeviceCMYK" and mark.overprint_mode == 0:
            return
        severity = Severity.ERROR if mark.kind is Kind.TEXT else Severity.WARNING
        message = f"white {mark.kind} overprints: it disappears"
        yield sheet.finding(severity, "white overprint", message, "white that knocks out", at=mark.box)
    elif mark.colour.space.kind == "DeviceGray" and mark.kind is not Kind.PICTURE:
        message = f"{mark.kind} in DeviceGray is set to overprint, which presses take differently"
        hint = "DeviceCMYK 0 0 0 1 with overprint mode 1"
        yield sheet.finding(Severity.WARNING, "grey overprint", message, hint, at=mark.box)


# --------------------------------------------------------------------------- type


def _type(sheet: Sheet, mark: Mark, ground: _Ground, at: int, profile: Profile) -> Iterator[Finding]:
    if not mark.text.strip() and mark.font is not None and mark.font.text is not None:
        return  # white space has no size
    if mark.font is not None and mark.font.wide and 0 in mark.codes:
        hint = "a font that has the character"
        yield sheet.finding(
            Severity.ERROR, "font", "a character without a glyph (.notdef)", hint, at=mark.box
        )
    beneath = ground.beneath(at)
    yield from _black(sheet, mark, profile)
    yield from _small(sheet, mark, ground, profile)
    yield from _reversed(sheet, mark, beneath, profile)
    yield from _knocks_out(sheet, mark, beneath, profile)


def _small(sheet: Sheet, mark: Mark, ground: _Ground, profile: Profile) -> Iterator[Finding]:
    size, limit = round(mark.size_pt, 1), profile.type_pt or 0.0
    if mark.size_pt < limit - _ROUND_PT and profile.note_pt and _is_pure_black(mark.colour):
        limit = profile.note_pt if ground.is_note(mark, limit - _ROUND_PT) else limit
    if 0 < mark.size_pt < limit - _ROUND_PT and not mark.colour.is_paper:
        yield sheet.finding(
            Severity.ERROR, "type size", f"type of {size:g} pt", f"at least {limit:g} pt", at=mark.box,
            value=f"{size:g} pt", limit=f"{limit:g} pt",
        )  # fmt: skip
    several = profile.several_inks_pt
    if several and len(mark.colour.inks) > 1 and mark.size_pt < several - _ROUND_PT:
        yield sheet.finding(
            Severity.WARNING, "several inks", f"type of {size:g} pt in {_inks(mark.colour)}",
            f"at least {several:g} pt, or one ink", at=mark.box,
            value=f"{size:g} pt", limit=f"{several:g} pt",
        )  # fmt: skip


def _knocks_out(sheet: Sheet, mark: Mark, ground: Mark | None, profile: Profile) -> Iterator[Finding]:
    """Small black type on colour that it does not print over."""
    below = profile.overprint_below_pt
    if not below or mark.size_pt >= below or mark.overprint or not _is_pure_black(mark.colour):
        return
    if ground is None:
        return
    if set(ground.colour.inks) - {"Black"} or (not ground.colour.is_known and _several(ground.colour)):
        hint = "overprint (op true, OPM 1): else white shows where the plates are not quite in register"
        message = f"black type of {round(mark.size_pt, 1):g} pt knocks out the colour beneath it"
        yield sheet.finding(Severity.WARNING, "black overprint", message, hint, at=mark.box)


def _is_pure_black(colour: Colour) -> bool:
    inks = colour.inks
    return set(inks) == {"Black"} and inks["Black"] >= _FULL_BLACK


def _black(sheet: Sheet, mark: Mark, profile: Profile) -> Iterator[Finding]:
    if not profile.is_for_press:
        return
    inks = mark.colour.inks
    others = [one for one in PROCESS[:3] if inks.get(one)]
    neutral = all(inks.get(one, 0) >= _NEUTRAL for one in PROCESS[:3])
    if others and (inks.get("Black", 0) >= _BLACK or neutral):
        total = f"{mark.colour.total:.0f} %"
        message = f"black type in {len(inks)} inks ({_inks(mark.colour)})"
        yield sheet.finding(
            Severity.ERROR, "black type", message, "black type in black ink alone, 0 0 0 100", at=mark.box,
            value=total, limit="100 % K",
        )  # fmt: skip


def _reversed(sheet: Sheet, mark: Mark, ground: Mark | None, profile: Profile) -> Iterator[Finding]:
    """Light type on a dark ground: ink runs into its strokes."""
    if ground is None or not profile.reversed_pt or not profile.reversed_inks_pt:
        return
    known = ground.colour.is_known
    if known and (ground.colour.darkness < _DARK or mark.colour.darkness > ground.colour.darkness - _LIGHTER):
        return
    if not known and mark.colour.darkness > _LIGHTER:  # a picture: only light type can be reversed on it
        return
    several = _several(ground.colour)
    limit = profile.reversed_inks_pt if several else profile.reversed_pt
    if mark.size_pt >= limit - _ROUND_PT or not mark.size_pt:
        return
    size = round(mark.size_pt, 1)
    what = "white" if mark.colour.is_paper else "light"
    on = f"{'an' if ground.kind is Kind.FILL else 'a'} {ground.kind}" if not known else _inks(ground.colour)
    message = f"{what} type of {size:g} pt on {on}"
    hint = f"at least {limit:g} pt on {'several inks' if several else 'one ink'}"
    yield sheet.finding(
        Severity.ERROR, "reversed type", message, hint, at=mark.box,
        value=f"{size:g} pt", limit=f"{limit:g} pt",
    )  # fmt: skip


def _several(colour: Colour) -> bool:
    """Whether a ground has more than one ink; of a picture or shading, whether its space has."""
    if colour.is_known:
        return sum(share >= _THERE for share in colour.inks.values()) > 1
    return colour.space.true.parts != 1


def _inks(colour: Colour) -> str:
    """95 % M, 85 % Y."""
    short = dict(zip(PROCESS, "CMYK", strict=True))
    return ", ".join(f"{share:.0f} % {short.get(ink, ink)}" for ink, share in colour.inks.items()) or "no ink"


# --------------------------------------------------------------------------- lines and pictures


def _line(sheet: Sheet, mark: Mark, profile: Profile) -> Iterator[Finding]:
    width, limit = mark.line_pt, profile.line_pt
    if limit is None or width is None or width >= limit - _ROUND_LINE_PT:
        return
    if mark.kind is Kind.FILL and width == 0:
        return  # an area without area paints a pixel at most; programs leave such behind
    said = f"{width:.3g} pt" if width else "no width, one pixel of the plate"
    yield sheet.finding(
        Severity.ERROR, "hairline", f"a line of {said}", f"at least {limit:g} pt", at=mark.box,
        value=f"{width:.3g} pt", limit=f"{limit:g} pt",
    )  # fmt: skip


def _picture(sheet: Sheet, mark: Mark, profile: Profile) -> Iterator[Finding]:
    picture = mark.picture
    if picture is None or max(picture.width, picture.height) <= _TINY_PX:
        return
    what = "a picture"
    limits = ((Severity.ERROR, profile.ppi_error), (Severity.WARNING, profile.ppi_warning))
    if picture.bits == 1:
        what, limits = "line art", ((Severity.ERROR, profile.line_art_ppi), (Severity.WARNING, None))
    ppi = round(picture.ppi)
    for severity, limit in limits:
        if limit and ppi < limit:
            least = limits[-1][1]
            hint = f"at least {limit:g} ppi" + (f", better {least:g}" if least and least > limit else "")
            message = f"{what} of {ppi} ppi ({picture.width} × {picture.height} pixels)"
            yield sheet.finding(
                severity, "resolution", message, hint, at=mark.box,
                value=f"{ppi} ppi", limit=f"{limit:g} ppi",
            )  # fmt: skip
            return
