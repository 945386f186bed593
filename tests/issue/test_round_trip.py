"""What is written reads back the same, whatever the issue; and our judge agrees with libxml2's."""

from __future__ import annotations

import random
from dataclasses import replace
from importlib.resources import files

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from issue.strategies import issues
from issue_publisher.issue.grammar import issue_grammar, validate
from issue_publisher.issue.model import Article, Issue, text
from issue_publisher.issue.reader import read_issue
from issue_publisher.issue.source import parse_xml
from issue_publisher.issue.terms import NAMESPACE
from issue_publisher.issue.writer import write_issue

SCHEMA = etree.RelaxNG(
    etree.fromstring(files("issue_publisher.issue").joinpath("schema/issue.rng").read_bytes())
)
whole_issues = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@whole_issues
@given(issues())
def test_an_issue_written_and_read_says_the_same(issue: Issue):
    written = write_issue(issue)
    back = read_issue(written, "issue.xml")
    assert back == issue
    assert write_issue(back) == written
    assert SCHEMA.validate(etree.fromstring(written)), SCHEMA.error_log


@whole_issues
@given(issues())
def test_every_value_remembers_a_line_of_the_file(issue: Issue):
    lines = write_issue(issue).decode().split("\n")
    back = read_issue(write_issue(issue), "issue.xml")
    for page in back.pages:
        assert f'<page number="{page.number}"' in lines[page.line - 1]
        for item in page.items:
            assert f'id="{item.id}"' in lines[item.line - 1]
            for name, line in getattr(item, "lines", ()):
                assert f"<{name.replace('_', '-')}" in lines[line - 1]


@whole_issues
@given(issues(most_items=3), st.randoms(use_true_random=False))
def test_our_judge_finds_fault_exactly_when_libxml2_does(issue: Issue, chance: random.Random):
    tree = etree.fromstring(write_issue(issue))
    for _ in range(chance.randint(1, 2)):
        _spoil(tree, chance)
    data = etree.tostring(tree)
    ours = validate(parse_xml(data, "issue.xml", NAMESPACE)[0], "issue.xml")
    assert bool(ours) == (not SCHEMA.validate(tree)), (data.decode(), ours, SCHEMA.error_log)


def _spoil(tree: etree._Element, chance: random.Random) -> None:
    """Take away, double, move or rename one element, or spoil an attribute."""
    within = [element for element in tree.iter() if element is not tree]
    element = chance.choice(within)
    parent = element.getparent()
    match chance.randint(0, 5):
        case 0:
            parent.remove(element)
        case 1:
            parent.insert(0, element)
        case 2:
            element.tag = f"{{{NAMESPACE}}}{chance.choice(sorted(issue_grammar().names))}"
        case 3:
            etree.SubElement(element, chance.choice(within).tag)
        case 4:
            attribute = chance.choice(["id", "columns", "rel", "place", "nonsense", "src", "number"])
            element.set(attribute, chance.choice(["", "0", "7", "a b", "top", "related", "x"]))
        case 5 if element.attrib:
            del element.attrib[chance.choice(element.keys())]


def test_what_the_format_cannot_hold_is_refused_and_never_dropped(small_issue: Issue):
    (page,) = small_issue.pages
    article = page.items[0]
    assert isinstance(article, Article)
    broken = replace(article, headline=text("第一行\n第二行"))
    with pytest.raises(ValueError, match="cannot hold all of “a1”"):
        write_issue(replace(small_issue, pages=(replace(page, items=(broken,)),)))
