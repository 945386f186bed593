"""Every fault is found and told rightly; in the clean files there is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from issue_publisher.preflight.finding import Finding, Severity
from issue_publisher.preflight.pdf import examine
from preflight import spoiled_pdf as spoil
from preflight.clean_pdf import clean_archive, clean_press

Spoiler = Callable[[bytes], bytes]


def by(change: spoil.Change) -> Spoiler:
    return lambda clean: spoil.spoiled(clean, change)


# What is done to the press file → the rule that finds it, what is said, value, limit.
Told = tuple[Spoiler, str, str, str, str]
PRESS: dict[str, Told] = {
    "RGB picture": (by(spoil.rgb_picture), "colour space", "picture in RGB", "DeviceRGB", "DeviceCMYK"),
    "four-colour black text":
        (by(spoil.four_colour_black), "black type", "in 4 inks (75 % C, 68 % M", "300 %", "100 % K"),
    "no output intent": (by(spoil.no_output_intent), "output intent", "no output intent", "", ""),
    "font not embedded": (by(spoil.font_not_embedded), "font", "is not embedded (first used", "", ""),
    "72 ppi picture":
        (by(spoil.coarse_picture), "resolution", "a picture of 72 ppi (85 × 85 pixels)", "72 ppi", "150 ppi"),
    "300 % ink": (by(spoil.too_much_ink), "total ink", "300 % ink", "300 %", "220 %"),
    "5 pt type": (by(spoil.small_type), "type size", "type of 5 pt", "5 pt", "7 pt"),
    "white 6 pt type on four inks":
        (by(spoil.small_reversed_type), "reversed type", "white type of 6 pt on 50 % C", "6 pt", "12 pt"),
    "wrong box": (by(spoil.wrong_box), "page boxes", "reaches beyond the MediaBox", "", ""),
    "annotation": (by(spoil.annotation), "annotation", "an annotation (Text)", "Text", ""),
    "JavaScript": (by(spoil.javascript), "javascript", "JavaScript in the file", "JavaScript", ""),
    "encrypted": (spoil.encrypted, "encryption", "it opens with a password only", "", ""),
    "truncated": (spoil.truncated, "file", "cut off: its end is missing", "", ""),
    "transparency":
        (by(spoil.transparency), "transparency", "a transparent area: opacity 50%", "opacity 50%", ""),
    "spot colour unknown":
        (by(spoil.spot_colour), "spot colour", "the spot colour Kiln Green", "Kiln Green", "none"),
}  # fmt: skip
ARCHIVE: dict[str, Told] = {
    "missing tag": (by(spoil.missing_tag), "tags", "text that is neither tagged nor an artefact", "", ""),
    "wrong heading order": (by(spoil.heading_order), "headings", "H4 follows H1", "H4", "H2"),
    "no alternative text": (
        by(spoil.no_alternative_text),
        "figure",
        "figures without an alternative text",
        "1",
        "",
    ),
    "no language": (by(spoil.no_language), "language", "no language", "", ""),
    "attachment removed": (
        by(spoil.attachment_removed),
        "attachment",
        "issue.xml is not attached",
        "",
        "issue.xml",
    ),
    "swapped text mapping": (
        by(spoil.swapped_text),
        "text mapping",
        "“锣” of issue.xml is read as “堤”",
        "堤",
        "锣",
    ),
}


def serious(findings: tuple[Finding, ...]) -> list[Finding]:
    return [one for one in findings if one.severity is not Severity.NOTE]


@pytest.mark.parametrize(("made", "profile"), [(clean_press, "newsprint"), (clean_archive, "archive")])
def test_nothing_is_found_in_a_clean_file(made: Callable[[], bytes], profile: str) -> None:
    found = examine(made(), "clean.pdf")
    assert found.profile is not None
    assert found.profile.name == profile
    assert [str(one) for one in found.findings] == []


@pytest.mark.parametrize("fault", PRESS)
def test_a_fault_of_the_press_file(fault: str) -> None:
    look_at(clean_press(), *PRESS[fault])


@pytest.mark.parametrize("fault", ARCHIVE)
def test_a_fault_of_the_archive_file(fault: str) -> None:
    look_at(clean_archive(), *ARCHIVE[fault])


def look_at(clean: bytes, spoiler: Spoiler, rule: str, words: str, value: str, limit: str) -> None:
    """The fault is found, and nothing that another fault would be found by."""
    found = serious(examine(spoiler(clean), "spoiled.pdf").findings)
    told = [one for one in found if one.tool == f"preflight {rule}"]
    assert any(words in one.message for one in told), [str(one) for one in found]
    first = next(one for one in told if words in one.message)
    assert first.severity is Severity.ERROR
    assert str(first).startswith("spoiled.pdf: ")
    assert first.value == value or not value
    assert limit in first.limit
    assert first.hint
    assert {one.tool for one in found} == {f"preflight {rule}"}


@pytest.mark.parametrize(
    ("change", "rule"),
    [(spoil.rgb_picture, "colour space"), (spoil.too_much_ink, "total ink"), (spoil.small_type, "type size")],
)
def test_a_place_is_told_in_mm_from_the_upper_left_of_the_trim(change: spoil.Change, rule: str) -> None:
    found = examine(spoil.spoiled(clean_press(), change), "spoiled.pdf").findings
    (area,) = next(one.areas for one in found if one.tool == f"preflight {rule}")
    assert area.left_mm == pytest.approx(20, abs=1)
    assert area.top_mm + area.height_mm == pytest.approx(160 - 20, abs=1)
    if rule != "type size":
        assert (area.width_mm, area.height_mm) == (20, 20)


def test_every_rule_that_a_fault_breaks_is_told_in_the_docs(repository: Path) -> None:
    told = (repository / "docs" / "preflight.md").read_text(encoding="utf-8")
    for _, rule, *_ in (*PRESS.values(), *ARCHIVE.values()):
        assert f"`{rule}`" in told or rule == "file", rule
