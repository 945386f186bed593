"""docs/typesetting.md says what is so: each requirement with its picture, prices, settings."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from issue_publisher.layout import model
from issue_publisher.layout.model import Typesetting
from issue_publisher.typesetting import items, paragraph
from requirements.setting import Specimen
from requirements.specimens import PENDING, SPECIMENS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "typesetting.md").read_text(encoding="utf-8")
STATES = ("Met.", "In part.", "Not yet.")


def section(name: str) -> str:
    """The words below a requirement's heading, on one line."""
    found = re.search(rf"^### {name} (.*?)(?=^##)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"docs/typesetting.md has no section {name}"
    return " ".join(found[1].split())


def state(name: str) -> str:
    found = re.search(r"\*\*(.*?)\*\*", section(name))
    assert found
    return found[1]


def test_all_requirements_have_a_specimen_or_a_reason() -> None:
    assert sorted([*(specimen.number for specimen in SPECIMENS), *PENDING]) == list(range(1, 26))
    for number in PENDING:
        assert state(f"R{number}") == "Not yet."


@pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda specimen: specimen.name)
def test_each_section_says_rule_state_and_source_and_shows_the_picture(specimen: Specimen) -> None:
    words = section(specimen.name)
    assert words.startswith(f"{specimen.title} {specimen.chinese} {specimen.rule} ")
    assert f"![{specimen.name} {specimen.chinese}](typesetting/{specimen.picture})" in words
    assert f"*Source:* {specimen.source}." in words
    assert state(specimen.name) in STATES[:2]


@pytest.mark.parametrize("name", [f"R{number}" for number in range(1, 26)])
def test_what_is_not_met_stands_under_what_falls_short(name: str) -> None:
    short = PAGE[PAGE.index("\n## What falls short") :]
    assert (f"- **{name}:**" in short) == (state(name) != "Met.")


def test_every_setting_of_typesetting_is_explained() -> None:
    table = PAGE[PAGE.index("| setting |") : PAGE.index("Beside them")]
    named = set(
        re.findall(r"`(\w+)`", " ".join(row.split("|")[1] for row in table.splitlines() if "|" in row))
    )
    assert named == {field.name for field in fields(Typesetting)}


def test_settings_of_the_sections_exist() -> None:
    classes = [value for value in vars(model).values() if is_dataclass(value)]
    known = {field.name for one in classes for field in fields(one)}
    named = {
        name
        for words in re.findall(r"\*Settings:\* (.*?)\.\n", PAGE, re.DOTALL)
        for name in re.findall(r"`(\w+)`", words)
    }
    assert len(named) > 15
    assert named <= known, named - known


@pytest.mark.parametrize(
    ("what", "price"),
    [
        ("a break behind a mark of an address", items._PART),
        ("a break between a number and its unit, or inside a formula", items.CLOSE),
        ("a last line with fewer than `last_line_characters`", paragraph._RUNT),
    ],
)
def test_prices_are_those_of_the_code(what: str, price: float) -> None:
    assert f"| {what} | {price:g} |" in PAGE
