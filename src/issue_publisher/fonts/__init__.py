"""Fonts: roles → font files, which face has a character, measures, and subsets for one issue."""

from issue_publisher.fonts.catalogue import Face, FontError, FontSet, read_fonts
from issue_publisher.fonts.harfbuzz import Extents
from issue_publisher.fonts.measures import FaceMeasures, Measures
from issue_publisher.fonts.outline import text_path
from issue_publisher.fonts.subset import font_face_css, subset_face

__all__ = [
    "Extents",
    "Face",
    "FaceMeasures",
    "FontError",
    "FontSet",
    "Measures",
    "font_face_css",
    "read_fonts",
    "subset_face",
    "text_path",
]
