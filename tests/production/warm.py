"""Imported by the process that the workers of tests are forked from: each alone would take seconds."""

from pathlib import Path

from issue_publisher.production.program import made_by
from issue_publisher.production.work import warm

made_by()
warm(Path("source"))
