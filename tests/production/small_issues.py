"""A shelf of small issues, and what a run is told to do with them."""

from datetime import date, timedelta
from pathlib import Path

from issue_publisher.production.build import Output
from issue_publisher.production.regenerate import Run, Wanted, regenerate
from production.newspaper import ISSUE, jpeg

FIRST = date(2026, 11, 30)
BOOKS = Wanted(frozenset({Output.EPUB}))  # the e-book is built in a moment


def make_sources(folder: Path, count: int) -> Path:
    """The folder of so many issues, each a week after the one before."""
    picture = jpeg(160, 105)
    for number in range(count):
        day = FIRST + timedelta(weeks=number)
        place = folder / "source" / day.isoformat()
        (place / "pictures").mkdir(parents=True)
        (place / "pictures" / "river.jpg").write_bytes(picture)
        words = f"{day.year}年{day.month}月{day.day}日"
        xml = ISSUE.replace(FIRST.isoformat(), day.isoformat()).replace("2026年11月30日", words)
        (place / "issue.xml").write_text(xml, "utf-8")
    return folder / "source"


def xml_of(source: Path, issue: str) -> Path:
    """The XML of an issue."""
    return source / issue / "issue.xml"


def alter(path: Path, before: str = "清晨", after: str = "凌晨") -> None:
    """Change a text."""
    path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")


def run_all(source: Path, **more: object) -> Run:
    """A run over all issues of a newspaper, for its e-books."""
    return regenerate(source, source.parent / "dist", BOOKS, jobs=2, **more)  # type: ignore[arg-type]


def done(run: Run) -> dict[str, str]:
    """What was done to each issue."""
    return {line.before.name: line.done for line in run.lines}
