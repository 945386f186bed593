"""Pages of the source → pages of the paper: which piece is printed where (版面分配).

A page (版) of the source is what the desk thinks of as one; a layout with smaller sheets prints it on
several. Copy that waits for a page is given one of its section. What comes out is an issue whose pages
are the printed ones, and from there on nobody has to know that they ever were others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from issue_publisher.composition.allot import Load, allot, too_full
from issue_publisher.composition.jumps import joined, parts, rest_id
from issue_publisher.composition.matter import Matter
from issue_publisher.composition.model import Pin
from issue_publisher.composition.references import repaged
from issue_publisher.composition.series import ordered_pairs, parts_of_series
from issue_publisher.issue import calendar_words
from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.issue.model import (
    Advertisement,
    Article,
    Briefs,
    Figure,
    Issue,
    Item,
    Nameplate,
    Page,
    PictureItem,
    Relation,
    Weight,
)
from issue_publisher.issue.terms import tag
from issue_publisher.layout.model import Layout

OPTION = "--plan-pages"

Sharing = frozenset[tuple[str, int]]  # the printed page of each item of a page of the source


def _whole(article: Article) -> int | None:
    """No article can be parted."""
    return None


def distribute(
    issue: Issue,
    layout: Layout,
    matter: Callable[[Item], Matter],
    *,
    file: str,
    planned: Mapping[str, int] | None = None,
    plan_pages: bool = False,
    jump_place: Callable[[Article], int | None] = _whole,
    avoid: Sequence[Sharing] = (),
) -> Issue:
    """The issue with its pages as they are printed; ids and order of reading stay as they are.

    `matter` says how much room an item takes; it is asked only when something has to be decided.
    `planned`: item id → number of its page, as a page plan has it; what it names stays there, if that is a
    sheet of its own page or section. With
    `plan_pages` copy that waits is given a page. `jump_place` says before which block of its body an
    article may be parted, where the layout allows jumps. `avoid`: ways to share a page of the source out that
    are not wanted, each the printed page of its items. An issue whose every page is one sheet, and that
    has no copy waiting, comes back as it is. Raises SourceErrors for copy that waits and may not be given a
    page, and for sections that cannot hold theirs. `file`: the issue's XML as the desk knows it.
    """
    planned = dict(planned or {})
    if faults := [] if plan_pages else list(_waiting(issue, planned, file)):
        raise SourceErrors(faults)
    rules = layout.pages
    if rules.most_per_source_page == 1 and not (rules.jumps or issue.copy):
        return issue
    return _Distribution(issue, layout, matter, file, planned, jump_place, avoid).made()


def with_lead(page: Page, layout: Layout, pins: Mapping[str, Pin]) -> Page:
    """A page without a lead, its first major article as its own (版头条); others come back as they are.

    Where `pins` give that article a headline that no lead has, it stays what it was. Articles of one and the
    same lesser weight stay as they are too: the desk wants them equal.
    """
    articles = [item for item in page.items if isinstance(item, Article)]
    first = next((item for item in articles if item.weight is Weight.MAJOR), None)
    if first is None or not layout.pages.page_leads or any(item.weight is Weight.LEAD for item in articles):
        return page
    pin = pins.get(first.id)
    if pin and pin.headline_pt and pin.headline_pt not in layout.headline[Weight.LEAD.value].all_sizes_pt:
        return page
    lead = replace(first, weight=Weight.LEAD)
    return replace(page, items=tuple(lead if item is first else item for item in page.items))


def printed_rooms(issue: Issue, sheets: Sequence[int], layout: Layout) -> list[int]:
    """Cells (basic column × line) of each printed page; page n of the source takes `sheets[n]` of them."""
    furniture, grid = layout.furniture, layout.grid
    depths = [grid.lines - furniture.folio_lines] * sum(sheets)
    depths[0] = grid.lines - furniture.nameplate_lines
    if issue.imprint:
        depths[-1] -= furniture.imprint_lines
    return [grid.columns * depth for depth in depths]


def _waiting(issue: Issue, planned: Mapping[str, int], file: str) -> Iterator[SourceError]:
    for copy in issue.copy:
        without = [item.id for item in copy.items if item.id not in planned]
        if without:
            yield SourceError(
                file,
                copy.line,
                f"{tag('copy')}: {', '.join(without)} {'have' if len(without) > 1 else 'has'} no page",
                f"build with {OPTION} to have pages found for them, or move them into a <page>",
                code="no-page",
            )


@dataclass(frozen=True, slots=True)
class _Section:
    """Pages of the source that are filled together: one alone, or all of a title that copy waits for."""

    pages: tuple[int, ...]  # indexes into the issue's pages
    copy: tuple[Item, ...]  # that waits for one of them


class _Distribution:
    """One distribution. A sheet is a printed page, by its index."""

    def __init__(
        self,
        issue: Issue,
        layout: Layout,
        matter: Callable[[Item], Matter],
        file: str,
        planned: Mapping[str, int],
        jump_place: Callable[[Article], int | None],
        avoid: Sequence[Sharing],
    ) -> None:
        self.issue, self.layout, self.file = issue, layout, file
        self.avoid = [dict(sharing) for sharing in avoid]
        self._matter, self._known = matter, dict[str, Matter]()
        self.items = {item.id: item for item in issue.items()}
        self.planned = dict(planned)
        self.sections = list(self._sections())
        self.sheets = self._sheets()
        self.numbers = self._numbers()
        if layout.pages.jumps:
            self.issue = self._with_jumps(jump_place)
            self.items = {item.id: item for item in self.issue.items()}
        self.planned = {item: number for item, number in planned.items() if item in self.items}
        self.pinned = self._pinned()
        self.rooms = printed_rooms(issue, self.sheets, layout)

    def made(self) -> Issue:
        """The issue with its printed pages."""
        places: dict[str, int] = {}
        faults: list[SourceError] = []
        for section in self.sections:
            here, fault = self._placed(section)
            places |= here
            faults += fault
        if faults:
            raise SourceErrors(faults)
        pages = tuple(self._page(sheet, places) for sheet in range(len(self.rooms)))
        pages = tuple(page for page in pages if page.items)
        if self.layout.pages.jumps:
            pages = _with_jump_lines(pages)
        nameplate = _edition(self.issue.nameplate, len(self.issue.pages), len(pages))
        made = replace(self.issue, pages=pages, copy=(), nameplate=nameplate)
        return repaged(made, {name: self.numbers[sheet] for name, sheet in self._pieces(places)})

    def _pieces(self, places: Mapping[str, int]) -> Iterator[tuple[str, int]]:
        """The sheet of every piece that can be referred to, briefs one by one too."""
        for name, sheet in places.items():
            yield name, sheet
            item = self.items[name]
            if isinstance(item, Briefs):
                yield from ((brief.id, sheet) for brief in item.articles)

    # ------------------------------------------------------------- sheets

    def _sections(self) -> Iterator[_Section]:
        """In order of their first pages."""
        waited = {copy.section for copy in self.issue.copy}
        titles = [page.title for page in self.issue.pages]
        for at, title in enumerate(titles):
            if title not in waited:
                yield _Section((at,), ())
            elif title not in titles[:at]:
                pages = tuple(n for n, other in enumerate(titles) if other == title)
                copy = tuple(item for c in self.issue.copy if c.section == title for item in c.items)
                yield _Section(pages, copy)

    def _sheets(self) -> list[int]:
        """On how many sheets each page of the source is printed: as the plan has it, or the matter asks."""
        claimed = self._claimed()
        found = [1] * len(self.issue.pages)
        for section in self.sections:
            asked = 1 if self._all_planned(section) else self._asked(section)
            for at in section.pages:
                found[at] = max(claimed[at], asked)
        return found

    def _all_planned(self, section: _Section) -> bool:
        own = (item for at in section.pages for item in self.issue.pages[at].items)
        return all(item.id in self.planned for item in (*own, *section.copy))

    def _claimed(self) -> list[int]:
        """How many printed pages of a plan hold mostly pieces of each page of the source."""
        owner = {item.id: at for at, page in enumerate(self.issue.pages) for item in page.items}
        owner |= {rest_id(item): at for item, at in owner.items()}
        holders: dict[int, list[int]] = {}
        for item, number in self.planned.items():
            if item in owner:
                holders.setdefault(number, []).append(owner[item])
        mostly = [max(sorted(set(each)), key=each.count) for each in holders.values()]
        return [max(1, mostly.count(at)) for at in range(len(self.issue.pages))]

    def _asked(self, section: _Section) -> int:
        """The number of sheets whose room is nearest to the matter's area, if they can hold it."""
        most = self.layout.pages.most_per_source_page
        own = [self.issue.pages[at].items for at in section.pages]
        pieces = [item for items in own for item in items] + list(section.copy)
        most = max(1, min(most, len(pieces) // len(own), min(map(len, own)) + len(section.copy) // len(own)))
        if most == 1:
            return 1
        matter = [self.matter(item) for item in pieces]
        least, natural = sum(m.least for m in matter), sum(m.natural for m in matter)
        rooms = {sheets: self._room(section, sheets) for sheets in range(1, most + 1)}
        holding = [sheets for sheets, room in rooms.items() if room >= least] or [most]
        return min(holding, key=lambda sheets: (abs(rooms[sheets] - natural), sheets))

    def _room(self, section: _Section, sheets: int) -> int:
        counts = [sheets if at in section.pages else 1 for at in range(len(self.issue.pages))]
        rooms = printed_rooms(self.issue, counts, self.layout)
        return sum(room for at, room in zip(_sources(counts), rooms, strict=True) if at in section.pages)

    def _numbers(self) -> list[int]:
        """Printed numbers: those of the source where every page is one sheet, 1 and up otherwise."""
        if max(self.sheets) == 1:
            return [page.number for page in self.issue.pages]
        return list(range(1, sum(self.sheets) + 1))

    def _pinned(self) -> dict[str, int]:
        """The sheet of each piece that the plan has on a sheet of its own page or section.

        Of all others, and of pages that there are not, the reader of the plan complains.
        """
        known = {number: sheet for sheet, number in enumerate(self.numbers)}
        sources = _sources(self.sheets)
        found: dict[str, int] = {}
        for section in self.sections:
            own = [item for at in section.pages for item in self.issue.pages[at].items]
            for item in (*own, *section.copy):
                sheet = known.get(self.planned.get(item.id, 0))
                if sheet is not None and sources[sheet] in section.pages:
                    found[item.id] = sheet
        return found

    # ------------------------------------------------------------- jumps

    def _with_jumps(self, jump_place: Callable[[Article], int | None]) -> Issue:
        """The issue with articles in two that the plan, the desk or their length wants so."""
        pages = [list(page.items) for page in self.issue.pages]
        for at, page in enumerate(self.issue.pages):
            for item in page.items:
                if not isinstance(item, Article) or rest_id(item.id) in self.items:
                    continue
                to = self._jumps_to(item, at)
                place = jump_place(item) if to is not None else None
                if to is not None and place is not None:
                    first, rest = parts(item, place)
                    pages[at][pages[at].index(item)] = first
                    pages[to].append(rest)
                    self._known.pop(item.id, None)
        made = (
            replace(page, items=tuple(items)) for page, items in zip(self.issue.pages, pages, strict=True)
        )
        return replace(self.issue, pages=tuple(made))

    def _jumps_to(self, article: Article, at: int) -> int | None:
        """The page of the source, by index, that an article of page `at` goes on on; None: it is whole."""
        numbers = [page.number for page in self.issue.pages]
        if rest_id(article.id) in self.planned:
            known = dict(zip(self.numbers, _sources(self.sheets), strict=True))
            return known.get(self.planned[rest_id(article.id)])
        if article.id in self.planned:
            return None
        if article.hint and article.hint.jump in numbers:
            to = numbers.index(article.hint.jump)
            return to if to != at or self.sheets[at] > 1 else None
        room = self.layout.grid.columns * (self.layout.grid.lines - self.layout.furniture.folio_lines)
        if self.matter(article).least <= self.layout.pages.jump_above * room:
            return None
        return at if self.sheets[at] > 1 else self._roomiest(at)

    def _roomiest(self, at: int) -> int | None:
        """The later page with most room beyond what its pieces would like, or else the earlier one."""
        rooms = printed_rooms(self.issue, self.sheets, self.layout)
        sources = _sources(self.sheets)

        def free(page: int) -> int:
            room = sum(room for source, room in zip(sources, rooms, strict=True) if source == page)
            return room - sum(self.matter(item).natural for item in self.issue.pages[page].items)

        later = range(at + 1, len(self.issue.pages)) or range(at)
        return max(later, key=lambda page: (free(page), -page), default=None)

    # ------------------------------------------------------------- pieces

    def matter(self, item: Item) -> Matter:
        """What an item takes; asked once."""
        if item.id not in self._known:
            self._known[item.id] = self._matter(item)
        return self._known[item.id]

    def _placed(self, section: _Section) -> tuple[dict[str, int], list[SourceError]]:
        """The sheet of every piece of a section, and what is wrong with it."""
        sources = _sources(self.sheets)
        sheets = [sheet for sheet, at in enumerate(sources) if at in section.pages]
        where: dict[str, list[int]] = {}
        for at in section.pages:
            own = [sheet for sheet in sheets if sources[sheet] == at]
            items = self.issue.pages[at].items
            head = min(items, key=_place_in_rank, default=None)
            for item in items:
                where[item.id] = own[:1] if item is head and _is_strong(item) else own
            for item in items:
                if (rest := rest_id(item.id)) in where and len(own) > 1:  # never both on one sheet
                    where[item.id], where[rest] = where[item.id][: len(own) - 1], own[-1:]
        where |= {item.id: sheets for item in section.copy}
        placed = {item: self.pinned[item] for item in where if item in self.pinned}
        free = [item for item in where if item not in placed]
        if not free:
            return placed, []
        if len(sheets) == 1:
            return placed | dict.fromkeys(free, sheets[0]), self._too_full(section, sheets, where)
        first = sheets.index
        asked = {item: [first(sheet) for sheet in where[item]] for item in free}
        asked |= {item: [first(sheet)] for item, sheet in placed.items()}
        names = sorted(asked, key=list(self.items).index)
        loads = [self._load(self.items[item], asked[item]) for item in names]
        rooms = [self.rooms[sheet] for sheet in sheets]
        pieces = [self.items[item] for item in names]
        pairs = ordered_pairs(names, parts_of_series(pieces))
        ordered = [(names.index(earlier), names.index(later)) for earlier, later in pairs]
        numbers = [self.numbers[sheet] for sheet in sheets]
        avoid = frozenset(
            tuple(numbers.index(sharing[item]) for item in names)
            for sharing in self.avoid
            if all(sharing.get(item) in numbers for item in names)
        )
        answer = allot(loads, rooms, _bonds(pieces), self.layout.pages, ordered, avoid)
        placed |= {item: sheets[at] for item, at in zip(names, answer, strict=True) if item in free}
        full = max(too_full(loads, rooms, answer)) > 0
        return placed, self._too_full(section, sheets, where) if full else []

    def _load(self, item: Item, sheets: Sequence[int]) -> Load:
        weight = _weight(item)
        return Load(
            self.matter(item),
            tuple(sheets),
            self.layout.makeup.rank[weight.value] if weight else 0.0,
            _is_strong(item),
            _has_picture(item),
            isinstance(item, Advertisement),
        )

    def _too_full(
        self, section: _Section, sheets: Sequence[int], pieces: Mapping[str, object]
    ) -> list[SourceError]:
        """What to say when copy that waits finds no room; a page without any is make-up's to judge."""
        waiting = [item for item in section.copy if item.id not in self.pinned]
        if not waiting:
            return []
        least = sum(self.matter(self.items[item]).least for item in pieces)
        over = least - sum(self.rooms[sheet] for sheet in sheets)
        if over <= 0 and len(sheets) == 1:
            return []
        title = self.issue.pages[section.pages[0]].title
        out = self._enough(waiting, over)
        what = f"{title} is {over} lines too full" if over > 0 else f"the pages of {title} cannot be filled"
        cells = sum(self.matter(item).least for item in out)
        hint = f"take out {' and '.join(item.id for item in out)} ({cells} lines)"
        if other := self._freest(section):
            hint += f", or let it wait for {other[0]}, where about {other[1]} lines are free"
        line = next(copy.line for copy in self.issue.copy if out[0] in copy.items)
        message = f"{what} with the copy that waits for it"
        return [SourceError(self.file, line, message, hint, code="overset")]

    def _enough(self, waiting: Sequence[Item], over: int) -> list[Item]:
        """The smallest piece that frees so many cells, or else the largest ones."""
        by_size = sorted(waiting, key=lambda item: (self.matter(item).least, item.id))
        if one := next((item for item in by_size if self.matter(item).least >= over), None):
            return [one]
        found: list[Item] = []
        while by_size and sum(self.matter(item).least for item in found) < over:
            found.append(by_size.pop())
        return found

    def _freest(self, full: _Section) -> tuple[str, int] | None:
        """The section with most room beyond what its pieces would like, and how much that is."""
        found: list[tuple[int, str]] = []
        sources = _sources(self.sheets)
        for section in self.sections:
            room = sum(room for at, room in zip(sources, self.rooms, strict=True) if at in section.pages)
            own = (item for at in section.pages for item in self.issue.pages[at].items)
            free = room - sum(self.matter(item).natural for item in (*own, *section.copy))
            if section is not full and free > 0:
                found.append((free, self.issue.pages[section.pages[0]].title))
        return max(found)[::-1] if found else None

    # ------------------------------------------------------------- printed pages

    def _page(self, sheet: int, places: Mapping[str, int]) -> Page:
        source = self.issue.pages[_sources(self.sheets)[sheet]]
        items = tuple(item for name, item in self.items.items() if places[name] == sheet)
        if items != source.items:
            items = _headed(items, self.layout.pages.lead_least)
        return replace(source, number=self.numbers[sheet], items=items)


def _with_jump_lines(pages: Sequence[Page]) -> tuple[Page, ...]:
    """Pages whose parted articles say where they go on."""
    numbers = {item.id: page.number for page in pages for item in page.items}
    return tuple(
        replace(
            page,
            items=tuple(joined(item, numbers) if isinstance(item, Article) else item for item in page.items),
        )
        for page in pages
    )


def _sources(sheets: Sequence[int]) -> list[int]:
    """The page of the source, by its index, of each printed page."""
    return [at for at, count in enumerate(sheets) for _ in range(count)]


def _weight(item: Item) -> Weight | None:
    return None if isinstance(item, Advertisement) else item.weight


def _is_strong(item: Item) -> bool:
    """Whether its headline can hold a page."""
    return _weight(item) in (Weight.LEAD, Weight.MAJOR)


def _place_in_rank(item: Item) -> int:
    """Leads before majors before all others."""
    weight = _weight(item)
    return list(Weight).index(weight) if weight else len(Weight)


def _has_picture(item: Item) -> bool:
    match item:
        case PictureItem():
            return True
        case Article():
            return any(isinstance(block, Figure) for block in item.body)
        case Briefs():
            return any(isinstance(block, Figure) for brief in item.articles for block in brief.body)
        case Advertisement():
            return False


def _bonds(items: Sequence[Item]) -> list[tuple[int, int]]:
    """Pairs that belong together: by a link, or as parts of one series."""
    at = {item.id: n for n, item in enumerate(items)}
    found: dict[tuple[int, int], None] = {}
    last: dict[str, int] = {}
    for n, item in enumerate(items):
        if not isinstance(item, Article):
            continue
        # A note that leads in to many pieces binds none of them: they cannot all stand beside it.
        notes = sum(link.relation is Relation.EDITORS_NOTE_TO for link in item.links)
        for link in item.links:
            loose = link.relation is Relation.EDITORS_NOTE_TO and notes > 1
            if link.to in at and at[link.to] != n and not loose:
                found[min(n, at[link.to]), max(n, at[link.to])] = None
        if item.series:
            if item.series.name in last:
                found[last[item.series.name], n] = None
            last[item.series.name] = n
    return list(found)


def _headed(items: tuple[Item, ...], least: float) -> tuple[Item, ...]:
    """Items of a page that was put together anew; with none to hold it, one of its articles leads it.

    Of the heaviest articles it is the first in the order of the source, which is the desk's, news before
    comment, features and voices; none whose text is shorter than `least` of the longest one's, since a
    headline across the page would crush it.
    """
    articles = [item for item in items if isinstance(item, Article)]
    if not articles or any(map(_is_strong, items)):
        return items
    heaviest = min(map(_place_in_rank, articles))
    fit = [item for item in articles if _place_in_rank(item) == heaviest]
    enough = least * max(map(_length, fit))
    first = min(
        (item for item in fit if _length(item) >= enough), key=lambda item: item.genre not in (None, "news")
    )
    return tuple(replace(first, weight=Weight.MAJOR) if item is first else item for item in items)


def _length(article: Article) -> int:
    return sum(len(block.text.plain_with_notes) for block in article.body if hasattr(block, "text"))


def _edition(nameplate: Nameplate, before: int, now: int) -> Nameplate:
    """今日4版 says how many pages are printed: where it agreed with the source, it is brought up to date."""
    said = re.search("([0-9]+|[一二三四五六七八九十]+)版", nameplate.edition or "")
    if nameplate.edition is None or not said or calendar_words.number(said[1]) != before or now == before:
        return nameplate
    return replace(nameplate, edition=nameplate.edition.replace(said[1], str(now), 1))
