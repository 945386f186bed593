"""What WeasyPrint only warns of stops the build, and the message says what helps."""

from __future__ import annotations

import pytest

from issue_publisher.rendering.pdf import BASE, RenderError, Resource, write_pdf
from rendering_press.archived import font


def complaint(body: str, resources: dict[str, Resource] | None = None) -> str:
    face = f'@font-face {{ font-family: hei; src: url("{BASE}font") }} p {{ font-family: hei }}'
    html = f'<html lang="zh"><head><title>字样</title><style>{face}</style></head><body>{body}</body></html>'
    held = {"font": Resource(font("报纸"), "font/ttf"), **(resources or {})}
    with pytest.raises(RenderError) as caught:
        write_pdf(html, held, identifier=b"1" * 16)
    return str(caught.value)


def test_a_missing_glyph() -> None:
    said = complaint("<p>报纸\U00020021</p>")
    assert ".notdef glyph" in said
    assert "(validate says which character no face has)" in said


def test_a_picture_that_cannot_be_decoded() -> None:
    said = complaint(
        f'<img src="{BASE}a.png" alt="字样">', {"a.png": Resource(b"\x89PNG no more", "image/png")}
    )
    assert "Failed to load image" in said
    assert "(open the picture in an editor and export it again)" in said


def test_a_font_without_the_library_that_subsets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weasyprint.pdf.fonts.harfbuzz_subset", None)
    said = complaint("<p>报纸</p>")
    assert "instead of HarfBuzz-Subset" in said
    assert "libharfbuzz-subset0)" in said
