"""Whether a text that was taken out of a finished file says what the issue's XML says.

Each passage is sought from its first character to its last, longest first, in places that no other passage
has taken: one that the XML has twice must be there twice. Where lines are parted by other matter (a jump, a
picture's caption, a hyphen), its pieces must follow one another.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from issue_publisher.archive.passages import Passage, Said, bare
from issue_publisher.issue import wording

_LEAST = 6  # characters of a piece on the average: a line of the narrowest column has more
_FEWEST = 2  # characters that a piece is sought by
_SEEN = 4  # characters that must be alike to say that something else stands in a passage's place
_AROUND = 10  # characters shown around what differs
_MOST_ADDED = 40  # characters shown of words that the XML does not have
_HYPHENS = str.maketrans({"\ufffe": "-", "\x02": "-"})  # as pdfium calls those that a line's end brings
_LINES = re.compile("[\r\n\f]+")
_LONG = 12  # characters of a passage that tells where its piece stands
# What contents of a book and folio lines say too: it counts where its piece stands.
_HEADINGS = frozenset({"headline", "kicker", "deck", "standfirst", "title", "date", "weekday", "lunar-date"})
# What make-up and templates add to the words of the desk, by name.
_LABELS = frozenset((
    *wording.ADVERTISEMENT_LABELS.values(),
    *wording.RELATION_LABELS.values(),
    *wording.BACK_RELATION_LABELS.values(),
    wording.NOTES_LABEL,
    *("编者按", "国内统一连续出版物号", "总第", "期", "下转", "上接", "图片", "简讯"),
    *("地址", "邮编", "发行", "定价", "印刷", "电话"),
    *("封面", "全部目录", "目录", "今日导读", "今日", "出版信息", "书中要处", "报纸版次"),
    *("上一篇", "下一篇", "上一部分", "下一部分"),
))  # fmt: skip
_STOPS = "，、；：。"
_PAGE_NUMBER = "第?[0-9]+版"
_MOST_BETWEEN = 2  # characters that a line's end or a note's mark puts into a passage
_BETWEEN = re.compile("[-\u2010①-⑳㉑-㉟㊱-㊿]{0,2}")
_MARKS = re.compile("[\\W\\d_①-⑳㉑-㉟㊱-㊿]+")  # points, brackets, bullets, numbers


@dataclass(frozen=True, slots=True)
class Reading:
    """What an extractor read in a file, page by page (of a book: document by document)."""

    tool: str
    pages: tuple[str, ...] = field(repr=False)
    descriptions: str = field(default="", repr=False)  # of pictures
    beside: str = field(default="", repr=False)  # readings over characters, where they are kept apart


@dataclass(frozen=True, slots=True)
class Loss:
    """A passage that is not there as it was written."""

    passage: Passage
    page: int  # 1-based, where it should be; 0 when that is not known
    wanted: str  # the first words that differ, with what stands around them
    found: str  # what stands there; "" when nothing like it does


@dataclass(frozen=True, slots=True)
class Evidence:
    """What became of an issue's words in one file."""

    tool: str
    passages: int  # that were found
    losses: tuple[Loss, ...]
    left_out: tuple[Loss, ...]  # what the desk has marked as optional, or another headline stands for
    moved: tuple[Loss, ...]  # running text that stands before what it follows
    added: tuple[tuple[int, str], ...]  # page and words that the XML does not have


def witness(said: Said, reading: Reading, *, is_print: bool, lettering: Iterable[str] = ()) -> Evidence:
    """Hold what a file says against what its XML says.

    `is_print`: optional matter may be missing. `lettering`: words in drawings, no text of the issue.
    """
    return _Witness(said, reading, is_print=is_print, lettering=lettering).evidence()


class _Witness:
    def __init__(self, said: Said, reading: Reading, *, is_print: bool, lettering: Iterable[str]) -> None:
        self.said, self.reading, self.is_print = said, reading, is_print
        self.lettering = tuple(lettering)
        lines = [[bare(line) for line in _LINES.split(page.translate(_HYPHENS))] for page in reading.pages]
        self.starts = _starts(map("".join, lines))
        self.line_starts = frozenset(_starts(line for page in lines for line in page))
        self.chars = "".join(line for page in lines for line in page)
        self.line_starts |= {len(self.chars)}  # where the last line ends
        self.taken = bytearray(len(self.chars))
        self.places: dict[Passage, list[int]] = {}
        self.homes: dict[str, set[int]] = {}  # the pages that each piece stands on

    def evidence(self) -> Evidence:
        missing = [one for one in self._longest_first() if not self._found(one)]
        missing += self._in_contents_alone()
        losses: list[Loss] = []
        left_out: list[Loss] = []
        for one in sorted(missing, key=lambda passage: passage.line):
            loss = self._loss(one)
            given_up = self.is_print and (one.optional or self._other_headline(one))
            (left_out if given_up else losses).append(loss)
        everything = self.chars + "\n" + bare(self.reading.beside)
        losses += [
            self._loss(one)
            for one in self.said.attributes
            if one.words not in everything and not (self.is_print and one.optional)
        ]  # fmt: skip
        found = len(self.said.passages) - len(missing)
        return Evidence(
            self.reading.tool,
            found,
            tuple(losses),
            tuple(left_out),
            tuple(self._moved()),
            tuple(self._added()),
        )

    def _longest_first(self) -> list[Passage]:
        return sorted(self.said.passages, key=lambda one: -len(one.words))

    # ------------------------------------------------------------- finding

    def _found(self, passage: Passage) -> bool:
        """Whether a passage is there; its place is taken then."""
        home = self.homes.setdefault(passage.item, set()) if passage.item else set()
        at = self._at_home(passage.words, home)
        if at < 0 and (passage.kind not in _HEADINGS or not home):
            at = self._free(passage.words, 0)
        pieces = [(at, at + len(passage.words))] if at >= 0 else self._repaged(passage)
        pieces = pieces or self._pieces(passage.words)
        if not pieces or (passage.kind in _HEADINGS and home and self.page(pieces[0][0]) not in home):
            return False
        if len(passage.words) >= _LONG and passage.kind not in _HEADINGS:
            home.update(self.page(start) for start, _ in pieces)
        for start, end in pieces:
            self.taken[start:end] = b"\1" * (end - start)
        self.places.setdefault(passage, []).append(pieces[0][0])
        return True

    def _in_contents_alone(self) -> list[Passage]:
        """Headings that were found before it was known where their piece stands, and do not stand there."""
        lost = []
        for passage, places in self.places.items():
            home = self.homes.get(passage.item, set())
            if passage.kind not in _HEADINGS or not home or self.page(places[0]) in home:
                continue
            at = self._at_home(passage.words, home)
            if at < 0:
                lost.append(passage)
            else:
                places[0] = at
                self.taken[at : at + len(passage.words)] = b"\1" * len(passage.words)
        return lost

    def _at_home(self, words: str, home: set[int]) -> int:
        """Where words stand free on the pages of their piece; -1 when nowhere."""
        for page in sorted(home):
            end = self.starts[page] if page < len(self.starts) else len(self.chars)
            if (at := self._free(words, self.starts[page - 1], end)) >= 0:
                return at
        return -1

    def _free(self, words: str, start: int, end: int | None = None) -> int:
        """Where words stand that no other passage has taken; -1 when nowhere."""
        at = self.chars.find(words, start, end)
        while at >= 0 and (last := self.taken.rfind(1, at, at + len(words))) >= 0:
            at = self.chars.find(words, last + 1, end)
        return at

    def _repaged(self, passage: Passage) -> list[tuple[int, int]]:
        """A passage of print with the numbers of the pages that its references lead to on paper."""
        if not (self.is_print and passage.repaged):
            return []
        found = re.finditer(passage.repaged, self.chars)
        return next((([one.span()]) for one in found if self.taken.find(1, *one.span()) < 0), [])

    def _pieces(self, words: str) -> list[tuple[int, int]]:
        """A passage whose lines something parts: its pieces in their order, each of whole lines."""
        pieces: list[tuple[int, int]] = []
        at = last = 0
        most = 1 + len(words) // _LEAST
        while at < len(words):
            place, length = self._next_to(words[at:], last) if pieces else (-1, 0)
            if place < 0:
                place, length = self._lines(words[at:], last, is_first=not pieces)
            if place < 0 or len(pieces) == most:
                return []
            pieces.append((place, place + length))
            at, last = at + length, place + length
        return pieces

    def _lines(self, words: str, after: int, *, is_first: bool) -> tuple[int, int]:
        """The longest beginning of words that is whole lines behind a place, or on another page; where."""
        place, length = -1, 0
        for at in self._beginnings(words[:_FEWEST], after, is_first=is_first):
            if (found := self._whole_lines(words, at)) > length:
                place, length = at, found
        return place, length

    def _beginnings(self, words: str, after: int, *, is_first: bool) -> Iterator[int]:
        """Where a piece may begin: at a line's start; the first inside a line too, behind a dateline."""
        at = self.chars.find(words)
        while at >= 0:
            in_order = at > after + _MOST_BETWEEN or self.page(at) != self.page(after - 1)
            if is_first or (in_order and at in self.line_starts):
                yield at
            at = self.chars.find(words, at + 1)

    def _whole_lines(self, words: str, place: int) -> int:
        """How much of words stands free at a place, up to a line's end or their own; before a signature."""
        length = _alike(words, self.chars, place)
        if (other := self.taken.find(1, place, place + length)) >= 0:
            length = other - place
        if length == len(words) or self._next_to(words[length:], place + length)[0] >= 0:
            return length
        while length and place + length not in self.line_starts:
            length -= 1
        return length

    def _next_to(self, words: str, last: int) -> tuple[int, int]:
        """How much of words stands right behind a place, but for a hyphen or a mark between them."""
        for place in range(last, last + _MOST_BETWEEN + 1):
            if not _BETWEEN.fullmatch(self.chars, last, place):
                break
            length = _alike(words, self.chars, place)
            if length >= min(_LEAST, len(words)) and self.taken.find(1, place, place + length) < 0:
                return place, length
        return -1, 0

    def page(self, at: int) -> int:
        """The page of a place, 1-based."""
        return bisect_right(self.starts, at) if at >= 0 else 0

    # ------------------------------------------------------------- what is said of it

    def _loss(self, passage: Passage) -> Loss:
        place, length = self._beginning(passage.words)
        wanted = _cut(passage.words, max(0, length - _AROUND), length + _AROUND)
        found = (
            "" if place < 0 else _cut(self.chars, place + max(0, length - _AROUND), place + length + _AROUND)
        )
        return Loss(passage, self.page(place) or self._page_of(passage), wanted, found)

    def _beginning(self, words: str) -> tuple[int, int]:
        """The longest beginning of words that stands free somewhere; where. Of fewer than some: nowhere."""
        best, place = 0, -1
        low, high = min(_SEEN, len(words)), len(words)
        while low <= high:
            middle = (low + high) // 2
            if (at := self._free(words[:middle], 0)) >= 0:
                best, place, low = middle, at, middle + 1
            else:
                high = middle - 1
        return place, best

    def _page_of(self, passage: Passage) -> int:
        """The page that most of its piece stands on."""
        pages = Counter(
            self.page(at)
            for other, places in self.places.items()
            if other.item == passage.item and passage.item
            for at in places
        )
        return pages.most_common(1)[0][0] if pages else 0

    def _other_headline(self, passage: Passage) -> bool:
        return any(self._free(other, 0) >= 0 for other in passage.instead)

    def _moved(self) -> Iterator[Loss]:
        """Running text that stands before what it follows in the XML, on the same page."""
        placed = [
            (one, self.places[one][0])
            for one in self.said.passages
            if one.running and len(one.words) >= _LEAST and len(self.places.get(one, ())) == 1
        ]
        for (before, first), (one, second) in pairwise(placed):
            if before.item == one.item and self.page(first) == self.page(second) and second < first:
                wanted = _cut(before.words, len(before.words) - _AROUND, len(before.words))
                yield Loss(one, self.page(second), wanted, _cut(one.words, 0, 2 * _AROUND))

    def _added(self) -> Iterator[tuple[int, str]]:
        """Runs of words that neither the XML has nor make-up adds."""
        known, openings = self._known(), [one.words for one in self.said.passages]
        readings = [one.words for one in self.said.attributes if one.kind == "ruby reading="]
        taken = bytearray(self.taken)
        for passage, places in self.places.items():
            if len(passage.words) <= _FEWEST:  # 上, 下: they may stand in a word of others
                for at in places:
                    taken[at : at + len(passage.words)] = bytes(len(passage.words))
        start = taken.find(0)
        while start >= 0:
            end = taken.find(1, start)
            end = len(taken) if end < 0 else end
            run = self.chars[start:end]
            rest = _MARKS.sub("\n", known.sub("\n", _without_openings(run, openings)))
            for one in filter(None, rest.split("\n")):
                if not any(one in words for words in readings):
                    around = run.find(one)
                    yield self.page(start), _cut(run, around - _AROUND, around + _MOST_ADDED)
                    break
            start = taken.find(0, end)

    def _known(self) -> re.Pattern[str]:
        """All that may be said a second time: headlines of a jump's second part, folio lines, lettering."""
        words = {one.words for one in (*self.said.passages, *self.said.attributes)} | _LABELS
        words |= {other for one in self.said.passages for other in one.instead}
        words |= {one.words.rstrip(_STOPS) for one in self.said.passages}  # a title made of a caption
        words |= {bare(one) for one in self.lettering}
        words |= {part for one in self.lettering for part in map(bare, one.split())}
        ordered = sorted((one for one in words if one), key=lambda one: (-len(one), one))
        return re.compile("|".join((_PAGE_NUMBER, *map(re.escape, ordered))))


def _starts(parts: Iterable[str]) -> list[int]:
    """Where each part begins when they stand in a row."""
    starts, at = [], 0
    for part in parts:
        starts.append(at)
        at += len(part)
    return starts


def _alike(words: str, chars: str, place: int) -> int:
    """How many characters of words stand at a place."""
    length = 0
    while length < len(words) and chars[place + length : place + length + 1] == words[length]:
        length += 1
    return length


def _without_openings(run: str, openings: Sequence[str]) -> str:
    """The words without passages that … cuts short: their first words, whatever marks are among them."""
    *cut, last = run.split("…")
    rest = []
    for words in cut:
        near = range(max(0, len(words) - _MOST_ADDED), len(words))
        starts = (at for at in near if any(one.startswith(words[at:]) for one in openings))
        rest.append(words[: next(starts, None)])
    return "\n".join([*rest, last])


def _cut(words: str, start: int, end: int) -> str:
    """A piece of words; … where it goes on."""
    start = max(start, 0)
    return ("…" if start else "") + words[start:end] + ("…" if end < len(words) else "")
