"""Where the keys of a TOML file stand, of layouts, profiles and whatever else messages name a line of."""

from __future__ import annotations

import pytest

from issue_publisher.toml_lines import lines_of_keys

TEXT = '''# a comment
name = "one"
far.off = [
    1,
    2,
]

[table]  # with a comment
"words in quotes" = """
[not a table]
"""
inner = { deep = 1 }

[[rows]]
name = "first"
[rows.below]
key = 1

[[rows]]
name = "second"
'''


def test_keys_stand_where_their_statements_begin() -> None:
    found = lines_of_keys(TEXT)
    assert found[("name",)] == 2
    assert found[("far",)] == found[("far", "off")] == 3
    assert found[("table",)] == 8
    assert found[("table", "words in quotes")] == 9
    assert found[("table", "inner", "deep")] == 12
    assert ("not a table",) not in found


def test_rows_are_told_by_their_number() -> None:
    found = lines_of_keys(TEXT)
    assert (found[("rows",)], found[("rows", 0)], found[("rows", 1)]) == (14, 14, 19)
    assert (found[("rows", 0, "name")], found[("rows", 1, "name")]) == (15, 20)


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing"])
def test_nothing_stands_nowhere(text: str) -> None:
    assert lines_of_keys(text) == {}
