"""Setting an issue's text at widths of 1 to 8 basic columns, against one layout of it by WeasyPrint.

Prints milliseconds for 1,000 characters, the ratio to WeasyPrint's layout of the same paragraphs in one
column in the same minute, and how the time grows with the length of one paragraph.
"""

import argparse
import time
from collections.abc import Callable
from html import escape
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from issue_publisher.composition.setter import Setter
from issue_publisher.fonts import Measures, read_fonts
from issue_publisher.issue.model import Article, Paragraph, Text
from issue_publisher.issue.reader import read_issue
from issue_publisher.layout.reader import read_layout
from issue_publisher.resources import shipped_fonts, shipped_layouts
from issue_publisher.typesetting.faces import PaperFaces
from issue_publisher.typesetting.lines import Style
from issue_publisher.typesetting.paragraph import Setting, prepare

LENGTHS = (1_000, 10_000, 100_000)


def seconds(work: Callable[[], object], rounds: int = 3) -> float:
    """The median of some rounds."""
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return median(taken)


def paragraphs_of(file: Path) -> list[Text]:
    """The body paragraphs of an issue's articles."""
    issue = read_issue(file.read_bytes(), str(file))
    articles = (item for page in issue.pages for item in page.items if isinstance(item, Article))
    return [block.text for article in articles for block in article.body if isinstance(block, Paragraph)]


def by_weasyprint(texts: list[Text], measure_pt: float) -> Callable[[], object]:
    """WeasyPrint's layout of the same paragraphs, justified, in one column, with the same face."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    face = (shipped_fonts() / "issue-song.otf").as_uri()
    css = CSS(
        string=f"@font-face {{ font-family: song; src: url('{face}') }} @page {{ size: 400mm 5000mm }}"
        f"p {{ width: {measure_pt}pt; font: 9pt/13.5pt song; text-align: justify; text-indent: 2em }}",
        font_config=fonts,
    )
    html = "".join(f"<p>{escape(text.plain)}</p>" for text in texts)
    return lambda: HTML(string=html).render(stylesheets=[css], font_config=fonts)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="folder of the issue")
    texts = paragraphs_of(parser.parse_args().source / "issue.xml")
    folder = shipped_layouts() / "broadsheet"
    layout = read_layout((folder / "layout.toml").read_bytes(), "layout.toml", folder)
    faces = PaperFaces(Measures(read_fonts(shipped_fonts())), layout.latin_fonts)
    grid, thousands = layout.grid, sum(len(text.plain) for text in texts) / 1000

    def at(columns: range) -> None:
        setter = Setter(layout, faces)  # its memory is part of what is measured
        for number in columns:
            for text in texts:
                setter.lines(text, "body", grid.width_pt(number))

    print(f"typesetting: {len(texts)} paragraphs, {thousands * 1000:,.0f} characters")
    at(range(1, 9))  # measures of glyphs are remembered by a running program
    ours = seconds(lambda: at(range(1, 9)))
    one = seconds(lambda: at(range(1, 2)))
    theirs = seconds(by_weasyprint(texts, grid.width_pt(1)))
    print(f"all widths 1–8   {ours / thousands * 1000:6.1f} ms for 1,000 characters")
    print(f"one column       {one / thousands * 1000:6.1f} ms")
    print(f"WeasyPrint       {theirs / thousands * 1000:6.1f} ms, layout alone, one column")
    print(f"ratio ours/WeasyPrint  {ours / theirs:.2f} all widths  {one / theirs:.2f} one column\n")

    words, style = "".join(text.plain for text in texts), Style("song", grid.body_pt)
    print("one paragraph    microseconds for a character at 1 column, at 8 columns")
    for length in LENGTHS:
        text = "".join(islice(cycle(words), length))
        taken = [
            seconds(
                lambda text=text, wide=wide: prepare([(text, style)], faces, layout.typesetting).lines(
                    Setting(grid.width_pt(wide), grid.body_pt)
                ),
                rounds=1,
            )
            for wide in (1, 8)
        ]
        print(f"{length:10,}       {'  '.join(f'{each / length * 1e6:6.1f}' for each in taken)}")


if __name__ == "__main__":
    main()
