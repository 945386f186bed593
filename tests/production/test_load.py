"""Reading a source from the disk: what the desk names, whose layout is taken, which pictures are refused."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from issue_publisher.issue.errors import SourceError
from issue_publisher.production.load import load
from issue_publisher.production.manifest import inputs
from production.newspaper import FIGURE_LINE, ISSUE, jpeg

FILE = "source/2026-11-30/issue.xml"


def errors(given: Path, **options: str) -> list[SourceError]:
    loaded = load(given, **options)
    assert not loaded.stands(strict=False)
    return [finding for finding in loaded.findings if finding.severity == "error"]


def rewrite(folder: Path, was: str, becomes: str) -> None:
    assert was in ISSUE
    (folder / "issue.xml").write_text(ISSUE.replace(was, becomes), encoding="utf-8")


@pytest.mark.parametrize("named", ["source/2026-11-30", "source/2026-11-30/", FILE])
def test_folder_and_file_name_the_same_issue(newspaper: Path, named: str) -> None:
    loaded = load(Path(named))
    assert loaded.stands(strict=False)
    assert loaded.source is not None
    assert loaded.source.file == FILE
    assert set(loaded.source.pictures) == {"pictures/river.jpg"}


@pytest.mark.parametrize("named", ["source/nothing", "nothing.xml", "source", "source/2026-11-30/pictures"])
def test_a_missing_issue_is_said(newspaper: Path, named: str) -> None:
    [error] = errors(Path(named))
    assert "no such file" in error.message
    assert "issue.xml" in error.hint


def test_an_empty_and_a_cut_issue_are_said(issue_folder: Path) -> None:
    (issue_folder / "issue.xml").write_bytes(b"")
    assert "empty" in errors(issue_folder)[0].message
    (issue_folder / "issue.xml").write_bytes(ISSUE.encode()[:700])
    assert "truncated" in errors(issue_folder)[0].message


def test_faults_of_every_kind_are_said_at_once(issue_folder: Path) -> None:
    text = ISSUE.replace("river.jpg", "nothing.jpg").replace(
        "<headline>", '<link to="nowhere"/>\n<headline>', 1
    )
    text = text.replace(
        "</page>", "</page>\n" + text[text.index("<page") : text.index("</page>")] + "</page>"
    )
    text = text.replace("的", "\u2f69", 1)
    (issue_folder / "issue.xml").write_text(text, encoding="utf-8")
    (issue_folder / "page-plan.toml").write_text("column = \n")
    codes = {error.code for error in errors(issue_folder)}
    assert {"dead-link", "duplicate-id", "page-number", "picture-missing", "kangxi-radical"} <= codes
    assert any(error.file.endswith("page-plan.toml") for error in errors(issue_folder))


def test_a_slip_in_the_page_plan_is_said_before_anything_is_built(issue_folder: Path) -> None:
    (issue_folder / "page-plan.toml").write_text("[page-1.library]\ncolumn = 0\ncolums = 4\n")
    [error] = errors(issue_folder)
    assert (error.file, error.line) == ("source/2026-11-30/page-plan.toml", 3)
    assert "unknown key colums" in error.message


class TestPictures:
    @pytest.mark.parametrize(
        ("src", "said"),
        [
            ("pictures/nothing.jpg", "no such picture"),
            ("pictures", "not a file"),
            ("pictures/river.JPG", "no such picture"),
            ("../../../secret.jpg", "outside"),
            ("pictures/../../secret.jpg", "outside"),
            ("/etc/passwd", "outside"),
            ("~/secret.jpg", "outside"),
            ("http://example.org/a.jpg", "address"),
            ("file:///etc/passwd", "address"),
            ("data:image/png;base64,AAAA", "address"),
            ("//example.org/a.jpg", "address"),
            ("C:/secret.jpg", "address"),
        ],
    )
    def test_a_picture_must_lie_in_the_folder(self, issue_folder: Path, src: str, said: str) -> None:
        rewrite(issue_folder, "pictures/river.jpg", src)
        found = errors(issue_folder)
        assert any(error.line == FIGURE_LINE and src in error.message for error in found)
        assert any(error.code.startswith("picture-") for error in found), found

    @pytest.mark.parametrize("inside", [True, False])
    def test_a_link_may_not_lead_out(self, issue_folder: Path, tmp_path: Path, inside: bool) -> None:
        real = (issue_folder if inside else tmp_path) / "real.jpg"
        shutil.move(issue_folder / "pictures" / "river.jpg", real)
        (issue_folder / "pictures" / "river.jpg").symlink_to(real)
        if inside:
            assert load(issue_folder).stands(strict=False)
        else:
            [error] = errors(issue_folder)
            assert "a link leads there" in error.message
            assert error.line == FIGURE_LINE

    def test_a_folder_that_is_a_link_may_not_lead_out(self, issue_folder: Path, tmp_path: Path) -> None:
        shutil.move(issue_folder / "pictures", tmp_path / "elsewhere")
        (issue_folder / "pictures").symlink_to(tmp_path / "elsewhere")
        assert "a link leads there" in errors(issue_folder)[0].message

    def test_a_link_to_itself_and_a_device_are_refused(self, issue_folder: Path) -> None:
        picture = issue_folder / "pictures" / "river.jpg"
        picture.unlink()
        picture.symlink_to(picture)
        assert "leads to itself" in errors(issue_folder)[0].message
        picture.unlink()
        os.mkfifo(picture)
        assert "not a file" in errors(issue_folder)[0].message

    @pytest.mark.parametrize(
        ("data", "said"),
        [(b"", "empty"), ("一段文字".encode(), "text file"), (b"\xff\xd8\xff\xe0" + bytes(50), "truncated")],
    )
    def test_a_bad_picture_is_said_with_its_figure_line(
        self, issue_folder: Path, data: bytes, said: str
    ) -> None:
        (issue_folder / "pictures" / "river.jpg").write_bytes(data)
        [error] = errors(issue_folder)
        assert said in error.message
        assert (error.file, error.line) == (FILE, FIGURE_LINE)

    def test_a_near_name_is_proposed(self, issue_folder: Path) -> None:
        rewrite(issue_folder, "river.jpg", "River.jpg")
        assert "river.jpg" in errors(issue_folder)[0].hint

    def test_a_small_picture_is_a_warning(self, issue_folder: Path) -> None:
        Image.effect_noise((60, 40), 60).save(issue_folder / "pictures" / "river.jpg")
        loaded = load(issue_folder)
        assert loaded.stands(strict=False)
        assert not loaded.stands(strict=True)
        assert "picture-resolution" in {finding.code for finding in loaded.findings}

    def test_a_character_of_a_drawing_that_no_font_has(self, issue_folder: Path) -> None:
        drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30"><text>\U0001f409</text></svg>'
        (issue_folder / "pictures" / "river.jpg").write_text(drawing, encoding="utf-8")
        [error] = errors(issue_folder)
        assert "U+1F409" in error.message
        assert error.line == FIGURE_LINE


def test_a_headline_marked_where_sense_is_hurt_is_said_with_a_better_place(issue_folder: Path) -> None:
    rewrite(issue_folder, "老粮仓里开出图书馆", "全县树立正确政<break/>绩观")
    [warning] = load(issue_folder).findings
    assert (warning.severity, warning.code) == ("warning", "headline-break")
    assert "inside 政绩观" in warning.message
    assert warning.hint == "全县树立<break/>正确政绩观"
    assert "<headline>老粮仓" in ISSUE.splitlines()[warning.line - 1]
    rewrite(issue_folder, "老粮仓里开出图书馆", "全县树立<break/>正确政绩观")
    assert not load(issue_folder).findings


def screen_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def damaged(profile: bytes) -> bytes:
    """A profile whose tables are noise: its header and table of contents stay."""
    return profile[:800] + bytes(at * 7 % 256 for at in range(len(profile) - 800))


class TestLayoutsAndFonts:
    def test_the_newspapers_own_layout_comes_first(self, issue_folder: Path, own_layout: Path) -> None:
        toml = own_layout / "layout.toml"
        toml.write_text(toml.read_text().replace('version = "1.0"', 'version = "our own"'))
        source = load(issue_folder).source
        assert source is not None
        assert source.layout.version == "our own"
        assert source.layout.folder == Path("layouts/broadsheet")

    def test_a_bad_layout_is_said_beside_bad_pictures(self, issue_folder: Path, own_layout: Path) -> None:
        toml = own_layout / "layout.toml"
        toml.write_text(toml.read_text().replace("columns = 8\n", "columns = 80\n", 1))
        found = errors(issue_folder)
        assert any(e.file == "layouts/broadsheet/layout.toml" and "wider" in e.message for e in found)

    def test_a_font_role_that_no_face_has(self, issue_folder: Path, own_layout: Path) -> None:
        toml = own_layout / "layout.toml"
        toml.write_text(toml.read_text().replace('font = "brush"', 'font = "quill"'))
        [error] = errors(issue_folder)
        assert error.message == "type.nameplate: no face has the role quill"
        assert toml.read_text().splitlines()[error.line - 1] == 'font = "quill"'

    @pytest.mark.parametrize("template", ["print/issue.html.j2", "ebook/style.css"])
    def test_a_template_that_is_not_utf_8(self, issue_folder: Path, own_layout: Path, template: str) -> None:
        file = own_layout / template
        file.write_bytes(b"\n\n" + "中文".encode("gb18030") + file.read_bytes())
        [error] = errors(issue_folder)
        assert (error.file, error.line) == (f"layouts/broadsheet/{template}", 3)
        assert "UTF-8" in error.message

    @pytest.mark.parametrize("name", ["berliner", "../broadsheet", ".", "/etc"])
    def test_a_layout_that_is_not_there(self, issue_folder: Path, name: str) -> None:
        [error] = errors(issue_folder, layout_name=name)
        assert "no layout" in error.message
        assert "broadsheet" in error.hint

    def test_a_base_gives_the_templates_that_are_lacking(self, issue_folder: Path, own_layout: Path) -> None:
        toml = own_layout / "layout.toml"
        named = toml.read_text().replace('name = "broadsheet"', 'name = "mine"\nbase = "broadsheet"', 1)
        mine = own_layout.with_name("mine")
        (mine / "ebook").mkdir(parents=True)
        (mine / "layout.toml").write_text(named)
        (mine / "ebook" / "style.css").write_text("p { margin: 0 }")
        source = load(issue_folder, "mine").source
        assert source is not None
        assert source.layout.template_folders == (Path("layouts/mine"), Path("layouts/broadsheet"))
        assert source.layout_files["layout.toml"] == named.encode()
        assert source.layout_files["ebook/style.css"] == b"p { margin: 0 }"
        template = "print/folio.html.j2"
        assert source.layout_files[template] == (own_layout / template).read_bytes()

    @pytest.mark.parametrize(
        ("base", "said"), [("broadshet", "is broadsheet meant?"), ("broadsheet", "leads back to itself")]
    )
    def test_a_base_that_is_none(self, issue_folder: Path, own_layout: Path, base: str, said: str) -> None:
        toml = own_layout / "layout.toml"
        toml.write_text(toml.read_text().replace("\nversion =", f'\nbase = "{base}"\nversion =', 1))
        [error] = errors(issue_folder)
        assert error.file == "layouts/broadsheet/layout.toml"
        assert toml.read_text().splitlines()[error.line - 1] == f'base = "{base}"'
        assert said in str(error)

    @pytest.mark.parametrize(
        ("profile", "said", "hint"),
        [
            (lambda whole: None, "there is no such file", "press/"),
            (
                lambda whole: whole[:9_000],
                "it is truncated: it should have 275972 bytes and has 9000",
                "again",
            ),
            (lambda whole: screen_profile(), "it is a profile for RGB, not for CMYK", "ask the printer"),
            (lambda whole: jpeg(), "this is no ICC profile", "ask the printer"),
            (lambda whole: whole.replace(b"prtr", b"link", 1), "a profile of two devices", "ask the printer"),
            (lambda whole: whole.replace(b"B2A1", b"B2A9", 1), "it lacks B2A1", "ask the printer"),
            (lambda whole: damaged(whole), "its tables are damaged", "again"),
        ],
        ids=["missing", "truncated", "screen", "picture", "link", "one way only", "damaged"],
    )
    def test_a_press_profile_that_is_none(
        self,
        issue_folder: Path,
        own_layout: Path,
        profile: Callable[[bytes], bytes | None],
        said: str,
        hint: str,
    ) -> None:
        file = own_layout / "press" / "coldset-newsprint-tr002.icc"
        spoiled = profile(file.read_bytes())
        file.unlink() if spoiled is None else file.write_bytes(spoiled)
        [error] = errors(issue_folder)
        assert error.message.startswith(f"the press profile {file.name}: ")
        assert said in error.message
        assert hint in error.hint
        toml = (own_layout / "layout.toml").read_text().splitlines()
        assert toml[error.line - 1].startswith("profile = ")
        assert error.file == "layouts/broadsheet/layout.toml"

    def test_the_press_profile_may_be_the_bases_and_is_an_input(self, issue_folder: Path) -> None:
        source = load(issue_folder, "tabloid").source
        assert source is not None
        assert len(source.press_profile) == 275_972
        assert "layout/press/coldset-newsprint-tr002.icc" in {entry["name"] for entry in inputs(source)}

    def test_another_layout_has_a_plan_of_its_own(self, issue_folder: Path) -> None:
        (issue_folder / "page-plan.toml").write_text("this is the broadsheet's, and wrong")
        assert errors(issue_folder)
        (issue_folder / "page-plan-tabloid.toml").write_bytes(b'issue = "2026-11-30"\n')
        source = load(issue_folder, "tabloid").source
        assert source is not None
        assert source.plan == b'issue = "2026-11-30"\n'

    def test_bad_fonts_are_said(self, newspaper: Path, issue_folder: Path) -> None:
        (newspaper / "fonts").mkdir()
        (newspaper / "fonts" / "fonts.toml").write_text("[[face]]\nrole = 3\n")
        found = errors(issue_folder)
        assert any(e.file == "fonts/fonts.toml" and e.line == 1 for e in found)
