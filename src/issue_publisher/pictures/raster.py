"""The one wrapper of Pillow: open, measure, decode, turn upright, bring to sRGB or grey, encode."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO

from PIL import Image, ImageCms, ImageFile, ImageOps, features

from issue_publisher.layout.model import Pictures
from issue_publisher.pictures.crop import WHOLE, Crop
from issue_publisher.pictures.picture import PictureError

# We look at the size before anything is decoded, and against the layout's own limit.
Image.MAX_IMAGE_PIXELS = None

MIMES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "TIFF": "image/tiff",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "BMP": "image/bmp",
    "JPEG2000": "image/jp2",
}
_LOSSY = frozenset({"JPEG", "JPEG2000"})
_SMALLEST_SIDE_PX = 8
_LONGEST_RATIO = 20

_ORIENTATION = 0x0112  # EXIF
_TURNED_SIDEWAYS = frozenset({5, 6, 7, 8})

# What Pillow and its codecs raise at damaged files.
_DAMAGES = (
    OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, ArithmeticError, AttributeError,
    struct.error, zlib.error, RuntimeError, Image.DecompressionBombError,
)  # fmt: skip

_HIGH_BYTES = {"I;16": slice(1, None, 2), "I;16L": slice(1, None, 2), "I;16B": slice(0, None, 2)}
_MEASURED = {"F", "I;16N"}
_DAMAGED_HINT = "export or fetch it again"


def raster_format(data: bytes) -> str | None:
    """Which of the formats that are read these bytes are, or None."""
    try:
        with _opened(data) as image:
            return _kind(image)
    except _DAMAGES:
        return None


def check_raster(data: bytes, settings: Pictures) -> tuple[int, int]:
    """Upright width and height in pixels of a picture that decodes to its end; raises `PictureError`."""
    try:
        with _opened(data) as image:
            _check_size(image, settings)
            mode, (width, height) = image.mode, image.size
            # A JPEG is read to its end, but of each square of 8 × 8 pixels only the mean is reckoned.
            image.draft(mode, (width // 8, height // 8))
            image.load()
            sideways = image.getexif().get(_ORIENTATION) in _TURNED_SIDEWAYS
    except _DAMAGES as error:
        if "truncated" in str(error).lower() or isinstance(error, EOFError):
            raise PictureError(
                "the picture's file is truncated: its end is missing", _DAMAGED_HINT, "picture-truncated"
            ) from error
        raise PictureError(
            "the picture is damaged and cannot be decoded", _DAMAGED_HINT, "picture-damaged"
        ) from error
    except MemoryError as error:
        raise PictureError(
            "the picture is too large for this machine's memory", "save it smaller", "picture-too-large"
        ) from error
    if mode in _MEASURED:
        raise PictureError(
            "the picture holds measured values, not tones",
            "save it with 8 or 16 bits",
            "picture-unknown-format",
        )
    return (height, width) if sideways else (width, height)


def _check_size(image: Image.Image, settings: Pictures) -> None:
    width, height = image.size
    if width * height > settings.max_megapixels * 1e6:
        raise PictureError(
            f"the picture has {width} × {height} pixels, {width * height / 1e6:.0f} megapixels",
            f"at most {settings.max_megapixels:g} megapixels; save it smaller",
            "picture-too-large",
        )
    if min(width, height) < _SMALLEST_SIDE_PX:
        raise PictureError(
            f"the picture has only {width} × {height} pixels", "is it the right file?", "picture-absurd"
        )
    if max(width, height) > _LONGEST_RATIO * min(width, height):
        raise PictureError(
            f"the picture is a strip of {width} × {height} pixels",
            f"at most {_LONGEST_RATIO} times as long as wide",
            "picture-absurd",
        )


def upright(data: bytes, crop: Crop = WHOLE) -> tuple[Image.Image, bool]:
    """A good picture's first frame: upright, cropped, eight bits of sRGB or grey on white, no metadata.

    Also whether its file kept every tone (no JPEG), so that it may be kept so.
    """
    with _opened(data) as opened:
        lossless = _kind(opened) not in _LOSSY
        profile = opened.info.get("icc_profile")
        image = ImageOps.exif_transpose(opened)
    image = _cropped(image, crop)
    image = _in_srgb(_on_white(_eight_bits(image)), profile)
    image.info.clear()
    return image, lossless


def decoded_jpeg(data: bytes) -> Image.Image:
    """A JPEG of our own making: grey, sRGB or CMYK as it is; raises `PictureError`."""
    try:
        with _opened(data) as image:
            image.load()
            return image.convert("RGB") if image.mode not in {"L", "RGB", "CMYK"} else image
    except _DAMAGES as error:
        raise PictureError(
            "the picture is damaged and cannot be decoded", _DAMAGED_HINT, "picture-damaged"
        ) from error


def _kind(image: Image.Image) -> str:
    kind = str(image.format)
    return "JPEG" if kind == "MPO" else kind  # several JPEGs in one file: the first is the picture


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    # WeasyPrint tells Pillow, for the whole process, to put up with truncated files; we do not.
    lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata; what cannot be decoded is an error anyway
            with Image.open(BytesIO(data), formats=tuple(MIMES)) as image:
                yield image
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient


def _cropped(image: Image.Image, crop: Crop) -> Image.Image:
    if crop == WHOLE:
        return image
    width, height = image.size
    left, top = round(crop[0] * width), round(crop[1] * height)
    right, bottom = max(left + 1, round(crop[2] * width)), max(top + 1, round(crop[3] * height))
    return image.crop((left, top, right, bottom))


def _eight_bits(image: Image.Image) -> Image.Image:
    """Sixteen bits a tone as eight; Pillow's own conversion would clip instead."""
    if image.mode in _HIGH_BYTES:
        return Image.frombytes("L", image.size, image.tobytes()[_HIGH_BYTES[image.mode]])
    if image.mode == "I":
        return image.point(lambda tone: tone / 257).convert("L")
    return image


def _on_white(image: Image.Image) -> Image.Image:
    """What is transparent stands on white, as on paper."""
    if image.mode == "1":
        return image.convert("L")
    if image.mode in {"P", "PA"} or "transparency" in image.info:
        image = image.convert("RGBA" if image.mode == "PA" or "transparency" in image.info else "RGB")
    if image.mode in {"LA", "La", "RGBA", "RGBa"}:
        grey = image.mode in {"LA", "La"}
        image = image.convert("LA" if grey else "RGBA")
        paper = Image.new("L" if grey else "RGB", image.size, 255 if grey else (255, 255, 255))
        paper.paste(image.convert(paper.mode), mask=image.getchannel("A"))
        return paper
    return image


@cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    target = "L" if image.mode == "L" else "RGB"
    if image.mode == "LAB":
        lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        return _converted(image, lab) or image.convert("L")
    if profile and (with_profile := _from_profile(image, profile)):
        image = with_profile
    return image if image.mode == target else image.convert(target)


def _from_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    """The picture in sRGB by its own profile, or None when that is sRGB already or no good for it."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if image.mode == "RGB" and "srgb" in ImageCms.getProfileDescription(source).lower():
            return None
        return _converted(image, source)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _converted(image: Image.Image, source: ImageCms.ImageCmsProfile) -> Image.Image | None:
    try:
        return ImageCms.profileToProfile(
            image, source, _srgb(), renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC, outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )  # fmt: skip
    except (ImageCms.PyCMSError, ValueError):
        return None


def resampled(image: Image.Image, width_px: int, height_px: int) -> Image.Image:
    """The picture with that many pixels."""
    if image.size == (width_px, height_px):
        return image
    return image.resize((width_px, height_px), Image.Resampling.LANCZOS)


def is_flat(image: Image.Image) -> bool:
    """Whether it is a drawing of few colours and no photograph."""
    return image.getcolors(256) is not None


def as_jpeg(image: Image.Image, quality: int, *, full_colour: bool) -> bytes:
    """JPEG bytes; `full_colour` keeps the colour of every pixel (4:4:4) for print."""
    file = BytesIO()
    image.save(file, "JPEG", quality=quality, subsampling=0 if full_colour else 2, optimize=True)
    return file.getvalue()


def pixels_as_jpeg(pixels: bytes, width_px: int, height_px: int, quality: int) -> bytes:
    """JPEG bytes of a picture drawn elsewhere, given as rows of red, green and blue bytes."""
    return as_jpeg(Image.frombytes("RGB", (width_px, height_px), pixels), quality, full_colour=True)


def pixels_as_png(pixels: bytes, width_px: int, height_px: int) -> bytes:
    """PNG bytes of such a picture, made quickly rather than as small as can be."""
    file = BytesIO()
    Image.frombytes("RGB", (width_px, height_px), pixels).save(file, "PNG")
    return file.getvalue()


def as_png(image: Image.Image) -> bytes:
    """PNG bytes."""
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def codec_versions() -> dict[str, str]:
    """Versions of the codecs inside Pillow: the bytes of prepared pictures depend on them."""
    names = {
        "libjpeg-turbo": "libjpeg_turbo",
        "zlib": "zlib",
        "zlib-ng": "zlib_ng",
        "Little CMS": "littlecms2",
        "libwebp": "webp",
        "libtiff": "libtiff",
    }
    return {name: found for name, feature in names.items() if (found := features.version(feature))}
