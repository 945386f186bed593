"""Pictures: open, check, crop, convert and resample them for press and screen. Pillow lives here only."""

from issue_publisher.pictures.crop import WHOLE, Crop, crop_for, effective_ppi
from issue_publisher.pictures.kept import NOTHING_KEPT, Kept, key_of, made_once
from issue_publisher.pictures.opening import open_picture
from issue_publisher.pictures.picture import Picture, PictureError, PreparedPicture
from issue_publisher.pictures.preparing import picture_for_press, picture_for_screen
from issue_publisher.pictures.raster import pixels_as_jpeg, pixels_as_png
from issue_publisher.pictures.svg import svg_text

__all__ = [
    "NOTHING_KEPT",
    "WHOLE",
    "Crop",
    "Kept",
    "Picture",
    "PictureError",
    "PreparedPicture",
    "crop_for",
    "effective_ppi",
    "key_of",
    "made_once",
    "open_picture",
    "picture_for_press",
    "picture_for_screen",
    "pixels_as_jpeg",
    "pixels_as_png",
    "svg_text",
]
