"""A small issue, as text to spoil and as a value."""

from __future__ import annotations

import pytest

from issue_publisher.issue.model import Issue
from issue_publisher.issue.reader import read_issue

SMALL = """\
<?xml version="1.0" encoding="UTF-8"?>
<issue xmlns="urn:issue-publisher:issue" version="1.0" id="2026-11-23" date="2026-11-23">
  <nameplate>
    <title>新材料报</title>
    <date>2026年11月23日</date>
  </nameplate>
  <page number="1" title="要闻">
    <article id="a1">
      <headline>新合金通过首次考核</headline>
      <body>
        <p>本报讯，新合金通过考核。</p>
      </body>
    </article>
  </page>
</issue>
"""


@pytest.fixture
def small() -> str:
    return SMALL


@pytest.fixture
def small_issue() -> Issue:
    return read_issue(SMALL.encode(), "issue.xml")
