"""A small chart as SVG: points of one series joined by a line, both axes from nought."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, DEPTH = 420, 260
_LEFT, _RIGHT, _TOP, _FOOT = 46, 14, 30, 40  # margins


@dataclass(frozen=True)
class Chart:
    """What is drawn against what."""

    title: str
    across: str  # with its unit
    up: str
    points: Sequence[tuple[float, float]]


def charts_svg(charts: Sequence[Chart]) -> str:
    """The charts side by side."""
    drawn = "".join(
        f'<g transform="translate({number * WIDTH} 0)">{"".join(_chart(chart))}</g>'
        for number, chart in enumerate(charts)
    )
    size = f'width="{WIDTH * len(charts)}" height="{DEPTH}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="11">'
        f'<rect width="100%" height="100%" fill="white"/>{drawn}</svg>\n'
    )


def _chart(chart: Chart) -> Iterator[str]:
    right, foot = WIDTH - _RIGHT, DEPTH - _FOOT
    most_x, most_y = (_round_above(max(point[at] for point in chart.points)) for at in (0, 1))

    def at(x: float, y: float) -> tuple[float, float]:
        return _LEFT + (right - _LEFT) * x / most_x, foot - (foot - _TOP) * y / most_y

    yield _words((_LEFT + right) / 2, 16, chart.title, "middle")
    yield _words((_LEFT + right) / 2, DEPTH - 8, chart.across, "middle")
    yield _words(4, 16, chart.up, "start")
    for part in range(5):
        x, y = at(most_x * part / 4, most_y * part / 4)
        yield f'<path d="M{_LEFT} {y:.1f}H{right}M{x:.1f} {_TOP}V{foot}" stroke="#ddd"/>'
        yield _words(x, foot + 14, f"{most_x * part / 4:g}", "middle")
        yield _words(_LEFT - 5, y + 4, f"{most_y * part / 4:g}", "end")
    path = " ".join("{:.1f},{:.1f}".format(*at(*point)) for point in sorted(chart.points))
    yield f'<polyline points="{path}" fill="none" stroke="#0a63c9" stroke-width="1.5"/>'
    for point in chart.points:
        yield '<circle cx="{:.1f}" cy="{:.1f}" r="2.5" fill="#0a63c9"/>'.format(*at(*point))


def _words(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _round_above(value: float) -> float:
    """The next of 1, 2, 4, 8 times a power of ten."""
    step = 1e-3
    while True:
        for times in (1, 2, 4, 8):
            if step * times >= value:
                return step * times
        step *= 10
