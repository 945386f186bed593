"""Screen colours → press colours. All that the project knows of colour management (littleCMS) is here.

- An ink of the layout comes back exactly as the layout mixes it, or as its spot colour.
- Near-neutral colours of drawings become black alone: four inks under a hairline never meet.
- All else goes through the profile of press and paper, by the layout's intent.
- Nothing lays on more ink than the layout allows: cyan, magenta and yellow give way evenly, black stays.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from io import BytesIO

from PIL import Image, ImageChops, ImageCms, ImageMath

from issue_publisher.layout.model import Intent, Layout, Press

Rgb = tuple[int, int, int]  # 0–255

_INTENTS = {
    Intent.RELATIVE: ImageCms.Intent.RELATIVE_COLORIMETRIC,
    Intent.PERCEPTUAL: ImageCms.Intent.PERCEPTUAL,
}
_TONES = 255
_SCUM = 0.02  # less of an ink than this prints as dirt or not at all
_SOLID = 0.9  # more black than this in a drawing is meant as black: screened, its lettering had ragged edges
_DARK = 0.25  # below this lightness a colour may be twice as far from neutral
_GREY_TONES = 8  # channels of a photograph that differ by no more are one grey
_LUMA = (0.2126, 0.7152, 0.0722)  # ITU-R BT.709


@dataclass(frozen=True, slots=True)
class PressInk:
    """A colour as the press lays it on, each ink 0–1; or a spot colour, solid, that these four stand for."""

    cyan: float
    magenta: float
    yellow: float
    black: float
    spot: str | None = None

    @property
    def total(self) -> float:
        """All inks together."""
        return 1.0 if self.spot else self.cyan + self.magenta + self.yellow + self.black

    @property
    def is_one_ink(self) -> bool:
        """Whether a single plate has any of it."""
        inks = (self.cyan, self.magenta, self.yellow, self.black)
        return self.spot is not None or sum(part > 0 for part in inks) == 1

    @property
    def is_black_alone(self) -> bool:
        """Whether only the black plate has any of it."""
        return self.spot is None and not (self.cyan or self.magenta or self.yellow) and self.black > 0


def profile_opens(profile: bytes) -> bool:
    """Whether the colour engine can print by a profile."""
    try:
        for intent in Intent:
            _to_press(profile, intent, black_point=True)
        _to_lab(profile)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return False
    return True


@dataclass(frozen=True)
class PressColours:
    """The way of every colour of an issue onto one press."""

    profile: bytes = field(repr=False)
    layout: Layout
    _found: dict[tuple[Rgb, bool], PressInk] = field(default_factory=dict, init=False, repr=False)

    @property
    def press(self) -> Press:
        """The limits of the press."""
        return self.layout.press

    # ------------------------------------------------------------------ single colours

    def of(self, rgb: Rgb, *, grey: bool = False) -> PressInk:
        """The inks of a screen colour; on a `grey` page black alone."""
        if (rgb, grey) not in self._found:
            self._found[rgb, grey] = self._black(rgb) if grey else self._ink(rgb)
        return self._found[rgb, grey]

    def _ink(self, rgb: Rgb) -> PressInk:
        if (ink := self._by_rgb.get(rgb)) is not None:
            return ink
        if self._is_neutral(rgb):
            return self._black(rgb)
        (pixel,) = _pixels(_through(self._transform, Image.new("RGB", (1, 1), rgb)))
        cyan, magenta, yellow, black = (_clean(part / _TONES) for part in pixel)
        return within(PressInk(cyan, magenta, yellow, black), self.press.ink_percent / 100)

    def _black(self, rgb: Rgb) -> PressInk:
        """Black alone for a tone; an ink that is so anyway keeps its percentage."""
        ink = self._by_rgb.get(rgb)
        if ink is not None and (ink.is_black_alone or ink.total == 0):
            return ink
        tone = round(sum(part * weight for part, weight in zip(rgb, _LUMA, strict=True)))
        black = _clean(self._black_of_tone[tone] / _TONES)
        return PressInk(0.0, 0.0, 0.0, black if black < _SOLID else 1.0)

    def _is_neutral(self, rgb: Rgb) -> bool:
        spread = (max(rgb) - min(rgb)) / _TONES
        allowed = self.press.neutral_percent / 100
        return spread <= allowed * (2 if max(rgb) < _DARK * _TONES else 1)

    @cached_property
    def _transform(self) -> ImageCms.ImageCmsTransform:
        return _to_press(self.profile, self.press.intent, black_point=self.press.black_point)

    @cached_property
    def _by_rgb(self) -> dict[Rgb, PressInk]:
        """The layout's inks, by what a screen shows of them."""
        return {
            rgb: _as_mixed(self.layout.inks[name], self.press.spots.get(name))
            for name, rgb in self.layout.screen_inks.items()
        }

    @cached_property
    def _black_of_tone(self) -> tuple[int, ...]:
        """How much black (0–255) prints each tone of a screen's grey.

        From white paper to solid black the lightness is that of the tone: the profile says what each
        percentage of black looks like, and so the press's dot gain is in it.
        """
        ramp = Image.frombytes("CMYK", (256, 1), b"".join(bytes((0, 0, 0, black)) for black in range(256)))
        light = [_luminance(pixel[0]) for pixel in _pixels(_through(_to_lab(self.profile), ramp))]
        dark = [-tone for tone in _falling(light)]
        darkest = light[-1]
        black_point = self.press.black_point
        wanted = (darkest + (1 - darkest) * tone if black_point else max(tone, darkest) for tone in _LINEAR)
        return tuple(min(bisect_left(dark, -tone), _TONES) for tone in wanted)

    # ------------------------------------------------------------------ pictures

    def plates(self, image: Image.Image, *, grey: bool, drawn: bool) -> Image.Image:
        """A picture in sRGB or grey for the press: CMYK within the limit of ink, or grey for black alone.

        `drawn`: its near-neutral colours are black alone, as those of drawings are.
        """
        if image.mode == "CMYK":
            return limited(image, self.most_tones)
        if grey or image.mode == "L" or _brightest(_differ(image)) <= _GREY_TONES:
            return self._in_black(image)
        plates = limited(_through(self._transform, image), self.most_tones)
        if drawn:
            neutral = _differ(image).point(
                lambda tones: 255 if tones <= self.press.neutral_percent * 2.55 else 0
            )
            nothing = Image.new("L", image.size, 0)
            black = Image.merge("CMYK", (nothing,) * 3 + (ImageChops.invert(self._in_black(image)),))
            plates = Image.composite(black, plates, neutral)
        return plates

    @property
    def most_tones(self) -> float:
        """The limit of all inks together, 255 for each that is solid."""
        return self.press.ink_percent * _TONES / 100

    def _in_black(self, image: Image.Image) -> Image.Image:
        """Grey tones for the black plate: white is no ink."""
        tones = image if image.mode == "L" else image.convert("L", (*_LUMA, 0))
        return tones.point([_TONES - black for black in self._black_of_tone])


def within(ink: PressInk, most: float) -> PressInk:
    """An ink with no more than `most` of all: its three colours give way evenly."""
    colour = ink.total - ink.black
    if ink.total <= most or not colour:
        return ink
    share = max(most - ink.black, 0) / colour
    # Down to whole thousandths, so that no sum of three comes out above the limit.
    cyan, magenta, yellow = (int(part * share * 1000) / 1000 for part in (ink.cyan, ink.magenta, ink.yellow))
    return PressInk(cyan, magenta, yellow, ink.black)


def peak_tones(image: Image.Image) -> int:
    """Most ink in a pixel of a picture in CMYK or in black alone, 255 for each that is solid."""
    return _brightest(ImageChops.invert(image) if image.mode == "L" else _total(image))


# --------------------------------------------------------------------------- how


# A transform takes longer to make than a photograph to go through it, and a process needs few.
@lru_cache(maxsize=8)
def _to_press(profile: bytes, intent: Intent, *, black_point: bool) -> ImageCms.ImageCmsTransform:
    screen, opened = ImageCms.createProfile("sRGB"), ImageCms.ImageCmsProfile(BytesIO(profile))
    flags = ImageCms.Flags.BLACKPOINTCOMPENSATION if black_point else ImageCms.Flags.NONE
    return ImageCms.buildTransform(
        screen, opened, "RGB", "CMYK", renderingIntent=_INTENTS[intent], flags=flags
    )


@lru_cache(maxsize=8)
def _to_lab(profile: bytes) -> ImageCms.ImageCmsTransform:
    opened, lab = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("LAB")
    intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
    return ImageCms.buildTransform(opened, lab, "CMYK", "LAB", renderingIntent=intent)


def _through(transform: ImageCms.ImageCmsTransform, image: Image.Image) -> Image.Image:
    """What Pillow's `apply` gives, but without the profile, which that writes out for each single colour."""
    out = Image.new(transform.output_mode, image.size)
    transform.transform.apply(image.getim(), out.getim())
    return out


def _as_mixed(parts: tuple[float, ...], spot: str | None) -> PressInk:
    cyan, magenta, yellow, black = (part / 100 for part in parts)
    return PressInk(cyan, magenta, yellow, black, spot)


def _pixels(image: Image.Image) -> list[tuple[int, ...]]:
    data, bands = image.tobytes(), len(image.getbands())
    return [tuple(data[at : at + bands]) for at in range(0, len(data), bands)]


def _clean(part: float) -> float:
    """A share of ink in whole percents, without what would only be dirt."""
    part = round(part, 2)
    return 0.0 if part <= _SCUM else part


def _luminance(lightness_tone: int) -> float:
    """Luminance (0–1) of an L* that is given as 0–255; CIE 15."""
    lightness = lightness_tone / _TONES * 100
    return ((lightness + 16) / 116) ** 3 if lightness > 8 else lightness / 903.3


def _linear(tone: int) -> float:
    """Luminance (0–1) of a tone of sRGB; IEC 61966-2-1."""
    part = tone / _TONES
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)


_LINEAR = tuple(_linear(tone) for tone in range(_TONES + 1))


def _falling(light: list[float]) -> list[float]:
    """The ramp without its measuring noise: no darker step is lighter."""
    for at in range(1, len(light)):
        light[at] = min(light[at], light[at - 1])
    return light


def _differ(image: Image.Image) -> Image.Image:
    """By how much red, green and blue of each pixel differ."""
    red, green, blue = image.split()
    brightest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    darkest = ImageChops.darker(ImageChops.darker(red, green), blue)
    return ImageChops.subtract(brightest, darkest)


def _brightest(image: Image.Image) -> int:
    """The highest tone of a picture of one channel."""
    highest = image.getextrema()[1]
    assert not isinstance(highest, tuple)
    return int(highest)


def _total(image: Image.Image) -> Image.Image:
    cyan, magenta, yellow, black = image.split()
    total: Image.Image = ImageMath.lambda_eval(
        lambda inks: inks["c"] + inks["m"] + inks["y"] + inks["k"], c=cyan, m=magenta, y=yellow, k=black
    )
    return total


def limited(image: Image.Image, most: float) -> Image.Image:
    """A CMYK picture with no more than `most` tones of all inks in a pixel; black stays as it is."""
    total = _total(image)
    if _brightest(total) <= most:
        return image
    *colours, black = image.split()
    # Down to whole tones, for converting cuts the fraction off.
    less = [
        ImageMath.lambda_eval(
            lambda inks: inks["convert"](
                inks["int"](
                    inks["float"](inks["one"])
                    * inks["min"](
                        inks["max"](most - inks["float"](inks["black"]), 0.0)
                        / inks["max"](inks["float"](inks["total"] - inks["black"]), 1.0),
                        1.0,
                    )
                ),
                "L",
            ),
            one=one,
            total=total,
            black=black,
        )
        for one in colours
    ]
    return Image.merge("CMYK", (*less, black))
