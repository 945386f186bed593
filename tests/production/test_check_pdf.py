"""`check` of a PDF: bounds, plates, marks, tools that are missing, and which press it is held against."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import stat
import time
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from issue_publisher.preflight import pdf as preflight_pdf
from issue_publisher.preflight.finding import Severity
from issue_publisher.preflight.profile import ProfileError, for_layout, read_profile, shipped_profile
from issue_publisher.production import check_pdf as module
from issue_publisher.production.check import required
from issue_publisher.production.check_pdf import check_pdf, is_pdf
from issue_publisher.production.faults import EnvironmentFault
from preflight import spoiled_pdf as spoil
from preflight.clean_pdf import clean_archive, clean_press

needs_ghostscript = pytest.mark.skipif(not module.shutil.which("gs"), reason="needs Ghostscript")


def written(folder: Path, data: bytes, name: str = "press.pdf") -> Path:
    (folder / name).write_bytes(data)
    return folder / name


# --------------------------------------------------------------------------- plates


@needs_ghostscript
def test_a_clean_press_file_is_good_and_its_ink_is_noted(tmp_path: Path) -> None:
    found = check_pdf(written(tmp_path, clean_press()))
    assert found.is_clean
    assert found.complaints == ()
    assert [ran.tool for ran in found.tools] == ["preflight for newsprint", "Ghostscript"]
    (note,) = found.findings
    assert note.severity is Severity.NOTE
    assert note.message.startswith("ink at most ")


@needs_ghostscript
def test_ink_that_overprints_adds_up_on_the_plates_alone(tmp_path: Path) -> None:
    """Two areas of 120 % each, one over the other: no colour says 240 %, the plates do."""

    def change(pdf: object) -> None:
        state = spoil.Dictionary(op=True, OP=True, OPM=1)
        areas = f"/O gs 0.6 0.6 0 0 k {spoil.rectangle()} 0 0 0.6 0.6 k {spoil.rectangle()}"
        spoil.painted(pdf, areas, ExtGState={"O": state})  # type: ignore[arg-type]

    data = spoil.spoiled(clean_press(), change)
    assert preflight_pdf.examine(data, "x.pdf").findings == ()
    found = check_pdf(written(tmp_path, data))
    (error,) = [one for one in found.findings if one.severity is Severity.ERROR]
    assert error.tool == "preflight total ink"
    assert abs(float(error.value.split()[0]) - 240) < 2
    (area,) = error.areas
    assert area.left_mm == pytest.approx(20, abs=3)
    assert area.top_mm == pytest.approx(120, abs=3)
    assert area.width_mm == pytest.approx(20, abs=6)


def test_without_ghostscript_ink_is_added_up_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    path = written(tmp_path, spoil.spoiled(clean_press(), spoil.too_much_ink))
    found = check_pdf(path)
    ran = found.tools[1]
    assert "apt-get install ghostscript" in ran.missing
    assert not ran.needed
    assert any("300 % ink (told by its colours)" in one.message for one in found.findings)
    assert [one.needed for one in required(found, ("ghostscript",)).tools] == [True, True]


# --------------------------------------------------------------------------- archive


def test_without_verapdf_an_archive_is_checked_by_us_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VERAPDF", raising=False)
    monkeypatch.setattr(module, "beside_us", lambda place: None)
    monkeypatch.setattr(module.shutil, "which", lambda name: None)
    found = check_pdf(written(tmp_path, clean_archive()))
    assert found.findings == ()
    assert [(ran.tool, bool(ran.missing)) for ran in found.tools] == [
        ("preflight for archive", False),
        ("veraPDF", True),
    ]


def program(folder: Path, said: str) -> str:
    """A program that says so, whatever it is asked."""
    file = folder / "verapdf"
    file.write_text(f"#!/bin/sh\ncat <<'END'\n{said}\nEND\nexit 1\n", encoding="utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return str(file)


def test_what_verapdf_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = "root/document[0]/pages[0](13 0 obj PDPage)/x"
    rule = {
        "clause": "6.2.11.4.1", "testNumber": 1, "ruleStatus": "FAILED", "failedChecks": 2,
        "description": "The font programs shall be embedded",
        "checks": [{"context": place, "errorMessage": "Font is not embedded"}],
    }  # fmt: skip
    passed = {"ruleStatus": "PASSED", "clause": "1", "testNumber": 1}
    result = {"compliant": False, "details": {"ruleSummaries": [rule, passed]}}
    report = {"report": {"jobs": [{"validationResult": [result]}]}}
    monkeypatch.delenv("VERAPDF", raising=False)
    monkeypatch.setattr(module, "beside_us", lambda place: None)
    monkeypatch.setattr(module.shutil, "which", lambda name: program(tmp_path, json.dumps(report)))
    found = check_pdf(written(tmp_path, clean_archive()))
    assert [str(one).partition(": ")[2] for one in found.findings] == [
        "page 1: error: Font is not embedded (2 times) (The font programs shall be embedded) "
        f"[veraPDF {flavour} 6.2.11.4.1-1]"
        for flavour in ("3a", "ua1")
    ]


def test_what_the_library_of_verapdf_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = "x.pdf\t3a\trule\t6.2.8-3\t4\troot/document[0]/pages[3](13 0 obj PDPage)/y\tInterpolate is true"
    said = f"x.pdf\t3a\tfail\t99 checks\n{rule}\nx.pdf\tua1\tpass\t9 checks"
    monkeypatch.setenv("VERAPDF", program(tmp_path, said))
    found = check_pdf(written(tmp_path, clean_archive()))
    assert [str(one).partition(": ")[2] for one in found.findings] == [
        "page 4: error: Interpolate is true (4 times) [veraPDF 3a 6.2.8-3]"
    ]
    assert found.tools[1].missing == ""


@pytest.mark.parametrize("said", ["nonsense", "x\t3a\tunreadable\tno trailer", '{"report": {"jobs": []}}'])
@pytest.mark.parametrize("is_library", [True, False])
def test_a_validator_that_fails_is_said(
    is_library: bool, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VERAPDF", raising=False)
    monkeypatch.setattr(module, "beside_us", lambda place: None)
    if is_library:
        monkeypatch.setenv("VERAPDF", program(tmp_path, said))
    monkeypatch.setattr(module.shutil, "which", lambda name: program(tmp_path, said))
    found = check_pdf(written(tmp_path, clean_archive()))
    assert found.findings == ()
    assert found.tools[1].missing.startswith("it failed: veraPDF")


# --------------------------------------------------------------------------- marks


def test_marked_pages_show_the_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    path = written(tmp_path, spoil.spoiled(clean_press(), spoil.rgb_picture))
    found = check_pdf(path, mark=True)
    (name,) = found.marked
    assert name.endswith("press-marked/page-1.png")
    marked = Image.open(name)
    per_mm = marked.width / 120
    plain = pypdfium2.PdfDocument(path)[0].render(scale=marked.width / (120 / 25.4 * 72)).to_pil()
    edge = (round(20 * per_mm) - 3, round(130 * per_mm))  # left edge of the picture
    assert marked.getpixel(edge) == (200, 0, 30)
    assert plain.getpixel(edge) != (200, 0, 30)
    assert marked.getpixel((round(60 * per_mm), round(130 * per_mm))) == (255, 255, 255)


def test_a_clean_file_has_nothing_to_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert check_pdf(written(tmp_path, clean_press()), mark=True).marked == ()


# --------------------------------------------------------------------------- bounds


def test_a_file_of_a_gigabyte_is_refused_at_once(tmp_path: Path) -> None:
    with (tmp_path / "huge.pdf").open("wb") as file:
        file.write(b"%PDF-1.7\n")
        file.truncate(1 << 30)
    started = time.monotonic()
    with pytest.raises(EnvironmentFault, match="larger than 512 MB: check an issue page by page"):
        check_pdf(tmp_path / "huge.pdf")
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("greed", ["memory", "time", "death"])
def test_what_takes_too_much_ends_in_a_finding(
    greed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def greedy(*_: object, **__: object) -> None:
        if greed == "memory":
            bytearray(MOST + (1 << 20))
        if greed == "death":
            os.kill(os.getpid(), signal.SIGKILL)
        while True:
            pass

    MOST = 1 << 30  # noqa: N806
    monkeypatch.setattr(module, "examine", greedy)
    monkeypatch.setattr(module, "MOST_MEMORY", MOST)
    monkeypatch.setattr(module, "MOST_SECONDS", 1)
    found = check_pdf(written(tmp_path, clean_press()))
    assert not found.is_clean
    assert "(a PDF bomb?)" in found.findings[0].message


def test_what_is_no_pdf_needs_no_tool(tmp_path: Path) -> None:
    found = check_pdf(written(tmp_path, b"hello"))
    assert [str(one).partition("press.pdf: ")[2] for one in found.findings] == [
        "error: this is no PDF: it does not begin with %PDF- (a PDF, as it left its program) [preflight file]"
    ]


def test_a_pdf_is_known_by_its_name_or_its_beginning(tmp_path: Path) -> None:
    assert is_pdf(written(tmp_path, b"x", "a.pdf"))
    assert is_pdf(written(tmp_path, b"%PDF-1.7", "page"))
    assert not is_pdf(written(tmp_path, b"PK", "a.epub"))
    assert is_pdf(tmp_path / "none.pdf")
    with pytest.raises(EnvironmentFault, match="no such file"):
        check_pdf(tmp_path / "none.pdf")


# --------------------------------------------------------------------------- which press


def test_a_press_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    path = written(tmp_path, spoil.spoiled(clean_press(), spoil.too_much_ink))
    (tmp_path / "press.toml").write_text(
        'base = "newsprint"\nname = "厚纸"\ntotal_ink_percent = 320\n', "utf-8"
    )
    found = check_pdf(path, str(tmp_path / "press.toml"))
    assert found.is_clean
    assert found.tools[0].tool == "preflight for 厚纸"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("=", "press.toml: not TOML"),
        ("", "press.toml: name is missing"),
        ('name = "x"\nbase = "y"', "there is no profile y (newsprint, archive)"),
        ('name = "x"\nppi = 3', "press.toml: ppi is no limit of a profile"),
        ('name = "x"\ntype_pt = "7"', "press.toml: type_pt: '7' does not fit"),
        ('name = "x"\ntype_pt = -7', "press.toml: type_pt: -7 is below nothing"),
        ('name = "x"\ntransparency = 1', "press.toml: transparency: 1 does not fit"),
        ('name = "x"\ntrim_mm = [[390, "x"]]', "press.toml: trim_mm: 'x' does not fit"),
    ],
)
def test_a_profile_that_is_wrong_is_told(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ProfileError) as caught:
        read_profile(text, "press.toml")
    assert words in str(caught.value)
    (tmp_path / "press.toml").write_text(text, "utf-8")
    with pytest.raises(EnvironmentFault, match=r"press\.toml"):
        check_pdf(written(tmp_path, clean_press()), str(tmp_path / "press.toml"))


def test_a_profile_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(
        EnvironmentFault, match=r"gloss: no such file or directory \(a TOML file, or newsprint"
    ):
        check_pdf(written(tmp_path, clean_press()), "gloss")


def test_a_file_of_ours_is_held_against_its_layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The manifest beside it names the layout; the page of the clean file is smaller than a broadsheet's."""
    monkeypatch.setenv("PATH", "")
    path = written(tmp_path, clean_press())
    digest = hashlib.sha256(clean_press()).hexdigest()
    manifest = {"outputs": [{"name": "press.pdf", "sha256": digest}], "layout": {"name": "broadsheet"}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    for profile in (None, "newsprint"):
        (one,) = check_pdf(path, profile).findings
        assert (one.value, one.limit) == ("120.0 × 160.0 mm", "390 × 545 mm")
    path.write_bytes(clean_press() + b"\n")  # no longer the one that the manifest knows
    assert check_pdf(path).findings == ()


def test_limits_of_a_layout_s_press() -> None:
    press = {"ink_percent": 240, "smallest_pt": 6.5, "hairline_pt": 0.3, "spots": {"red": "PANTONE 485 C"}}
    made = for_layout(shipped_profile("newsprint"), {"press": press}, "layout.toml")
    assert (made.total_ink_percent, made.type_pt, made.line_pt) == (240, 6.5, 0.3)
    assert made.spots == ("PANTONE 485 C",)
    assert made.trim_mm == ()
