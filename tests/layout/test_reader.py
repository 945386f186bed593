"""layout.toml: the shipped one is read, and a bad one is told apart by file, line and what would be right."""

import re
from pathlib import Path

import pytest

from issue_publisher.layout.errors import LayoutErrors
from issue_publisher.layout.model import Align, Layout
from issue_publisher.layout.reader import read_layout

FILE = "layouts/broadsheet/layout.toml"


@pytest.fixture(scope="module")
def toml(repository: Path) -> str:
    return (repository / FILE).read_text(encoding="utf-8")


def read(text: str | bytes) -> Layout:
    return read_layout(text.encode() if isinstance(text, str) else text, FILE, Path("layouts/broadsheet"))


def faults(text: str | bytes) -> list[str]:
    with pytest.raises(LayoutErrors) as caught:
        read(text)
    return str(caught.value).splitlines()


def line_of(text: str, start: str, after: str = "") -> int:
    """The line that begins so, behind the line that begins with `after`."""
    lines = text.splitlines()
    first = next((i for i, line in enumerate(lines) if line.startswith(after)), 0)
    return next(i + 1 for i, line in enumerate(lines) if i >= first and line.startswith(start))


def test_shipped_layout_is_read(toml: str) -> None:
    layout = read(toml)
    assert layout.name == "broadsheet"
    assert layout.type["body"].align is Align.JUSTIFY
    assert isinstance(layout.grid.body_pt, float)  # written as 9
    assert layout.makeup.leg_characters == (11, 27)
    assert layout.inks["black"] == (0, 0, 0, 100)
    assert 0 < layout.left_mm < 30


def test_a_base_may_be_left_out_and_is_a_name(toml: str) -> None:
    assert read(toml).base is None
    assert read('base = "other"\n' + toml).base == "other"
    [fault] = faults("base = 3\n" + toml)
    assert fault.startswith(f"{FILE}:1: base is 3")


def test_line_ends_and_byte_order_mark_of_windows_do_not_matter(toml: str) -> None:
    assert read(b"\xef\xbb\xbf" + toml.replace("\n", "\r\n").encode()) == read(toml)


# What is changed, in which table, into what; and what the message must say.
BAD_VALUES = [
    ("[grid]", "columns", "columns = 0", "grid.columns is 0"),
    ("[grid]", "columns", "columns = 8.5", "a whole number"),
    ("[grid]", "body_pt", "body_pt = -9", "more than 0"),
    ("[grid]", "body_pt", "body_pt = nan", "nan"),
    ("[grid]", "body_pt", 'body_pt = "9"', "a number"),
    ("[grid]", "columns", "columns = true", "a whole number"),
    ("[grid]", "columns", "columns = 9", "wider than the page"),
    ("[grid]", "lines", "lines = 112", "deep"),
    ("[grid]", "leading_pt", "leading_pt = 8", "less than the type"),
    ("[furniture]", "nameplate_lines", "nameplate_lines = 100", "leave lines for the articles"),
    ("[furniture]", "nameplate_lines", "nameplate_lines = 12", "at least 13 lines"),
    ("[furniture]", "folio_lines", "folio_lines = 2", "at least 3 lines"),
    ("[furniture]", "imprint_lines", "imprint_lines = 1", "at least 3 lines"),
    ("[inks]", "red", "red = [0, 95, 85, 110]", "0 to 100"),
    ("[inks]", "red", "red = [0, 95, 85]", "4 numbers"),
    ("[type.body]", "font", 'font = "Song Heavy"', "fonts.toml"),
    ("[type.body]", "leading_pt", "leading_pt = 14", "13.5, as in [grid]"),
    ("[type.body]", "indent_characters", "indent_charcters = 2", "is indent_characters meant?"),
    ("[type.byline]", "align", 'align = "middle"', "justify, left, centre, right"),
    ("[type.rubric]", "ink", 'ink = "papyrus"', "there is no ink papyrus"),
    ("[headline.lead]", "sizes_pt", "sizes_pt = [34, 46]", "largest first"),
    ("[headline.lead]", "sizes_pt", "sizes_pt = []", "at least one"),
    ("[headline.normal]", "large_sizes_pt", "large_sizes_pt = [28, 24]", "all over 24"),
    ("[headline.lead]", "max_columns", "max_columns = 12", "at most 8"),
    ("[headline.lead]", "condense_to", "condense_to = 1.5", "at most 1"),
    ("[headline.lead]", "widest", "widest = 1.2", "at most 1"),
    ("[headline.lead]", "widest", "widest = 0.6", "at least 0.7"),
    ("[typesetting]", "strictness", 'strictness = "severe"', "strict, normal, loose"),
    ("[makeup]", "leg_characters", "leg_characters = [27, 11]", "narrowest"),
    ("[makeup]", "picture_wider_columns", "picture_wider_columns = { lead = 1 }", "brief = …"),
    ("[lost_picture]", "ink", 'ink = "gold"', "there is no ink gold"),
    ("[lost_picture]", "rule_pt", "rule_pt = 0.1", "at least 0.25"),
    ("[lost_picture]", "words", 'words = " "', "is empty"),
    (
        "[lost_picture]",
        "ratio",
        "ratio = [2, 1]",
        "the least, 2, is more than the most, 1",
    ),
    ("[lost_picture]", "share", "share = 5", "at most 1"),
    ("[makeup]", "rule_ink", 'rule_ink = "gold"', "there is no ink gold"),
    ("[rules]", "leg_mm", "leg_mm = [254, 51]", "rules.leg_mm: the least, 254, is more than the most, 51"),
    ("[rules]", "dominant", "dominant = 50", "0 to 1"),
    ("[rules]", "places", "places = [4, 3]", "4 numbers"),
    ("[penalties]", "grey", "gray = 10", "is grey meant?"),
    ("[pictures]", "crop_limit", "crop_limit = 22", "0 to 1"),
    ("[pictures]", "press_quality", "press_quality = 0", "1 to 100"),
    ("[press]", "profile", 'profile = "../paper.icc"', "no plain file name"),
    ("[press]", "intent", 'intent = "saturation"', "relative, perceptual"),
    ("[press]", "black_point", "black_point = 1", "true or false"),
    ("[press]", "ink_percent", "ink_percent = 2.2", "100 to 400 percent"),
    ("[press]", "sharpen_threshold", "sharpen_threshold = 0.5", "a whole number"),
    ("[press]", "# grey_pages", "grey_pages = [0]", "1 to 10000"),
    ("[press]", "# spots", 'spots = { gold = "PANTONE 871 C" }', "there is no ink gold"),
    ("[inks]", "red", "red = [80, 95, 85, 10]", "at most 220, press.ink_percent"),
    ("[type.caption]", "size_pt", "size_pt = 6.5", "at least 7, press.smallest_pt"),
    ("[type.rubric]", "size_pt", "size_pt = 11", "reversed out of the ink red"),
    ("[makeup]", "rule_pt", "rule_pt = 0.1", "at least 0.25, press.hairline_pt"),
]


@pytest.mark.parametrize(("table", "key", "instead", "said"), BAD_VALUES)
def test_a_bad_value_is_named_with_its_line(toml: str, table: str, key: str, instead: str, said: str) -> None:
    number = line_of(toml, key, after=table)
    lines = toml.splitlines()
    lines[number - 1] = instead
    found = faults("\n".join(lines))
    assert any(line.startswith(f"{FILE}:{number}: ") and said in line for line in found), found


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ("crop_limit", "pictures.crop_limit is missing"),
        ("[type.deck]", "type role deck is missing"),
        ("[headline.brief]", "headline.brief is missing"),
    ],
)
def test_what_is_missing_is_named(toml: str, start: str, said: str) -> None:
    number = line_of(toml, start)
    lines = toml.splitlines()
    lines[number - 1] = "[type.of-our-own]" if start.startswith("[") else ""
    assert any(said in line for line in faults("\n".join(lines)))


def test_everything_wrong_is_said_at_once(toml: str) -> None:
    bad = toml.replace("columns = 8\n", "columns = 80\n", 1).replace("crop_limit = 0.22", "crop = 1")
    bad = bad.replace('strictness = "strict"', "strictness = 1")
    said = "\n".join(faults(bad))
    for part in (
        "wider than the page",
        "unknown key pictures.crop",
        "crop_limit is missing",
        "strictness is 1",
    ):
        assert part in said


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('name = "x"\npage = \n', 2, "not TOML"),
        ('name = "x"\nname = "y"\n', 2, "not TOML"),
        ('name = "x\n', 1, "not TOML"),
        ("[page]\nwidth_mm = [1,\n", 3, "not TOML"),
        (b'name = "x"\n# \xc4\xe3\n', 2, "not UTF-8"),
        (b"", 1, "is missing"),
        (b"\x89PNG\r\n\x1a\n\0\0", 1, "not UTF-8"),
        ("a = " + "[" * 5000, 1, "not TOML"),
        ("# " + "x" * 1_100_000, 1, "too large"),
        ('page = 3\nname = "x"', 1, "page is 3"),
    ],
)
def test_what_is_no_layout_at_all(text: str | bytes, line: int, said: str) -> None:
    assert any(re.match(rf"{FILE}:{line}: .*{said}", found) for found in faults(text)), faults(text)


def test_type_reversed_out_of_black_alone_may_be_smaller(toml: str) -> None:
    small = toml.replace("size_pt = 12\n", "size_pt = 10\n", 1)
    assert read(small.replace('rubric_ink = "red"', 'rubric_ink = "black"')).type["rubric"].size_pt == 10
    [fault] = faults(small.replace('rubric_ink = "red"', 'rubric_ink = "blue"'))
    assert "reversed_inks_pt" in fault
    spot = small.replace("# spots =", "spots =")  # one ink, and no other to meet it
    assert read(spot).press.spots == {"red": "PANTONE 485 C"}
    grey = small.replace("size_pt = 10", "size_pt = 9").replace('rubric_ink = "red"', 'rubric_ink = "black"')
    assert any("reversed_black_pt" in fault for fault in faults(grey))


def test_pages_in_black_alone_are_named_by_their_numbers(toml: str) -> None:
    assert read(toml).press.grey_pages == ()
    assert read(toml.replace("# grey_pages", "grey_pages")).press.grey_pages == (2, 3)


def test_a_layout_may_have_type_roles_of_its_own(toml: str) -> None:
    own = '[type.weather]\nfont = "kai"\nsize_pt = 8\nleading_pt = 12\n\n[type.body]'
    assert "weather" in read(toml.replace("[type.body]", own)).type
