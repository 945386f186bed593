"""When a page does not fit (放不下、排不满): by how much, and what would help, before anything is rendered.

Pure functions over plain values. All room is counted in lines of one basic column: a piece three columns wide
and ten lines deep takes thirty. Characters are those of the body at the basic column's measure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from issue_publisher.composition.candidates import Option
from issue_publisher.composition.spare import Spare
from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.issue.model import Weight

# --------------------------------------------------------------------------- what a page holds and needs


@dataclass(frozen=True, slots=True)
class Saving:
    """What an item would take less without one part of it."""

    what: str  # as a message says it: leave out picture 2 of furnace
    lines: int
    optional: bool = False  # the source says that print may do without


@dataclass(frozen=True, slots=True)
class Need:
    """What one item takes of a page, in lines of one basic column."""

    item: str
    kind: str  # article, briefs, pictures, advertisement
    line: int  # in the issue's XML
    weight: Weight
    least: int
    most: int
    sizes: int  # different widths and depths in which it can stand
    over: int | None = None  # lines too long for the page by itself; 0: no shape holds it at any length
    text: int = 0  # lines of its text in one basic column
    optional: int = 0  # lines that it takes less without all that is optional
    savings: tuple[Saving, ...] = ()


@dataclass(frozen=True, slots=True)
class Room:
    """A page's room for its items, in lines of one basic column, and what they need of it."""

    page: int
    line: int  # of the page in the issue's XML
    columns: int
    lines: int  # deep
    column_characters: int  # of the body in one line of a basic column
    needs: tuple[Need, ...]
    fitted: bool = False  # optional matter is left out already, in vain

    @property
    def area(self) -> int:
        """All of it."""
        return self.columns * self.lines

    @property
    def least(self) -> int:
        """What its items take at least."""
        return sum(need.least for need in self.needs)

    @property
    def most(self) -> int:
        """What its items fill at most, without white beyond what the layout grants."""
        return sum(need.most for need in self.needs)

    @property
    def over(self) -> int:
        """Lines too much; 0 when there is room."""
        return max(0, self.least - self.area)

    @property
    def under(self) -> int:
        """Lines that stay white whatever is done; 0 when the items can fill the page."""
        return max(0, self.area - self.most)

    @property
    def free(self) -> int:
        """Lines that another item could have."""
        return max(0, self.area - self.least)

    @property
    def holds(self) -> bool:
        """Whether every item has a shape and all together are no larger than the page."""
        return not self.over and all(need.over is None for need in self.needs)


class DoesNotFit(SourceErrors):
    """A page that cannot be made up: too full, or (`room.holds`) no make-up was found."""

    def __init__(self, room: Room, errors: Iterable[SourceError] = (), gone: tuple[Spare, ...] = ()) -> None:
        super().__init__(errors)
        self.room = room
        self.gone = gone  # what was left out, in vain


def need_of(item: str, kind: str, line: int, weight: Weight, options: Sequence[Option]) -> Need:
    """What an item takes by its options on the page."""
    areas = [option.choice.columns * option.lines for option in options]
    sizes = {(option.choice.columns, option.lines) for option in options}
    return Need(item, kind, line, weight, min(areas), max(areas), len(sizes))


# --------------------------------------------------------------------------- remedies


class What(StrEnum):
    """What the desk can do."""

    FIT = "build with --fit"
    CUT = "cut"
    SPARE = "leave out a part, or shorten the headline"
    MOVE = "move to another page"
    TAKE = "take from another page"
    LONGER = "a longer text"
    PICTURE = "a picture more"
    MORE = "more items"
    LOOSEN = "let it take other shapes"


@dataclass(frozen=True, slots=True)
class Remedy:
    """One thing that would help a page; `lines` of one basic column are gained by it, or filled."""

    what: What
    item: str
    lines: int
    characters: int
    page: int | None = None  # to move to, or to take from
    words: str = ""  # as a message says it
    loss: float = 0.0  # share of the item that readers lose (0–1)


def remedies(room: Room, others: Iterable[Room], *, most: int) -> tuple[Remedy, ...]:
    """What would help a page, the least loss first: each by itself if there is such, else the best together.

    `others`: the other pages of the issue. At most `most` remedies. Nothing when the page is neither too full
    nor too empty and every item has a shape: then see `loosening`.
    """
    if room.over:
        return _for_too_much(room, tuple(others), most)
    return _for_too_little(room, tuple(others))[:most] if room.under else ()


def _for_too_much(room: Room, others: Sequence[Room], most: int) -> tuple[Remedy, ...]:
    over = room.over
    ways = [
        *_by_optional_matter(room),
        *_by_moving(room, others),
        *_by_sparing(room, optional=False),
        *_by_cutting(room, over),
    ]
    enough = sorted((way for way in ways if way.lines >= over), key=_loss)
    if enough:
        return tuple(_one_of_a_kind(enough))[:most]
    return tuple(_together(room, ways, over, most))


def _loss(remedy: Remedy) -> tuple[float, int, str]:
    return (remedy.loss, remedy.lines, remedy.item)


def _one_of_a_kind(found: Iterable[Remedy]) -> Iterator[Remedy]:
    """The best of each kind: a message is no list of everything."""
    seen: set[What] = set()
    for remedy in found:
        if remedy.what not in seen:
            seen.add(remedy.what)
            yield remedy


def _together(room: Room, ways: Sequence[Remedy], over: int, most: int) -> Iterator[Remedy]:
    """Where nothing is enough alone: the largest moves and parts, the rest cut from the longest texts."""
    touched: set[str] = set()
    for way in (way for way in ways if way.what is What.FIT):
        yield way
        over, most = over - way.lines, most - 1
        ways = [way for way in ways if way.what is What.MOVE]
    for way in sorted(ways, key=lambda way: (-way.lines, way.item)):
        if over > 0 and most > 1 and way.what in (What.MOVE, What.SPARE) and way.item not in touched:
            yield way
            touched.add(way.item)
            over, most = over - way.lines, most - 1
    texts = sorted((n for n in room.needs if n.item not in touched and n.text), key=lambda n: -n.text)[:most]
    whole = sum(need.text for need in texts)
    if over > whole:
        words = f"take items of {_lines(over)} together out of the page"
        yield Remedy(What.MOVE, "", over, over * room.column_characters, words=words)
        return
    for need in texts:
        if over > 0:
            yield _cut(room, need, min(need.text, -(-over * need.text // whole)))


def _by_optional_matter(room: Room, needs: Sequence[Need] | None = None) -> Iterator[Remedy]:
    lines = sum(need.optional for need in needs or room.needs)
    if lines and not room.fitted:
        words = f"build with --fit, {_lines(lines)} are marked as optional"
        yield Remedy(What.FIT, "", lines, lines * room.column_characters, words=words)


def _by_moving(room: Room, others: Sequence[Room]) -> Iterator[Remedy]:
    """Each item that another page has room for; least loss where that page wants it."""
    for need in room.needs:
        if not _may_move(need):
            continue
        for other in others:
            if need.least <= other.free:
                words = f"move {need.item} to page {other.page}, where {_lines(other.free)} are free"
                loss = 0.0 if other.under >= need.least else 1.0
                characters = need.least * room.column_characters
                yield Remedy(What.MOVE, need.item, need.least, characters, other.page, words, loss)


def _by_sparing(room: Room, *, optional: bool = True) -> Iterator[Remedy]:
    """Each part that an item could do without; also those that --fit would leave out, if `optional`."""
    for need in room.needs:
        for saving in need.savings:
            if saving.lines > 0 and (optional or not saving.optional):
                words = f"{saving.what} ({_lines(saving.lines)})"
                yield Remedy(
                    What.SPARE, need.item, saving.lines, saving.lines * room.column_characters,
                    words=words, loss=saving.lines / max(1, need.least),
                )  # fmt: skip


def _by_cutting(room: Room, over: int) -> Iterator[Remedy]:
    """So many lines from any text that is longer than that."""
    for need in room.needs:
        if need.text > over:
            yield _cut(room, need, over)


def _cut(room: Room, need: Need, lines: int) -> Remedy:
    characters = lines * room.column_characters
    words = f"cut about {_lines(lines)} ({characters} characters) from {need.item}"
    return Remedy(What.CUT, need.item, lines, characters, words=words, loss=lines / max(1, need.text))


def _for_too_little(room: Room, others: Sequence[Room]) -> tuple[Remedy, ...]:
    missing, each = room.under, room.column_characters
    found = []
    for other in others:
        fitting = [n for n in other.needs if other.over and n.least <= room.free and _may_move(n)]
        if fitting:
            best = min(fitting, key=lambda n: (abs(n.least - max(missing, other.over)), n.item))
            words = f"move {best.item} here from page {other.page}, which is {_lines(other.over)} too full"
            found.append(Remedy(What.TAKE, best.item, best.least, best.least * each, other.page, words))
    texts = [need for need in room.needs if need.kind == "article"]
    if missing > max((need.least for need in texts), default=0):
        words = f"give it more items, of {_lines(missing)} together"
        return (*found, Remedy(What.MORE, "", missing, missing * each, words=words))
    if texts:
        longest = max(texts, key=lambda n: (n.least, n.item))
        words = f"{longest.item} could be {_lines(missing)} ({missing * each} characters) longer"
        found.append(Remedy(What.LONGER, longest.item, missing, missing * each, words=words))
    columns = max(room.columns // 2, -(-missing // room.lines))
    if (deep := missing // columns) >= columns:  # else it would be a strip
        words = f"a picture more, {columns} columns wide and {_lines(deep)} deep with its caption"
        found.append(Remedy(What.PICTURE, "", columns * deep, columns * deep * each, words=words))
    return tuple(found)


def _may_move(need: Need) -> bool:
    return need.weight is not Weight.LEAD and need.kind != "advertisement" and need.over is None


def loosening(room: Room, *, most: int) -> tuple[Remedy, ...]:
    """What would help where each item fits and no make-up was found: begin with the stiffest item.

    The stiffest has the fewest sizes for the room that it takes.
    """
    movable = [need for need in room.needs if need.kind != "advertisement"] or list(room.needs)
    if not movable:
        return ()
    stiffest = max(movable, key=lambda need: (need.least / need.sizes, need.item))
    sizes = f"{stiffest.sizes} sizes" if stiffest.sizes > 1 else "one size"
    size = f"{sizes} for {_lines(stiffest.least)}"
    words = f"{stiffest.item} is the stiffest, with {size}: let it have other widths"
    found = [*_by_optional_matter(room), Remedy(What.LOOSEN, stiffest.item, 0, 0, words=words)]
    found += sorted((way for way in _by_sparing(room) if way.item == stiffest.item), key=_loss)
    if longest := max(movable, key=lambda need: need.text, default=None):
        found += [_cut(room, longest, room.columns)] if longest.text > room.columns else []
    return tuple(found)[:most]


# --------------------------------------------------------------------------- messages


def errors_of(room: Room, others: Iterable[Room], file: str, *, most: int) -> tuple[SourceError, ...]:
    """Why a page cannot be made up: a line for each item that no shape holds, and one for the page."""
    alone = [need for need in room.needs if need.over is not None]
    found = [_alone(need, room, file, most) for need in alone]
    if room.over and (not alone or len(room.needs) > len(alone)):
        found.append(_too_much(room, others, file, most))
    if room.holds:  # and still no page was found
        found.append(_too_little(room, others, file, most) if room.under else _no_make_up(room, file, most))
    return tuple(found)


def warning_of(room: Room, others: Iterable[Room], file: str, *, most: int) -> SourceError | None:
    """That a page stays partly white, how much it lacks and what would help; None when it can be full."""
    return replace(_too_little(room, others, file, most), severity="warning") if room.under else None


def _too_little(room: Room, others: Iterable[Room], file: str, most: int) -> SourceError:
    message = (
        f"page {room.page}: {_amount(room, room.under)} of text are missing: "
        f"its items fill at most {_lines(room.most)} of one column of {room.area}"
    )
    return SourceError(file, room.line, message, _joined(remedies(room, others, most=most)), code="underset")


def _fitted(room: Room) -> str:
    return "even with --fit, " if room.fitted else ""


def _amount(room: Room, lines: int) -> str:
    return f"{_lines(lines)} ({lines * room.column_characters} characters)"


def _lines(count: int) -> str:
    return f"{count} line" if count == 1 else f"{count} lines"


def _joined(found: Sequence[Remedy], word: str = "; or ") -> str:
    return word.join(remedy.words for remedy in found)


def _too_much(room: Room, others: Iterable[Room], file: str, most: int) -> SourceError:
    message = (
        f"page {room.page}: {_fitted(room)}its items are {_amount(room, room.over)} too long: "
        f"they take at least {_lines(room.least)} of one column, and it has {room.area}"
    )
    found = remedies(room, others, most=most)
    together = all(remedy.lines < room.over for remedy in found)
    return SourceError(
        file, room.line, message, _joined(found, "; and " if together else "; or "), code="overset"
    )


def _no_make_up(room: Room, file: str, most: int) -> SourceError:
    free = f"though {_lines(room.free)} of one column are free"
    message = f"page {room.page}: {_fitted(room)}no make-up was found, {free}"
    return SourceError(file, room.line, message, _joined(loosening(room, most=most)), code="overset")


_CALLED = {"pictures": "picture item"}  # kinds that a message calls by other words


def _alone(need: Need, room: Room, file: str, most: int) -> SourceError:
    if need.over:
        what = f"is {_lines(need.over)} too long for page {room.page} by itself"
        what += ", even with --fit" if room.fitted else ""
        enough = sorted((way for way in _by_sparing(room) if way.item == need.item), key=_loss)
        ways = [f"cut about {need.over * room.column_characters} characters"]
        ways += ["divide it into two groups"] if need.kind == "briefs" else []
        ways += [way.words for way in _by_optional_matter(room, [need])]
        ways += [way.words for way in enough if way.lines >= need.over]
        hint = "; or ".join(ways[:most])
    else:
        what = f"cannot be set on page {room.page}, even by itself"
        hint = "shorten its headline, or make its largest table, box or picture smaller"
    return SourceError(
        file, need.line, f"{_CALLED.get(need.kind, need.kind)} {need.item} {what}", hint, code="overset"
    )
