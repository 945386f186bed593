"""Which faces there are, and which of them sets a character."""

from __future__ import annotations

import functools
import hashlib
import itertools
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issue_publisher.fonts import Face, FontError, FontSet, read_fonts
from issue_publisher.resources import shipped_fonts

ROLES = {
    *("song", "song-heavy", "hei", "hei-heavy", "kai", "brush"),
    *("latin", "latin-italic", "latin-heavy", "hant", "rare"),
}
CHINESE_ROLES = ("song", "song-heavy", "hei", "hei-heavy", "kai")
UNIFIED = (
    *(0xFA0E, 0xFA0F, 0xFA11, 0xFA13, 0xFA14, 0xFA1F),
    *(0xFA21, 0xFA23, 0xFA24, 0xFA27, 0xFA28, 0xFA29),
)
ORDINARY_MARKS = "，。、；：？！“”‘’（）《》〈〉【】「」『』〔〕…—·～％‰℃№①⑩→×÷±≤≥°㎡"


def gb2312() -> set[str]:
    pairs = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return {char for pair in pairs if (char := pair.decode("gb2312", errors="ignore"))}


def general_standard() -> set[str]:
    text = (shipped_fonts() / "coverage" / "general-standard-8105.txt").read_text(encoding="utf-8")
    return {char for line in text.splitlines() if not line.startswith("#") for char in line}


@functools.cache
def house() -> FontSet:
    """The fonts for property tests: hypothesis writes its arguments out, and a fixture is one."""
    return read_fonts(shipped_fonts())


def lacking(face: Face, characters: set[str]) -> str:
    return "".join(sorted(char for char in characters if not face.has(char)))


def test_the_house_has_every_role(fonts: FontSet) -> None:
    assert set(fonts.faces) == ROLES


def test_faces_are_the_bytes_of_the_catalogue_and_fit_in_60_megabytes(fonts: FontSet) -> None:
    for face in fonts.faces.values():
        assert hashlib.sha256(face.path.read_bytes()).hexdigest() == face.sha256
    assert sum(len(face.data) for face in fonts.faces.values()) < 60_000_000


def test_every_face_travels_with_its_open_licence(fonts: FontSet) -> None:
    assert {face.licence for face in fonts.faces.values()} == {"OFL-1.1"}
    licences = [path.read_text(encoding="utf-8") for path in (shipped_fonts() / "licences").glob("*.txt")]
    assert licences
    assert all(
        "SIL OPEN FONT LICENSE Version 1.1" in text or "Unicode Han Database" in text for text in licences
    )


def test_no_face_uses_a_reserved_name(fonts: FontSet) -> None:
    for face in fonts.faces.values():
        assert face.family.startswith("Issue ")


def test_lists_of_characters_are_whole() -> None:
    assert len(gb2312()) == 7445
    assert len(general_standard()) == 8105


@pytest.mark.parametrize("role", CHINESE_ROLES)
def test_chinese_faces_have_gb2312_and_the_general_standard_table(fonts: FontSet, role: str) -> None:
    # Without any fallback: a headline must not mix two faces for ordinary characters.
    assert lacking(fonts.face(role), gb2312() | general_standard()) == ""


@pytest.mark.parametrize("role", CHINESE_ROLES)
def test_chinese_faces_have_every_ordinary_mark(fonts: FontSet, role: str) -> None:
    assert lacking(fonts.face(role), set(ORDINARY_MARKS)) == ""


def test_brush_has_the_characters_of_nameplates(fonts: FontSet) -> None:
    assert lacking(fonts.face("brush"), set("人民日报新材料周刊科学技术导报航天金属工人晚早时")) == ""


def test_rare_has_all_of_extension_b(fonts: FontSet) -> None:
    assert lacking(fonts.face("rare"), set(map(chr, range(0x20000, 0x2A6D7)))) == ""


def test_traditional_face_has_big5(fonts: FontSet) -> None:
    pairs = (
        bytes((row, cell)) for row in range(0xA4, 0xFA) for cell in (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    )
    big5 = {char for pair in pairs if (char := pair.decode("big5", errors="ignore")) and len(char) == 1}
    assert lacking(fonts.face("hant"), {char for char in big5 if "一" <= char <= "龥"}) == ""


def test_lookalikes_of_ordinary_characters_have_no_glyph(fonts: FontSet) -> None:
    kangxi = "".join(map(chr, range(0x2F00, 0x2FD6)))
    compatibility = "".join(map(chr, (0xF900, 0xF90A, 0xFA10, 0xFA19, 0x2F800)))  # 豈 金 塚 神 丽
    assert fonts.missing(kangxi + compatibility) == set(kangxi + compatibility)


def test_twelve_compatibility_code_points_are_ordinary_characters(fonts: FontSet) -> None:
    assert fonts.missing(map(chr, UNIFIED)) == set()


@pytest.mark.parametrize(
    ("role", "char", "lang", "expected"),
    [
        ("song", "铝", "zh-Hans", "song"),
        ("hei-heavy", "铝", "zh-Hans", "hei-heavy"),
        ("hei-heavy", "㐂", "zh-Hans", "song"),  # CJK Extension A is only in 宋
        ("kai", "報", "zh-Hans", "song"),
        ("brush", "報", "zh-Hans", "song"),
        ("song", "𠀀", "zh-Hans", "rare"),  # CJK Extension B
        ("song", "𬬮", "zh-Hans", "song"),  # Extension E, but in the General Standard table
        ("song", "報", "zh-Hant", "hant"),
        ("song", "骨", "zh-TW", "hant"),
        ("song", "，", "zh-HK", "hant"),
        ("song", "A", "zh-Hant", "song"),
        ("song", "骨", "zh-Hans-HK", "song"),
        ("song", "骨", None, "song"),
        ("latin", "铝", "zh-Hans", "song"),
    ],
)
def test_the_face_that_sets_a_character(
    fonts: FontSet, role: str, char: str, lang: str | None, expected: str
) -> None:
    face = fonts.face_for(role, char, lang)
    assert face is not None
    assert face.role == expected


def test_a_character_that_no_face_has(fonts: FontSet) -> None:
    assert fonts.face_for("song", "𓀀") is None
    assert fonts.missing("铝𓀀合金") == {"𓀀"}
    with pytest.raises(FontError, match=r"no face has 𓀀 U\+13000 EGYPTIAN HIEROGLYPH A001"):
        fonts.runs("song", "铝𓀀")


def test_runs_change_the_face_and_keep_marks_with_their_character(fonts: FontSet) -> None:
    runs = fonts.runs("song", "铝𠀀合金葛\U000e0100")
    assert [(face.role, text) for face, text in runs] == [
        ("song", "铝"),
        ("rare", "𠀀"),
        ("song", "合金葛\U000e0100"),
    ]


@given(st.text(alphabet="铝合金，。AB1𠀀報", max_size=30), st.sampled_from(["zh-Hans", "zh-Hant"]))
def test_runs_lose_nothing(text: str, lang: str) -> None:
    runs = house().runs("hei", text, lang)
    assert "".join(part for _, part in runs) == text
    assert all(one is not other for (one, _), (other, _) in itertools.pairwise(runs))


def test_an_unknown_role_is_named_with_those_there_are(fonts: FontSet) -> None:
    with pytest.raises(FontError, match=r"no face has the role fangsong \(there are: song,"):
        fonts.face("fangsong")


# ------------------------------------------------------------------------------------------ a broken folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of fonts with one small face."""
    shutil.copy(shipped_fonts() / "issue-latin.ttf", tmp_path)
    write_catalogue(tmp_path)
    return tmp_path


def write_catalogue(folder: Path, **changes: str) -> None:
    digest = hashlib.sha256((folder / "issue-latin.ttf").read_bytes()).hexdigest()
    rows = {
        "role": '"song"',
        "family": '"A"',
        "weight": "400",
        "file": '"issue-latin.ttf"',
        "sha256": f'"{digest}"',
        "version": '"1"',
        "licence": '"OFL-1.1"',
    } | changes
    lines = [f"{key} = {value}" for key, value in rows.items() if value]
    (folder / "fonts.toml").write_text("# faces\n\n[[face]]\n" + "\n".join(lines) + "\n", encoding="utf-8")


def test_a_folder_of_ones_own(folder: Path) -> None:
    assert read_fonts(folder).face("song").family == "A"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"sha256": '"00"'},
            r"fonts\.toml:3: issue-latin\.ttf has sha256 [0-9a-f]{64} \(fonts\.toml says 00\)",
        ),
        ({"file": '"absent.ttf"'}, r"fonts\.toml:3: absent\.ttf cannot be read: No such file"),
        ({"file": '"../other.ttf"'}, r"fonts\.toml:3: \.\./other\.ttf lies outside the folder"),
        ({"family": ""}, r"fonts\.toml:3: family is missing"),
        ({"weight": '"bold"'}, r"fonts\.toml:3: weight is not a whole number"),
        ({"licence_file": '"OFL.txt"'}, r"fonts\.toml:3: the licence OFL\.txt is not there"),
        ({"role": '"hei"'}, r"fonts\.toml:1: no face has the role song"),
        ({"role": '"song'}, r"fonts\.toml:4: not TOML"),
    ],
)
def test_a_fault_in_the_catalogue_is_named_with_its_line(
    folder: Path, changes: dict[str, str], message: str
) -> None:
    write_catalogue(folder, **changes)
    with pytest.raises(FontError, match=message):
        read_fonts(folder)


def test_a_file_that_is_no_font(folder: Path) -> None:
    (folder / "issue-latin.ttf").write_bytes(b"not a font")
    write_catalogue(folder)
    with pytest.raises(FontError, match=r"issue-latin\.ttf is not a font"):
        read_fonts(folder)


def test_all_faults_come_together(folder: Path) -> None:
    text = (folder / "fonts.toml").read_text(encoding="utf-8")
    broken = text.replace('"issue-latin.ttf"', '"absent.ttf"')
    (folder / "fonts.toml").write_text(text + broken + broken.replace("weight = 400\n", ""), encoding="utf-8")
    with pytest.raises(FontError) as caught:
        read_fonts(folder)
    assert len(caught.value.problems) == 2


def test_a_role_given_twice(folder: Path) -> None:
    text = (folder / "fonts.toml").read_text(encoding="utf-8")
    (folder / "fonts.toml").write_text(text + text, encoding="utf-8")
    with pytest.raises(FontError, match="the role song is given twice"):
        read_fonts(folder)


@pytest.mark.parametrize("content", [None, "", "face = 3", "face = [3]"])
def test_no_catalogue_or_an_empty_one(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "fonts.toml").write_text(content, encoding="utf-8")
    with pytest.raises(FontError, match=r"fonts\.toml"):
        read_fonts(tmp_path)
