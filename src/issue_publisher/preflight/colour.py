"""Colours of a PDF: which space they are told in, and which inks they lay on the paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from issue_publisher.preflight.objects import Node

PROCESS = ("Cyan", "Magenta", "Yellow", "Black")
REGISTRATION = "All"
LEAST_INK = 0.5  # percent; less is rounding
_MOST_BASES = 8
_SHORT = {"G": "DeviceGray", "RGB": "DeviceRGB", "CMYK": "DeviceCMYK", "I": "Indexed"}  # of inline pictures
_DEVICE = {"DeviceGray": 1, "DeviceRGB": 3, "DeviceCMYK": 4}
_CALIBRATED = {"CalGray": 1, "CalRGB": 3, "Lab": 3}
# How dark an ink is on paper; any other is taken for a middling one.
_DARKNESS = {"Cyan": 0.35, "Magenta": 0.6, "Yellow": 0.1, "Black": 1.0, REGISTRATION: 1.0}
_OTHER_INK = 0.6


@dataclass(frozen=True, slots=True)
class Space:
    """A colour space: what it is, of how many parts, and for the special ones their inks and base."""

    kind: str
    parts: int
    inks: tuple[str, ...] = ()  # of Separation and DeviceN
    base: Space | None = None  # alternate of those, base of Indexed, space of an uncoloured Pattern
    table: bytes = b""  # of Indexed

    @property
    def said(self) -> str:
        """As the desk reads it: ICCBased RGB, Indexed DeviceRGB, Separation PANTONE 185 C."""
        if self.kind == "ICCBased":
            return f"ICCBased {_of_parts(self.parts)}"
        if self.kind == "Indexed" and self.base:
            return f"Indexed {self.base.said}"
        return f"{self.kind} {'+'.join(self.inks)}" if self.inks else self.kind

    @property
    def true(self) -> Space:
        """Below an index, the space that its colours are told in."""
        return self.base if self.kind in ("Indexed", "Pattern") and self.base else self

    @property
    def is_rgb(self) -> bool:
        """Colours of light, not of ink."""
        true = self.true
        return true.kind in ("DeviceRGB", "CalRGB", "Lab") or (true.kind == "ICCBased" and true.parts == 3)

    @property
    def initial(self) -> tuple[float, ...]:
        if self.kind in ("DeviceCMYK",) or (self.kind == "ICCBased" and self.parts == 4):
            return (0.0, 0.0, 0.0, 1.0)
        return (1.0 if self.inks else 0.0,) * self.parts


def _of_parts(parts: int) -> str:
    return {1: "grey", 3: "RGB", 4: "CMYK"}.get(parts, f"of {parts} parts")


GREY, RGB, CMYK = Space("DeviceGray", 1), Space("DeviceRGB", 3), Space("DeviceCMYK", 4)
UNKNOWN = Space("unknown", 0)


@dataclass(frozen=True)
class Colour:
    """A colour as it is painted; of a pattern or a shading only its space may be known."""

    space: Space
    values: tuple[float, ...] = ()
    pattern: bool = False

    @cached_property
    def inks(self) -> Mapping[str, float]:
        """Each ink with its percent, without those that are not there; empty where that is not known."""
        return inks_of(self.space, self.values) if not self.pattern else {}

    @property
    def is_known(self) -> bool:
        """Whether `inks` is all there is to it."""
        return not self.pattern and bool(self.values) and not self.space.is_rgb

    @property
    def is_paper(self) -> bool:
        """No ink at all (白)."""
        if self.pattern or not self.values:
            return False
        return min(self.values) >= 1 if self.space.is_rgb else not self.inks

    @property
    def total(self) -> float:
        """Percent of all inks together; registration colour lies on each of the four plates."""
        return sum(share * (4 if ink == REGISTRATION else 1) for ink, share in self.inks.items())

    @property
    def darkness(self) -> float:
        """0 for paper, 1 for black, about as the eye has it."""
        if self.space.is_rgb and len(self.values) == 3:
            weights = (100, 0, 0) if self.space.true.kind == "Lab" else (0.3, 0.59, 0.11)
            light = sum(w * v for w, v in zip(weights, self.values, strict=True))
            return 1 - (light / 10_000 if self.space.true.kind == "Lab" else light)
        return min(1.0, sum(_DARKNESS.get(ink, _OTHER_INK) * share / 100 for ink, share in self.inks.items()))


def inks_of(space: Space, values: tuple[float, ...]) -> Mapping[str, float]:
    """Each ink of a colour with its percent."""
    if space.kind == "Indexed" and space.base and values:
        base, at = space.base, int(values[0]) * space.base.parts
        entry = space.table[at : at + base.parts]
        return inks_of(base, tuple(one / 255 for one in entry)) if len(entry) == base.parts else {}
    if space.inks:
        pairs = zip(space.inks, values, strict=False)
    elif space.parts == 4:
        pairs = zip(PROCESS, values, strict=False)
    elif space.parts == 1 and values and space.kind != "Pattern":
        pairs = zip(("Black",), (1 - values[0],), strict=True)
    else:
        return {}
    found: dict[str, float] = {}
    for ink, share in pairs:
        percent = 100 * min(1.0, max(0.0, share))
        if ink != "None" and percent >= LEAST_INK:
            found[ink] = found.get(ink, 0) + percent
    return found


def space_of(node: Node | str | None, spaces: Node | None, depth: int = 0) -> Space:
    """A colour space as an object or a name, which the resources' `spaces` may explain."""
    if node is None or depth > _MOST_BASES:
        return UNKNOWN
    name = node.lstrip("/") if isinstance(node, str) else node.name
    if name:
        if name == "Pattern":
            return Space("Pattern", 0)
        found = spaces.get(f"/{name}") if spaces and name not in _DEVICE else None
        if found is not None:
            return space_of(found, spaces, depth + 1)
        device = _SHORT.get(name, name)  # after the resources: a space of theirs may be called I
        return Space(device, _DEVICE[device]) if device in _DEVICE else UNKNOWN
    parts = node.array if isinstance(node, Node) else ()
    return _from_array(parts, spaces, depth) if parts else UNKNOWN


def _from_array(parts: tuple[Node, ...], spaces: Node | None, depth: int) -> Space:
    kind = _SHORT.get(parts[0].name, parts[0].name)
    if kind in _DEVICE:
        return Space(kind, _DEVICE[kind])
    if kind in _CALIBRATED:
        return Space(kind, _CALIBRATED[kind])
    second = parts[1] if len(parts) > 1 else None
    base = space_of(
        parts[2] if kind in ("Separation", "DeviceN") and len(parts) > 2 else second, spaces, depth + 1
    )
    if kind == "ICCBased":
        count = second.get("/N") if second else None
        return Space(kind, int(count.number or 0) if count else 0)
    if kind == "Separation" and second:
        return Space(kind, 1, (second.name,), base)
    if kind == "DeviceN" and second:
        inks = tuple(one.name for one in second.array)
        return Space(kind, len(inks), inks, base)
    if kind == "Indexed":
        table = parts[3] if len(parts) > 3 else None
        data = (table.data() if table.is_stream else table.string) if table else b""
        return Space(kind, 1, (), base, data or b"")
    if kind == "Pattern":
        return Space(kind, 0, (), base if second else None)
    return UNKNOWN
