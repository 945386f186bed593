"""What `make compare` calls a fault is one: columns with planted faults, read back from their PDF."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

import compare
from compare_engines import ENGINES, LEADING_PT, MARGIN_PT, SIZE_PT, Column, Failed, Job
from compare_measure import Kind, SetColumn, TextDiffers, Widths, read_columns, read_widths, unevenness_em
from compare_picture import draw, marks
from issue_publisher.rendering.pdf import Resource, write_pdf

REPOSITORY = Path(__file__).resolve().parents[2]
SONG, LATIN = (REPOSITORY / "fonts" / name for name in ("issue-song.otf", "issue-latin.ttf"))
MEASURE_PT = 8 * SIZE_PT


@pytest.fixture(scope="module")
def widths() -> Widths:
    return read_widths(SONG, LATIN)


@dataclass(frozen=True)
class Bench:
    """Lines painted just as they are given, and read back."""

    folder: Path
    widths: Widths

    def pdf(self, *lines: str) -> Path:
        """Lines of HTML under each other on one page; <i> is in the Latin face."""
        rows = "".join(f"<p>{line}</p>" for line in lines)
        html = f"""<style>
            @font-face {{ font-family: song; src: url(issue:/song) }}
            @font-face {{ font-family: latin; src: url(issue:/latin) }}
            @page {{ size: 200pt 300pt; margin: {MARGIN_PT}pt }}
            body, p {{ margin: 0 }}
            p {{ font: {SIZE_PT}pt/{LEADING_PT}pt song; white-space: pre }}
            i {{ font: normal 1em/0 latin }} b {{ font-weight: normal; margin-left: 0.6em }}
            s {{ text-decoration: none; letter-spacing: 0.2em }}
            u {{ text-decoration: none; font-feature-settings: "halt" }}
            </style>{rows}"""
        fonts = {
            "song": Resource(SONG.read_bytes(), "font/otf"),
            "latin": Resource(LATIN.read_bytes(), "font/ttf"),
        }
        path = self.folder / "column.pdf"
        path.write_bytes(write_pdf(html, fonts, identifier=b"0" * 16))
        return path

    def column(self, *lines: str, text: str | None = None) -> SetColumn:
        """The same as `compare` reads it: one paragraph of 8 characters a line."""
        plain = "".join(lines)
        for tag in "ibsu":
            plain = plain.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
        texts = [([text or plain], MEASURE_PT)]
        pdf = self.pdf(*lines)
        return read_columns(pdf, texts, left_pt=MARGIN_PT, size_pt=SIZE_PT, widths=self.widths)[0]

    def faults(self, *lines: str) -> list[tuple[Kind, str]]:
        """Each fault with the text of its line."""
        return [(fault.kind, line.text) for line, fault in self.column(*lines).faults]


@pytest.fixture
def bench(tmp_path: Path, widths: Widths) -> Bench:
    return Bench(tmp_path, widths)


def test_a_good_column_has_no_fault(bench: Bench) -> None:
    column = bench.column("一二三四五六七八", "<u>“</u>二三四五六七八<u>，</u>", "一二三。")
    assert [fault for _, fault in column.faults] == []
    assert column.widest[2] == pytest.approx(0, abs=0.02)  # the half “ stands a little to the left
    assert column.pitch_pt == pytest.approx(LEADING_PT, abs=0.01)
    assert unevenness_em([column]) == pytest.approx(0, abs=0.001)


def test_a_line_that_ends_short_or_sticks_out(bench: Bench) -> None:
    assert bench.faults("一二三四五六七", "一二三四五六七八", "一二三") == [(Kind.EDGE, "一二三四五六七")]
    assert bench.faults("一二三四五六七八九", "一二三") == [(Kind.EDGE, "一二三四五六七八九")]


def test_a_line_that_begins_late(bench: Bench) -> None:
    assert bench.faults("一二三四五六七八", "<b>一</b>二三四五六七", "二三")[0][0] is Kind.EDGE


def test_a_hanging_comma_reaches_the_edge(bench: Bench) -> None:
    assert bench.faults("一二三四五六七八，", "一二三。") == []


def test_a_comma_that_keeps_its_em_leaves_a_hole_at_the_edge(bench: Bench) -> None:
    assert bench.faults("一二三四五六七，", "一二三。") == [(Kind.OPEN, "一二三四五六七，")]
    assert bench.faults("一二三四五六七八", "“二三四五六七八", "一二。") == [(Kind.OPEN, "“二三四五六七八")]
    assert bench.faults("一二三四五六七！", "一二三。") == []


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("一二三四五六七八", "，二三四五六七八"),
        ("一二三四五六七“", "一二三四五六七八"),
        ("一二三四五六七八", "·二三四"),
        ("一二三四五六七…", "…二三四五六七八"),
        ("一二三四五六七—", "—二三四五六七八"),
        ("一二三四五六<i>12</i>", "<i>34</i>三四五六七八"),
        ("一二三四五六<i>12</i>", "亿元三四五六七八"),
        ("一二三四五六<i>12</i>", "<i>%</i>三四五六七八"),
        ("一二三四五六<i>la</i>", "<i>mp</i>三四五六七八"),
    ],
)
def test_what_no_line_may_begin_or_end_with(bench: Bench, above: str, below: str) -> None:
    kinds = [kind for kind, _ in bench.faults(above, below, "一二三。")]
    assert kinds.count(Kind.PROHIBITED) == 1


@pytest.mark.parametrize(
    ("above", "below"),
    [("一二三四五六——", "一二三四五六七八"), ("一二三四五六七八", "……三四五六七八")],
)
def test_a_whole_dash_may_end_or_begin_a_line(bench: Bench, above: str, below: str) -> None:
    assert bench.faults(above, below, "一二三。") == []


def test_a_last_line_of_one_character(bench: Bench) -> None:
    assert bench.faults("一二三四五六七八", "了。”") == [(Kind.RUNT, "了。”")]
    assert bench.faults("一二三四五六七八", "来了。") == []
    assert bench.faults("好。") == []


def test_the_widest_gap_is_white_that_does_not_belong_there(bench: Bench) -> None:
    line, at, white = bench.column("一二<b>三</b>四五六", "一，二“三”").widest
    assert (line.text[at], round(white, 2)) == ("三", 0.6)
    assert bench.column("一，二“三”").widest[2] == pytest.approx(0, abs=0.01)
    assert bench.column("一，“二”").widest[2] == pytest.approx(0.5, abs=0.01)  # two halves where one belongs


def test_uneven_lines(bench: Bench) -> None:
    even = bench.column("一二三四五六七八", "一二三四五六七八", "一")
    uneven = bench.column("<s>一二三四五六七</s>八", "一二三四五六七八", "一")
    assert unevenness_em([even]) == pytest.approx(0, abs=0.001)
    assert unevenness_em([uneven]) == pytest.approx(0.1, abs=0.002)


@pytest.mark.parametrize("text", ["一二三四五六七八一二三五", "一二三四五六七八一二三四五", "一二三四"])
def test_a_column_with_another_text_is_not_measured(bench: Bench, text: str) -> None:
    with pytest.raises(TextDiffers):
        bench.column("一二三四五六七八", "一二三四", text=text)


def test_faults_are_marked_in_the_picture(bench: Bench) -> None:
    good, bad = ("一二三四五六七八", "一二三。"), ("一二三四五六七", "，二三。")
    reds = []
    for lines in (good, bad):
        made = bench.column(*lines)
        picture = draw([("one", bench.folder / "column.pdf", [made])], [Column("text", ("",), 8)])
        assert len(list(marks(made))) == (0 if lines is good else 2)
        colours = picture.getcolors(1 << 24)
        reds.append(sum(count for count, (r, g, b) in colours if r > 180 and g < 80 and b < 80))
    assert reds[0] == 0 < reds[1]


# --------------------------------------------------------------------------- the engines


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job((Column("text", ("今年前10个月，全市“老字号”共286家。",), 8),), SONG, LATIN, tmp_path)


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
def test_every_engine_that_is_here_sets_the_text_where_it_should(job: Job, engine, widths: Widths) -> None:
    if absent := engine.absent():
        pytest.skip(absent)
    assert engine.set(engine.prepare(job), job) > 0
    texts = [(column.paragraphs, column.measure_pt) for column in job.columns]
    (made,) = read_columns(engine.pdf(job), texts, left_pt=MARGIN_PT, size_pt=SIZE_PT, widths=widths)
    assert made.lines[0].origin(0) == pytest.approx(2 * SIZE_PT, abs=0.05)
    assert made.pitch_pt == pytest.approx(LEADING_PT, abs=0.05)


def test_a_rival_that_is_absent_is_named_and_the_others_compared(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    weasyprint, chromium, typst, ours = ENGINES
    for engine, reason in ((chromium, "no Chromium here"), (weasyprint, None)):
        monkeypatch.setattr(type(engine), "absent", lambda self, reason=reason: reason)

    def fails(self, command: list[str], job: Job) -> float:
        raise Failed("Typst ended with 1: no word")

    monkeypatch.setattr(type(typst), "absent", lambda self: None)
    monkeypatch.setattr(type(typst), "set", fails)
    results, notes = compare.compare(job, 1)
    assert [result.engine.split()[0] for result in results] == [weasyprint.name, ours.name]
    assert [note.partition(" is not compared")[0] for note in notes] == ["Chromium", "Typst"]
    table = compare.table(results, job.columns)
    assert "WeasyPrint" in table
    assert "Chromium" not in table
