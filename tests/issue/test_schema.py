"""The schema in its two syntaxes and its documentation say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import rnc2rng
from lxml import etree

from issue_publisher.issue.checks import check_issue
from issue_publisher.issue.grammar import Declaration, issue_grammar
from issue_publisher.issue.reader import read_issue
from issue_publisher.issue.terms import HABITS, NAMESPACE, TERMS

REPOSITORY = Path(__file__).resolve().parents[2]
SCHEMA = REPOSITORY / "src/issue_publisher/issue/schema"
PAPER = (REPOSITORY / "docs/issue-format.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```xml\n(.*?)^```$", PAPER, re.MULTILINE | re.DOTALL)
XML = "{http://www.w3.org/XML/1998/namespace}"
DECLARATIONS = list(issue_grammar().declarations())
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAPER.splitlines()
    if line.startswith("| `")
]


def test_the_xml_syntax_is_made_from_the_compact_one():
    made = rnc2rng.dumps(rnc2rng.load(str(SCHEMA / "issue.rnc")))
    canonical = [
        etree.tostring(etree.fromstring(text.encode()), method="c14n")
        for text in (made, (SCHEMA / "issue.rng").read_text(encoding="utf-8"))
    ]
    assert canonical[0] == canonical[1]


def test_our_judge_knows_every_element_of_the_schema_with_its_chinese_term():
    assert {each.name for each in DECLARATIONS} == issue_grammar().names == set(TERMS)
    assert set(HABITS.values()) <= set(TERMS)
    assert not set(HABITS) & set(TERMS)


# --------------------------------------------------------------------------- docs/issue-format.md


@pytest.mark.parametrize("name", sorted(TERMS))
def test_every_element_is_documented_with_its_term(name: str):
    rows = [row for row in ROWS if re.match(rf"`<{name}>`", row[0])]
    assert rows, f"<{name}> has no row in a table"
    assert TERMS[name] in rows[0][1]


def test_no_element_is_documented_that_does_not_exist():
    documented = {match[1] for row in ROWS if (match := re.match("`<([^>]+)>`", row[0]))}
    assert documented == set(TERMS)


def attributes() -> list[tuple[str, str, bool]]:
    return sorted(
        {
            (each.name, attribute, attribute in each.required)
            for each in DECLARATIONS
            for attribute in each.required | each.optional
        }
    )


@pytest.mark.parametrize(("element", "attribute", "required"), attributes())
def test_every_attribute_is_documented(element: str, attribute: str, required: bool):
    rows = [row for row in ROWS if row[0].startswith(f"`{attribute}=`") and f"`<{element}>`" in row[1]]
    assert len(rows) == 1, f"{attribute}= of <{element}> has {len(rows)} rows"
    assert rows[0][0].endswith("?") is not required


def test_no_attribute_is_documented_that_does_not_exist():
    documented = {
        (element, match[1])
        for row in ROWS
        if (match := re.match("`([a-z:-]+)=`", row[0]))
        for element in re.findall("`<([^>]+)>`", row[1])
    }
    assert documented == {(element, attribute) for element, attribute, _ in attributes()}


# --------------------------------------------------------------------------- its examples

NAMEPLATE = "<nameplate><title>新材料报</title><date>2026年11月23日</date></nameplate>"
HEAD = f'<issue xmlns="{NAMESPACE}" version="1.0" id="x" date="2026-11-23">'
ALLOY = '<article id="alloy"><headline>标题</headline><body><p>正文。</p></body></article>'


def whole(example: str) -> str:
    """An example as part of a whole issue, whose article “alloy” it may refer to."""
    nameplate, items, pages, imprint = NAMEPLATE, ALLOY, "", ""
    match example.split(maxsplit=1)[0].partition(">")[0]:
        case "<?xml":
            return example
        case "<nameplate":
            nameplate = example
        case "<imprint":
            imprint = example
        case "<page":
            pages = example
        case "<article" | "<briefs":
            items += example
        case _:
            items += f'<article id="holder"><headline>标题</headline><body>{example}</body></article>'
    return f'{HEAD}{nameplate}<page number="1" title="要闻">{items}</page>{pages}{imprint}</issue>'


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example[:12])
def test_every_example_is_a_good_issue_or_part_of_one(example: str):
    issue = read_issue(whole(example).encode(), "docs/issue-format.md")
    assert etree.RelaxNG(file=str(SCHEMA / "issue.rng")).validate(etree.fromstring(whole(example).encode()))
    found = [finding for finding in check_issue(issue, "docs/issue-format.md") if finding.code != "edition"]
    assert found == []


def test_every_element_and_attribute_has_an_example():
    used = set()
    for example in EXAMPLES:
        for element in etree.fromstring(whole(example).encode()).iter(f"{{{NAMESPACE}}}*"):
            name = etree.QName(element).localname
            used |= {(name, None)} | {(name, key.replace(XML, "xml:")) for key in element.attrib}
    assert {(each.name, None) for each in DECLARATIONS} | {pair[:2] for pair in attributes()} <= used


def test_the_example_of_white_space_reads_as_the_paper_says():
    example = next(example for example in EXAMPLES if "Ti-6Al-4V" in example)
    *_, article = read_issue(whole(example).encode(), "x").articles()
    assert article.body[0].text.plain == "研制组用三年时间，把 Ti-6Al-4V 合金的强度提高了一成。"  # type: ignore[union-attr]


def declared(name: str) -> Declaration:
    return next(each for each in DECLARATIONS if each.name == name)


@pytest.mark.parametrize("element", ["byline", "hint", "article", "advertisement", "link"])
def test_every_word_an_attribute_may_say_is_documented(element: str):
    for attribute, values in (declared(element).required | declared(element).optional).items():
        (row,) = [row for row in ROWS if row[0].startswith(f"`{attribute}=`") and f"`<{element}>`" in row[1]]
        for word in values.choices:
            assert f"`{word}`" in row[3], f"{attribute}={word} of <{element}>"
