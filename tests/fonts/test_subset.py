"""Faces cut down to an issue's characters, and what WeasyPrint makes of them."""

from __future__ import annotations

import io
import itertools
import logging

import pypdfium2
import pytest
from fontTools.ttLib import TTFont

from issue_publisher.fonts import Face, FontError, FontSet, Measures, font_face_css, subset_face
from issue_publisher.fonts.harfbuzz import Shaper
from issue_publisher.fonts.subset import SPACE_EM

TEXT = "新型铝锂合金（“轻、强、韧”）——减重7.36%，ATAVISM fi…"


def test_a_subset_is_the_same_every_time_whatever_the_order(fonts: FontSet) -> None:
    for face in fonts.faces.values():
        characters = [char for char in TEXT if face.has(char)]
        first = subset_face(face, characters, "Press")
        assert first == subset_face(face, characters[::-1], "Press")
        assert len(first) < 60_000


def test_a_subset_sets_text_as_the_whole_face_does(fonts: FontSet, measures: Measures) -> None:
    for role, face in fonts.faces.items():
        text = "".join(char for char in TEXT if face.has(char) and char != " ")
        small = Shaper(subset_face(face, text, "Press"))
        for features in ({}, {"halt": True}, {"chws": True}, {"kern": False}):
            assert small.advance_em(text, "zh-Hans", features) == pytest.approx(
                measures.shape_advance_em(role, text, features)
            )


@pytest.mark.parametrize("role", ["latin", "latin-heavy", "latin-italic", "kai", "hei", "hei-heavy"])
@pytest.mark.parametrize(("left", "right"), [("José", "Taype"), ("V", "A"), ("yes", "WA"), ("T", "Ty")])
def test_a_space_is_as_wide_between_any_two_words(fonts: FontSet, role: str, left: str, right: str) -> None:
    face = fonts.face(role)
    small = Shaper(subset_face(face, left + " " + right, "Press"))
    both, one, other = (small.advance_em(text, "en", {}) for text in (f"{left} {right}", left, right))
    assert both == pytest.approx(one + SPACE_EM + other, abs=1e-6)


def test_every_subset_has_the_same_space(fonts: FontSet) -> None:
    for face in fonts.faces.values():
        if face.has(" "):
            assert Shaper(subset_face(face, "", "Press")).advance_em(" ", "zh-Hans", {}) == SPACE_EM


def test_a_subset_has_its_characters_and_no_others(fonts: FontSet) -> None:
    subset = Shaper(subset_face(fonts.face("song"), "铝合金", "Press"))
    assert subset.codes() == {ord(char) for char in " 铝合金"}


def test_a_subset_bears_the_name_it_is_given_and_its_licence(fonts: FontSet) -> None:
    for face in fonts.faces.values():
        names = TTFont(io.BytesIO(subset_face(face, {"1"} if face.has("1") else {"𠀀"}, "Press Song")))[
            "name"
        ]
        assert names.getDebugName(1) == names.getDebugName(4) == "Press Song"
        assert "Open Font License" in names.getDebugName(13)
        assert names.getDebugName(0)


def test_subsets_stand_on_the_line_alike(fonts: FontSet) -> None:
    for face in fonts.faces.values():
        extents = Shaper(subset_face(face, {"1"} if face.has("1") else {"𠀀"}, "Press")).extents()
        assert (extents.ascent_em, extents.descent_em, extents.line_gap_em) == (0.88, 0.12, 0)


def test_vertical_forms_survive(fonts: FontSet) -> None:
    subset = TTFont(io.BytesIO(subset_face(fonts.face("song-heavy"), "（铝）", "Press")))
    assert "vert" in {record.FeatureTag for record in subset["GSUB"].table.FeatureList.FeatureRecord}


def test_a_character_that_the_face_lacks_is_an_error(fonts: FontSet) -> None:
    with pytest.raises(FontError, match=r"issue-brush\.ttf: no glyph for 報 U\+5831"):
        subset_face(fonts.face("brush"), "报報", "Press")


def test_font_face_css() -> None:
    assert font_face_css("Press", 900, "font:a") == (
        '@font-face { font-family: "Press"; font-weight: 900; src: url("font:a"); }'
    )


# ------------------------------------------------------------------------------------------ in a real PDF


def painted(
    face: Face, characters: str, lines: list[str], css: str, caplog: pytest.LogCaptureFixture
) -> bytes:
    """A PDF of lines set in a subset of the face, 10 pt; fails when WeasyPrint has anything to say."""
    weasyprint = pytest.importorskip("weasyprint")
    data = subset_face(face, characters, "Press")

    def serve(url: str, *_: object, **__: object) -> object:
        return weasyprint.urls.URLFetcherResponse(url, data, headers={"Content-Type": "font/otf"})

    style = font_face_css("Press", face.weight, "https://fonts.invalid/press")
    html = (
        f"<html lang=zh-Hans><style>{style} @page {{ size: 900pt 1200pt; margin: 10pt }}"
        f"p {{ font: {face.weight} 10pt/15pt Press; margin: 0; white-space: pre; {css} }}</style>"
        f"<p>{'<p>'.join(lines)}"
    )
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        pdf: bytes = weasyprint.HTML(string=html, url_fetcher=serve).write_pdf()
    assert [record.getMessage() for record in caplog.records] == []
    return pdf


def extracted(pdf: bytes) -> str:
    return "".join(
        "".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(pdf)
    )


@pytest.mark.parametrize("role", ["song", "song-heavy", "hei", "hei-heavy", "kai", "brush", "hant", "rare"])
def test_weasyprint_embeds_a_small_font_and_keeps_the_text(
    fonts: FontSet, role: str, caplog: pytest.LogCaptureFixture
) -> None:
    """An issue has 1,600 characters, and a page shows half of them."""
    face = fonts.face(role)
    first = 0x20000 if role == "rare" else 0x4E00
    present = (char for code in range(first, first + 0x5000) if face.has(char := chr(code)))
    characters = "".join(itertools.islice(present, 0, 3200, 2))
    assert len(characters) == 1600
    shown = characters[::2]
    lines = [shown[start : start + 80] for start in range(0, len(shown), 80)]
    pdf = painted(face, characters, lines, "", caplog)
    assert extracted(pdf) == shown
    assert len(pdf) < len(subset_face(face, characters, "Press"))


def test_characters_that_look_alike_are_extracted_as_they_were(
    fonts: FontSet, caplog: pytest.LogCaptureFixture
) -> None:
    text = "·・•…⋯～〜／∕①➀—一"
    for role in ("song", "hei"):
        assert extracted(painted(fonts.face(role), text, [text], "", caplog)) == text


@pytest.mark.parametrize("role", ["song", "song-heavy", "hei", "hei-heavy", "kai"])
@pytest.mark.parametrize("features", [{}, {"halt": True}, {"chws": True}])
def test_weasyprint_paints_the_advances_we_measure(
    measures: Measures, role: str, features: dict[str, bool], caplog: pytest.LogCaptureFixture
) -> None:
    text = "铝合金（“轻、强、韧”）——减重；《自然》2026年AVA。国"
    css = f"font-feature-settings: {', '.join(map(repr, features))}" if features else ""
    face = measures.fonts.face(role)
    pdf = painted(face, text, [text], css, caplog)
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    # Left edges of the first and the last character, both Han; a PDF rounds places, hence the tolerance.
    first, last = (page.get_charbox(index, loose=True)[0] for index in (0, len(text) - 1))
    assert (last - first) / 10 == pytest.approx(
        measures.shape_advance_em(role, text, features) - measures.advance_em(role, "国"), abs=0.01
    )
