"""Pictures: open, check, crop, convert and resample them for press and screen. Pillow lives here only."""

from issue_publisher.pictures.crop import WHOLE, Crop, crop_for, effective_ppi
from issue_publisher.pictures.kept import NOTHING_KEPT, Kept, key_of, made_once
from issue_publisher.pictures.opening import open_picture
from issue_publisher.pictures.picture import WHOLE_JPEG, Picture, PictureError, Pixels, PreparedPicture
from issue_publisher.pictures.plates import Plates, plates_of, stays_whole
from issue_publisher.pictures.preparing import drawn_for_screen, picture_for_press, picture_for_screen
from issue_publisher.pictures.press_colour import PressColours, PressInk, profile_opens
from issue_publisher.pictures.raster import pixels_as_jpeg, pixels_as_png
from issue_publisher.pictures.svg import reader_hazard, svg_text, text_in_svg

__all__ = [
    "NOTHING_KEPT",
    "WHOLE",
    "WHOLE_JPEG",
    "Crop",
    "Kept",
    "Picture",
    "PictureError",
    "Pixels",
    "Plates",
    "PreparedPicture",
    "PressColours",
    "PressInk",
    "crop_for",
    "drawn_for_screen",
    "effective_ppi",
    "key_of",
    "made_once",
    "open_picture",
    "picture_for_press",
    "picture_for_screen",
    "pixels_as_jpeg",
    "pixels_as_png",
    "plates_of",
    "profile_opens",
    "reader_hazard",
    "stays_whole",
    "svg_text",
    "text_in_svg",
]
