"""What an issue says and what its pages show, so that the two can be compared; and the geometry of pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from issue_publisher.composition.model import (
    ComposedIssue,
    ComposedPage,
    Frame,
    PictureBox,
    Placement,
    Rule,
    TextBlock,
    VerticalBlock,
)
from issue_publisher.issue import wording
from issue_publisher.issue.model import (
    Advertisement,
    Article,
    Block,
    Box,
    Briefs,
    Cell,
    Crosshead,
    Exchange,
    Figure,
    Item,
    ListBlock,
    Paragraph,
    PictureItem,
    PullQuote,
    Quotation,
    Table,
    Text,
    Verse,
)
from issue_publisher.issue.notes import noted
from typesetting.paper import layout
from typesetting.prohibition import CLOSING, POINTS

# --------------------------------------------------------------------------- what an item says


def said(item: Item) -> Iterator[str]:
    """Every text of an item as it must be printed, labels included, in any order."""
    match item:
        case Article():
            yield from _article(item)
        case Briefs():
            yield item.rubric
            for brief in item.articles:
                yield from _article(brief)
        case PictureItem():
            yield from filter(None, [item.rubric, item.headline.plain if item.headline else None])
            yield from _blocks((*item.text, *item.figures))
        case Advertisement():
            yield wording.advertisement_text(item.kind)
            yield item.headline.plain if item.headline else ""
            yield from _blocks(item.blocks)


def _article(article: Article) -> Iterator[str]:
    article = noted(article)
    heads = (article.headline, article.kicker, *article.decks, article.standfirst)
    yield from (head.plain for head in heads if head)
    yield article.rubric or ""
    yield wording.series_text(article.series) if article.series else ""
    if head := wording.head_text(article):
        yield f"□ {head}"
    if label := wording.editors_note_label(article.editors_note):
        yield f"【{label}】"
    yield from _blocks(article.editors_note)
    yield from _blocks(wording.body_as_printed(article))
    yield from (end.plain for end in (article.affiliation, article.signature) if end)
    yield from (
        ("" if at else wording.NOTES_LABEL) + note.mark + note.text.plain
        for at, note in enumerate(article.notes)
    )
    yield from (line.plain for line in (article.jump_line, article.continued_line) if line)


def _blocks(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph() | Crosshead():
            yield block.text.plain
        case ListBlock():
            for number, item in enumerate(block.items, 1):
                yield (f"{number}. " if block.ordered else "■ ") + item.plain
        case Quotation():
            yield from _blocks(block.paragraphs)
            yield _plain(block.source)
        case PullQuote():
            yield block.text.plain
            yield _plain(block.source)
        case Exchange():
            yield wording.speaker_text(block.asker)
            yield from _blocks(block.question)
            yield wording.speaker_text(block.answerer)
            yield from _blocks(block.answer)
        case Verse():
            yield from (line.plain for stanza in block.stanzas for line in stanza)
        case Table():
            yield _plain(block.caption)
            yield from (_cell(cell) for row in block.rows for cell in row)
        case Figure():
            yield _plain(block.caption)
            yield _plain(block.credit)
        case Box():
            yield _plain(block.headline)
            yield from _blocks(block.blocks)


def _cell(cell: Cell) -> str:
    return cell.text.plain


def _plain(text: Text | None) -> str:
    return text.plain if text else ""


def figures_of(item: Item) -> Iterator[str]:
    """The pictures of an item."""
    stack: list[object] = [item]
    while stack:
        value = stack.pop(0)
        if isinstance(value, Figure):
            yield value.src
        elif isinstance(value, tuple):
            stack = [*value, *stack]
        elif isinstance(value, Article | Briefs | PictureItem | Advertisement | Box):
            stack = [getattr(value, name) for name in value.__dataclass_fields__] + stack


# --------------------------------------------------------------------------- what a page shows


def bare(words: str) -> str:
    """Without white space."""
    return "".join(words.split())


def blocks_of(frame: Frame) -> Iterator[TextBlock]:
    """The text blocks of a frame."""
    return (part for part in frame.parts if isinstance(part, TextBlock))


def shown(frame: Frame) -> str:
    """All its lines in order, vertical ones too, without white space."""
    words = ""
    for part in frame.parts:
        if isinstance(part, TextBlock):
            words += "".join(line.text for line in part.lines)
        elif isinstance(part, VerticalBlock):
            words += part.setting.text
    return bare(words)


def pictures_of(frame: Frame) -> list[PictureBox]:
    """The pictures of a frame."""
    return [part for part in frame.parts if isinstance(part, PictureBox)]


# --------------------------------------------------------------------------- what must hold


def check(composed: ComposedIssue) -> None:
    """All invariants of an issue made up."""
    check_words(composed)
    for page in composed.pages:
        check_frames(page)
        check_parts(page)
        check_baselines(page)
        check_captions(page)


def check_words(composed: ComposedIssue) -> None:
    """Every item once; every text once, whole and in one piece; every picture once."""
    assert [page.page for page in composed.pages] == list(composed.issue.pages)
    for page in composed.pages:
        assert [frame.placement.item for frame in page.frames] == [item.id for item in page.page.items]
        for frame, item in zip(page.frames, page.page.items, strict=True):
            expected, found = [bare(words) for words in said(item)], shown(frame)
            missing = Counter("".join(expected)) - Counter(found)
            added = Counter(found) - Counter("".join(expected))
            assert not missing, f"{item.id} lacks {''.join(missing.elements())[:80]}"
            assert not added, f"{item.id} has too much {''.join(added.elements())[:80]}"
            for words in expected:
                assert words in found, f"{item.id}: {words[:40]} is torn"
            assert sorted(box.src for box in pictures_of(frame)) == sorted(figures_of(item))


def check_frames(page: ComposedPage) -> None:
    """No frame overlaps another or leaves the type area; an L gives up its corner, and that alone."""
    grid = layout().grid
    taken: dict[tuple[int, int], str] = {}
    corners = {frame.placement.inside: frame.placement for frame in page.frames if frame.placement.inside}
    for frame in page.frames:
        place = frame.placement
        corner = corners.get(place.item)
        if corner is not None:
            check_corner(frame, corner)
        assert place.column >= 0 <= place.row
        assert place.column + place.choice.columns <= grid.columns
        assert place.row + place.lines <= grid.lines
        for column in range(place.column, place.column + place.choice.columns):
            for row in range(place.row, place.row + place.lines):
                if corner is not None and column >= corner.column and row >= corner.row:
                    continue
                other = taken.setdefault((column, row), place.item)
                assert other == place.item, f"{place.item} overlaps {other}"


def check_corner(frame: Frame, corner: Placement) -> None:
    """What stands in an article's corner fills it to the right and the foot, and no ink of the article's."""
    grid, place = layout().grid, frame.placement
    right, foot = place.column + place.choice.columns, place.row + place.lines
    assert (corner.column + corner.choice.columns, corner.row + corner.lines) == (right, foot)
    assert corner.column > place.column
    assert corner.row > place.row
    left_pt = grid.x_pt(corner.column) - grid.x_pt(place.column)
    top_pt = grid.depth_pt(corner.row - place.row)
    for _, _, right_pt, foot_pt, what in rectangles(frame):
        assert right_pt < left_pt or foot_pt < top_pt + 0.5, f"{what} stands in the corner of {place.item}"


Rectangle = tuple[float, float, float, float, str]


def rectangles(frame: Frame) -> Iterator[Rectangle]:
    """Where the ink of a frame's lines and pictures is: left, top, right, foot, what."""
    for part in frame.parts:
        if isinstance(part, PictureBox):
            yield part.x_pt, part.y_pt, part.x_pt + part.width_pt, part.y_pt + part.depth_pt, part.src
        elif isinstance(part, TextBlock):
            for at, line in enumerate(part.lines):
                size = max(run.style.size_pt for run in line.runs)
                middle = part.y_pt + (at + 0.5) * part.leading_pt
                first, last = line.runs[0], line.runs[-1]
                left = part.x_pt + first.x_pt + (size / 2 if first.x_pt < -0.01 else 0.0)
                right = part.x_pt + last.x_pt + last.width_pt + min(0.0, last.after_pt)
                right -= last.style.tracking_em * last.style.size_pt  # white behind the last character
                if last.after_pt > -0.01 and last.text[-1] in POINTS + CLOSING:
                    right -= last.style.size_pt / 2
                yield left, middle - size / 2, right, middle + size / 2, line.text


def check_parts(page: ComposedPage) -> None:
    """Lines and pictures stay inside their frame and off each other."""
    grid = layout().grid
    for frame in page.frames:
        place = frame.placement
        width, depth = grid.width_pt(place.choice.columns), grid.depth_pt(place.lines)
        for rule in frame.parts:
            if isinstance(rule, Rule):
                assert rule.x_pt > -0.1
                assert rule.x_pt + rule.width_pt < width + 0.1, f"{place.item}: a rule sticks out"
                assert rule.y_pt + rule.depth_pt < depth + 0.5
        found = list(rectangles(frame))
        for left, top, right, foot, what in found:
            assert left > -0.1, f"{place.item}: {what} sticks out at the left"
            assert right < width + 0.1, f"{place.item}: {what} sticks out by {right - width:.2f} pt"
            assert top > -0.1, f"{place.item}: {what} sticks out above"
            assert foot < depth + 0.5, f"{place.item}: {what} sticks out below by {foot - depth:.2f} pt"
        for at, one in enumerate(found):
            for other in found[:at]:
                apart = (
                    one[0] > other[2] - 0.1
                    or other[0] > one[2] - 0.1
                    or one[1] > other[3] - 0.1
                    or other[1] > one[3] - 0.1
                )
                assert apart, f"{place.item}: {one[4]} over {other[4]}"


ON_THE_GRID = {"body", "list", "question", "answer", "verse", "quotation"}


def check_baselines(page: ComposedPage) -> None:
    """All lines of the running text stand on the page's grid."""
    leading = layout().grid.leading_pt
    for frame in page.frames:
        for block in blocks_of(frame):
            if block.kind in ON_THE_GRID and not _in_a_box(frame, block):
                assert block.leading_pt == leading
                off = block.y_pt % leading
                assert min(off, leading - off) < 0.01, (
                    f"{frame.placement.item}: {block.lines[0].text} off the grid"
                )


def _in_a_box(frame: Frame, block: TextBlock) -> bool:
    """Whether a block stands in a tinted box, which is set by its own measure."""
    tints = [part for part in frame.parts if getattr(part, "ink", "") == "pale"]
    return any(
        t.y_pt <= block.y_pt <= t.y_pt + t.depth_pt and t.x_pt - 0.1 <= block.x_pt <= t.x_pt + t.width_pt
        for t in tints
    )  # type: ignore[union-attr]


def check_captions(page: ComposedPage) -> None:
    """Each caption and credit stands right under its own picture, or on the caption's last line."""
    said_of = [
        (figure.src, bare(_plain(figure.caption)), bare(_plain(figure.credit)))
        for item in page.page.items
        for figure in _figures(item)
    ]
    for frame in page.frames:
        shown_of: list[list[str]] = []
        box: PictureBox | None = None
        for part in frame.parts:
            if isinstance(part, PictureBox):
                box = part
                shown_of.append([box.src, "", ""])
            elif isinstance(part, TextBlock) and part.kind in ("caption", "credit"):
                assert box is not None
                assert abs(part.x_pt - box.x_pt) < 0.1
                assert abs(part.width_pt - box.width_pt) < 0.1
                assert part.y_pt >= box.y_pt + box.depth_pt
                if part.kind == "caption":
                    assert part.y_pt - box.y_pt - box.depth_pt < layout().grid.leading_pt
                words = bare("".join(line.text for line in part.lines))
                shown_of[-1][1 if part.kind == "caption" else 2] = words
        assert all(tuple(three) in said_of for three in shown_of)


def _figures(item: object) -> Iterator[Figure]:
    if isinstance(item, Figure):
        yield item
    elif isinstance(item, tuple):
        for part in item:
            yield from _figures(part)
    elif hasattr(item, "__dataclass_fields__"):
        for name in item.__dataclass_fields__:
            yield from _figures(getattr(item, name))


def feet(frame: Frame) -> dict[float, float]:
    """Left edge of each leg of running text → foot of its last line, in lines of the grid."""
    leading = layout().grid.leading_pt
    found: dict[float, float] = {}
    for block in blocks_of(frame):
        if block.kind in ON_THE_GRID:
            x = round(block.x_pt, 1)
            found[x] = max(found.get(x, 0.0), (block.y_pt + block.depth_pt) / leading)
    return found
