"""Whatever the issue: each of its texts finds its element, whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from hypothesis import HealthCheck, given, settings

from composition.test_any_issue import small_issues, tried
from composition.walk import said
from issue.strategies import issues
from issue_publisher.composition.model import ComposedIssue, Frame, TextBlock, VerticalBlock
from issue_publisher.issue.errors import SourceErrors
from issue_publisher.issue.model import Item
from issue_publisher.rendering.structure import Structure, _Tagger


def tagged(made: ComposedIssue) -> Iterator[tuple[Item, Frame, Structure, _Tagger]]:
    """Every frame with its item, its structure, and who found its elements."""
    for page in made.pages:
        items = {item.id: item for item in page.page.items}
        structure = Structure(made.issue.lang)
        sheet = structure.add("Sect", None)
        for frame in page.frames:
            tagger = _Tagger(frame, structure)
            tagger.item(items[frame.placement.item], sheet)
            yield items[frame.placement.item], frame, structure, tagger


def heard(frame: Frame, tagger: _Tagger) -> dict[int, str]:
    """The words of each element."""
    words: dict[int, str] = defaultdict(str)
    for part, numbers in zip(frame.parts, tagger.of, strict=True):
        if isinstance(part, TextBlock):
            for line, number in zip(part.lines, numbers, strict=True):
                words[number] += line.text
        elif isinstance(part, VerticalBlock):
            words[numbers[0]] += "".join(run.text for column in part.setting.columns for run in column.runs)
    return {number: "".join(text.split()) for number, text in words.items()}


def check_heard(made: ComposedIssue) -> None:
    """Nothing is left over, and every text is in one element."""
    for item, frame, structure, tagger in tagged(made):
        assert all(number >= 0 for numbers in tagger.of for number in numbers), item.id
        words = heard(frame, tagger)
        for one in said(item):
            bare = "".join(one.split())
            assert any(bare in text for text in words.values()), (item.id, bare)
        body = [number for number in words if structure.elements[number].tag in ("P", "LBody")]
        assert len(body) == len({number for number in body if words[number]}), item.id


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=6)
@given(small_issues())
def test_a_page_of_articles_is_heard_whole(issue):
    found = tried(issue)
    if not isinstance(found, SourceErrors):
        check_heard(found)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=40)
@given(issues())
def test_any_issue_is_heard_whole(issue):
    found = tried(issue)
    if not isinstance(found, SourceErrors):
        check_heard(found)
