"""A paper's profile: what it adds, what it replaces, and what is said of a wrong one."""

from __future__ import annotations

import datetime
import pickle
import re
import tomllib
from pathlib import Path

import pytest

from issue_publisher.issue.errors import SourceErrors
from issue_publisher.issue.model import Article, Weight
from issue_publisher.transcript.importer import import_issue
from issue_publisher.transcript.profile import GENERAL, Profile, read_profile
from transcript.texts import transcript

DAY = datetime.date(2026, 5, 12)


def profile(text: str) -> Profile:
    return read_profile(text.encode(), "transcript.toml")


def wrong(text: str) -> list[str]:
    with pytest.raises(SourceErrors) as error:
        profile(text)
    return [str(each) for each in error.value]


def test_an_empty_profile_is_the_general_one() -> None:
    own = profile("")
    assert own.patterns == GENERAL.patterns
    assert (own.rubrics, own.lengths, own.mends) == (GENERAL.rubrics, GENERAL.lengths, GENERAL.mends)


def test_what_it_says_replaces_or_adds() -> None:
    own = profile(
        """
[lengths]
crosshead = 12
[[rubrics]]
name = "快评"
genre = "essay"
[[rubrics]]
name = "青年论坛"
weight = "major"
[patterns]
deck = ['(?P<words>※.+)']
[mends.foreign]
but = "但"
"""
    )
    assert (own.lengths.crosshead, own.lengths.headline) == (12, GENERAL.lengths.headline)
    assert [rule.genre for rule in own.rubrics if rule.name == "快评"] == ["essay"]
    assert len(own.rubrics) == len(GENERAL.rubrics) + 1
    assert own.rubric("【青年 论坛】") == own.rubric("青年论坛")
    assert own.patterns["deck"][1:] == GENERAL.patterns["deck"]
    assert own.mends.foreign["but"] == "但"
    assert own.mends.foreign["and"] == "和"


def test_kinds_of_patterns_may_be_replaced() -> None:
    own = profile("[patterns]\nreplace = ['series', 'deck']\ndeck = ['(?P<words>※.+)']\n")
    assert own.patterns["series"] == ()
    assert [each.pattern for each in own.patterns["deck"]] == ["(?P<words>※.+)"]


def test_everything_that_is_wrong_is_said_with_its_line() -> None:
    text = """[paper]
nam = "山海材料报"
id = "山 海"
[lengths]
headline = "long"
[[pages]]
number = 1
titel = "要闻"
[[rubrics]]
genre = "news"
[patterns]
byline = ['(unfinished']
kicker = ['no group']
kickr = ['(?P<words>.+)']
replace = ['nothing']
[mends]
safe = ["everything"]
"""
    assert [each.partition(" (")[0][len("transcript.toml:") :] for each in wrong(text)] == [
        "2: unknown key paper.nam",
        "3: paper.id is '山 海'",
        "5: lengths.headline is 'long'",
        "8: unknown key pages.titel",
        "9: rubrics.name is missing",
        "12: patterns.byline: not a pattern: missing ), unterminated subpattern at position 0",
        "13: patterns.kicker: the named groups are not those that it must have",
        "14: unknown key patterns.kickr",
        "15: patterns.replace: there is no nothing",
        "17: mends.safe is 'everything'",
    ]
    assert "is name meant?" in wrong(text)[0]
    assert "(?P<words>…)" in wrong(text)[6]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"[paper\n", "transcript.toml:1: not TOML"),
        (b"a = 1\n\xff", "transcript.toml:2: not UTF-8"),
        (b"rubrics = 1\n", "transcript.toml:1: rubrics is no row"),
        (b"patterns = 1\n", "transcript.toml:1: patterns is no table"),
        (b"[patterns]\nbyline = 'x'\n", "transcript.toml:2: patterns.byline is no row of texts"),
        (b"#" * 1_000_001, "transcript.toml:1: too large"),
    ],
)
def test_files_that_are_no_profile(data: bytes, said: str) -> None:
    with pytest.raises(SourceErrors) as error:
        read_profile(data, "transcript.toml")
    assert str(error.value).startswith(said)


def test_a_pattern_that_drops_words_of_the_text_is_refused() -> None:
    own = profile("[patterns]\nkicker = ['要闻：.*?，(?P<words>.+)']\n")
    text = "头条\n\n本报讯 第一条。\n\n要闻：很重要，三号炉点火\n\n次条\n\n本报讯 第二条。\n"
    with pytest.raises(SourceErrors, match="the pattern of kicker leaves out “要闻：很重要，”") as error:
        import_issue(transcript(text), own, date=DAY)
    assert str(error.value).startswith("old.txt:5: ")
    assert "transcript.toml" in str(error.value)


def test_rubrics_weigh() -> None:
    own = profile('[[rubrics]]\nname = "特别关注"\nweight = "lead"\n')
    text = "头条\n\n本报讯 第一条。\n\n特别关注\n\n次条\n\n本报讯 第二条。\n"
    items = import_issue(transcript(text), own, date=DAY).issue.pages[0].items
    assert [item.weight for item in items if isinstance(item, Article)] == [Weight.MAJOR, Weight.LEAD]


def test_profiles_travel_between_processes() -> None:
    assert pickle.loads(pickle.dumps(GENERAL)) == GENERAL


def test_the_profile_of_the_docs_is_one(repository: Path) -> None:
    page = (repository / "docs" / "import.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```toml\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    own = profile(block)
    assert own.rubric("矿区速览") is not None
    assert len(own.patterns["series"]) == 1


def test_the_docs_name_every_key(repository: Path) -> None:
    page = (repository / "docs" / "import.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `\[+(\w+)\]+` \| (.*) \|$", page, re.MULTILINE))
    shipped = repository / "src" / "issue_publisher" / "transcript" / "general.toml"
    for table, keys in tomllib.loads(shipped.read_text(encoding="utf-8")).items():
        for key in keys[0] if isinstance(keys, list) else keys:
            assert f"`{key}`" in rows[table], f"{table}.{key}"
