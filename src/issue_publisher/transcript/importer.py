"""A transcript becomes an issue: furniture, pages, pieces, drafts, items; then the account of it all."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from issue_publisher.issue.calendar_words import number as number_of
from issue_publisher.issue.characters import called, code_point
from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.issue.model import Editor, Issue, Item, Page
from issue_publisher.issue.writer import write_issue
from issue_publisher.transcript.audit import LossyImportError, audit, unlabelled
from issue_publisher.transcript.building import Builder, between, has_words
from issue_publisher.transcript.classify import classify, wrapped_at
from issue_publisher.transcript.doubts import edits_of, losses, mends
from issue_publisher.transcript.furniture import imprint, line_of, nameplate
from issue_publisher.transcript.head import Said, read_imprint, read_nameplate
from issue_publisher.transcript.joining import Habits, habits, join_captions, join_paragraphs
from issue_publisher.transcript.jumps import join_jumps
from issue_publisher.transcript.labelled import import_labelled
from issue_publisher.transcript.ledger import Edits, Ledger
from issue_publisher.transcript.model import Doubt, Imported, ImportFinding, Transcript
from issue_publisher.transcript.names import people
from issue_publisher.transcript.pages import Opening, open_pages
from issue_publisher.transcript.pieces import Kind, Lines, Piece, Words, plain, said
from issue_publisher.transcript.profile import Profile
from issue_publisher.transcript.structure import Draft, Structure

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]*")
_DATE = re.compile(
    "([0-9〇零○一二三四五六七八九]+)年([0-9一二三四五六七八九十]+)月([0-9一二三四五六七八九十廿]+)[日号號]"
)


@dataclass(slots=True)
class _Sheet:
    """A page while it is made."""

    number: int
    openings: list[Opening] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)


def import_issue(
    transcript: Transcript,
    profile: Profile,
    *,
    fix: bool = False,
    issue_id: str | None = None,
    date: datetime.date | None = None,
) -> Imported:
    """The issue that a transcript holds, and what was joined, mended and doubted on the way.

    `fix` does the mends that the profile calls safe; all others are proposals. `issue_id` and `date` win over
    what the transcript says. Raises SourceErrors when no issue can be made of it.
    """
    if transcript.is_labelled:
        return import_labelled(transcript, issue_id=issue_id, day=date)
    _refuse(transcript, issue_id)
    lines = transcript.lines
    plate = read_nameplate(lines, profile)
    free = [at for at, line in enumerate(lines) if not line.is_blank and at not in plate.lines]
    foot = read_imprint(lines, profile, free)
    free = [at for at in free if at not in foot.lines]
    if not free:
        raise _wrong(
            transcript, 0, "no article: there is nothing but a nameplate", "hand in the articles' text too"
        )
    day = date or _date_of(plate, transcript)
    plate_words = {name: said(words, lines) for name, words in plate.data}
    openings, doubts = open_pages(lines, profile, free, plate_words)
    taken = {at for opening in openings for at in opening.lines}
    free = [at for at in free if at not in taken]
    wrapped_em = wrapped_at(lines, profile, free)
    if wrapped_em is not None:
        message = f"lines are broken at {wrapped_em:g} characters: those of a paragraph were joined"
        doubts += (ImportFinding(Doubt.GUESSED, lines[free[0]].number, message, 0.8, done=True),)
    pieces = classify(lines, profile, free, wrapped_em)
    ways = habits(pieces, lines, profile)
    sheets, found = _sheets(openings, pieces, lines, profile, ways)
    found = [*doubts, *found, *join_jumps([(sheet.number, sheet.drafts) for sheet in sheets], lines, profile)]
    found += _settle(sheets, transcript)
    making = _Making(transcript, profile, plate, foot, sheets, day, issue_id)
    return making.imported(found, ways, fix=fix)


# --------------------------------------------------------------------------- what no issue can be made of


def _wrong(transcript: Transcript, line: int, message: str, hint: str) -> SourceErrors:
    return SourceErrors([SourceError(transcript.name, line, message, hint, code="transcript")])


def _refuse(transcript: Transcript, issue_id: str | None) -> None:
    written = [line for line in transcript.lines if not line.is_blank]
    if not written:
        raise _wrong(transcript, 0, "no text: the file is empty", "hand in the text of a printed issue")
    if not any(char.isalpha() for line in written for char in line.text):
        raise _wrong(transcript, written[0].number, "no words", "hand in the text of a printed issue")
    errors = [
        SourceError(
            transcript.name, line.number, f"{code_point(bad[0])}, {called(bad[0])}: no XML can hold it",
            "delete it", code="control-character",
        )
        for line in written
        if (bad := _NOT_IN_XML.search(line.text))
    ]  # fmt: skip
    if issue_id is not None and not _ID.fullmatch(issue_id):
        hint = "letters, digits, “.”, “_” and “-”, beginning with a letter or digit"
        errors.append(SourceError(transcript.name, 0, f"“{issue_id}” is no id of an issue", hint))
    if errors:
        raise SourceErrors(errors)


def _date_of(plate: Said, transcript: Transcript) -> datetime.date:
    words = said(plate.words("date"), transcript.lines)
    found = _DATE.fullmatch(re.sub(r"\s", "", words))
    numbers = [number_of(part) for part in found.groups()] if found else []
    if not found:
        hint = "name it: --date 2026-03-18"
        raise _wrong(transcript, 0, "no date: no nameplate at its head says which day's issue it is", hint)
    line = transcript.lines[plate.words("date")[0].at].number
    year, month, day = (each or 0 for each in numbers)
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise _wrong(
            transcript, line, f"{words} is no day", "put it right, or name it: --date 2026-03-18"
        ) from None


# --------------------------------------------------------------------------- pages and drafts


def _sheets(
    openings: Sequence[Opening], pieces: Sequence[Piece], lines: Lines, profile: Profile, ways: Habits
) -> tuple[list[_Sheet], list[ImportFinding]]:
    """The pages with their drafts, by number."""
    sheets: dict[int, _Sheet] = {}
    found: list[ImportFinding] = []
    ends = [opening.at for opening in openings[1:]] + [len(lines)]
    for opening, end in zip(openings, ends, strict=True):
        own = [
            piece
            for piece in pieces
            if opening.at <= piece.at < end or (opening is openings[0] and piece.at < end)
        ]
        whole, joins = join_paragraphs(join_captions(own, lines, profile), lines, profile, ways)
        structure = Structure(whole, lines, profile, ways)
        sheet = sheets.setdefault(opening.number, _Sheet(opening.number))
        sheet.openings.append(opening)
        sheet.drafts += structure.read()
        found += [*joins, *structure.findings]
    return [sheets[number] for number in sorted(sheets)], found


def _settle(sheets: list[_Sheet], transcript: Transcript) -> list[ImportFinding]:
    """Headings without a text, and pages without anything: their lines go to the item before them."""
    found: list[ImportFinding] = []
    before: Draft | None = None
    waiting: list[Piece] = []
    for sheet in sheets:
        kept: list[Draft] = []
        for draft in sheet.drafts:
            if has_words(draft) or any(piece.kind is Kind.CAPTION for piece in draft.body):
                draft.body[:0] = waiting
                waiting = []
                kept.append(draft)
                before = draft if has_words(draft) else before
                continue
            lost = [plain(piece, transcript.lines) for piece in draft.pieces]
            if len(lost) > 1 and not kept and draft is sheet.drafts[-1]:
                draft = Draft(headline=replace(lost[0], kind=Kind.HEADLINE), body=waiting + lost[1:])
                waiting = []
                kept.append(draft)
                before = draft
            elif before is not None:
                before.body += lost
            else:
                waiting += lost
            found += [
                ImportFinding(
                    Doubt.UNKNOWN,
                    piece.line.number,
                    "headings without a text, set as paragraphs",
                    0.3,
                    done=True,
                )
                for piece in lost
            ]
        sheet.drafts = kept
    if before is None and not any(sheet.drafts for sheet in sheets):
        first = next(line for line in transcript.lines if not line.is_blank)
        raise _wrong(
            transcript, first.number, "no article: there is no text below a heading", "hand in the whole text"
        )
    if waiting:
        last = before or [draft for sheet in sheets for draft in sheet.drafts][-1]
        last.body += waiting
    for sheet in sheets:
        for draft in sheet.drafts:
            draft.body.sort(key=lambda piece: piece.at)
    return found


# --------------------------------------------------------------------------- the issue


@dataclass(frozen=True, slots=True)
class _Making:
    """All that an issue is made of; it is made twice when mends are to be done."""

    transcript: Transcript
    profile: Profile
    plate: Said
    foot: Said
    sheets: list[_Sheet]
    day: datetime.date
    issue_id: str | None

    def imported(self, found: list[ImportFinding], ways: Habits, *, fix: bool) -> Imported:
        lines, profile = self.transcript.lines, self.profile
        issue, builder, ledger = self._made({})
        wanted = mends(ledger.entries, lines, profile)
        if fix:
            safe = [(each, at) for each, at in wanted if each.safe and each.doubt in profile.mends.safe]
            edits = edits_of(safe)
            issue, builder, ledger = self._made(edits)
            starts = {(at, edit.start) for at, line in edits.items() for edit in line}
            done = {id(each) for each, at in safe if (at, each.offset) in starts}
            wanted = tuple((replace(each, done=id(each) in done), at) for each, at in wanted)
        self._check_labels(ledger)
        account = audit(issue, ledger, profile)
        _check_written(issue)
        pieces = [piece for sheet in self.sheets for draft in sheet.drafts for piece in draft.pieces]
        pieces.sort(key=lambda piece: piece.at)
        findings = [
            *self.transcript_doubts(), *found, *builder.findings, *(each for each, _ in wanted),
            *losses(pieces, lines, profile, ways),
        ]  # fmt: skip
        findings.sort(key=lambda each: (each.line, each.offset))
        places = tuple(sorted([*builder.places, *self._furniture()]))
        return Imported(issue, tuple(findings), places, account)

    def _made(self, edits: Edits) -> tuple[Issue, Builder, Ledger]:
        ledger = Ledger(self.transcript.lines, edits)
        builder = Builder(ledger, self.profile)
        plate = nameplate(self.plate, self.day, self.profile, ledger)
        pages = tuple(self._page(sheet, builder, n == 0) for n, sheet in enumerate(self._kept(ledger)))
        foot = imprint(self.foot, ledger)
        paper = self.profile.paper
        own_id = f"{paper.id}-{self.day}" if paper.id else str(self.day)
        issue = Issue(
            self.issue_id or own_id, self.day, plate, pages, foot,
            lang=paper.lang or _language(self.transcript, self.profile), layout=paper.layout or "broadsheet",
        )  # fmt: skip
        return issue, builder, ledger

    def _kept(self, ledger: Ledger) -> Iterator[_Sheet]:
        """Pages that hold something; what the others say of themselves is left out."""
        for sheet in self.sheets:
            if sheet.drafts:
                yield sheet
            else:
                for opening in sheet.openings:
                    spans = [
                        *opening.title,
                        *(s for pair in opening.editors for words in pair for s in words),
                    ]
                    ledger.leave_out([*opening.left, *(("page without text", span) for span in spans)])

    def _page(self, sheet: _Sheet, builder: Builder, first: bool) -> Page:
        ledger, name = builder.ledger, f"page-{sheet.number}"
        rule = self.profile.page(sheet.number)
        title = ""
        editors: list[Editor] = []
        for opening in sheet.openings:
            ledger.leave_out(opening.left)
            if opening.title and not title:
                title = ledger.say(name, "title", opening.title)
            else:
                ledger.leave_out(("folio line", span) for span in opening.title)
            for role, names in opening.editors:
                editors += _editors(name, role, names, ledger, self.profile)
        if not title:
            known = rule.title if rule is not None else ""
            title = ledger.give(name, "title", known or self.profile.paper.untitled_page)
        items: tuple[Item, ...] = builder.items(sheet.number, sheet.drafts, first=first)
        line = self.transcript.lines[sheet.openings[0].at].number
        return Page(sheet.number, title, items, tuple(editors), line=line)

    def _furniture(self) -> Iterator[tuple[int, str, str]]:
        lines = self.transcript.lines
        yield from ((lines[at].number, Kind.NAMEPLATE, "") for at in self.plate.lines)
        yield from ((lines[at].number, Kind.IMPRINT, "") for at in self.foot.lines)
        for sheet in self.sheets:
            for opening in sheet.openings:
                yield from ((lines[at].number, Kind.PAGE, f"page-{sheet.number}") for at in opening.lines)

    def transcript_doubts(self) -> Iterator[ImportFinding]:
        """What is said of the furniture."""
        if not self.plate.words("title") and not self.profile.paper.name:
            message = f"no name of the paper: “{self.profile.paper.unnamed}” stands in the nameplate"
            first = next(line for line in self.transcript.lines if not line.is_blank)
            yield ImportFinding(Doubt.MISSING_START, first.number, message, 0.9, done=True)
        for words in self.plate.unknown:
            shown = said(words, self.transcript.lines)
            message = (
                f"“{shown[:20]}” stands in the head, and nothing says what it is: it was put into the ear"
            )
            yield ImportFinding(Doubt.UNKNOWN, line_of(words, self.transcript.lines), message, 0.4, done=True)
        printed = self.plate.words("date")
        if printed and (shown := said(printed, self.transcript.lines)):
            found = _DATE.fullmatch(re.sub(r"\s", "", shown))
            if found and [number_of(each) for each in found.groups()] != [
                self.day.year,
                self.day.month,
                self.day.day,
            ]:
                message = f"the nameplate says {shown}, the order {self.day}: the order was followed"
                yield ImportFinding(
                    Doubt.GUESSED, line_of(printed, self.transcript.lines), message, 0.6, done=True
                )

    def _check_labels(self, ledger: Ledger) -> None:
        """A pattern of the profile may leave out nothing but labels."""
        plate: Mapping[str, str] = {name: said(words, ledger.lines) for name, words in self.plate.data}
        titles = [said(opening.title, ledger.lines) for sheet in self.sheets for opening in sheet.openings]
        strange = unlabelled(ledger, self.profile, [*plate.values(), *titles])
        errors = []
        for name, span in strange:
            line = ledger.lines[span.at]
            if name == "page without text":
                message = f"page “{line.text[:20]}” holds no text"
                errors.append(
                    SourceError(
                        self.transcript.name, line.number, message, "delete the line, or add its text"
                    )
                )
                continue
            message = (
                f"the pattern of {name} leaves out “{line.text[span.start : span.end]}”, which is no label"
            )
            hint = f"give it a named group in {self.profile.file}, or add it to labels.words"
            errors.append(SourceError(self.transcript.name, line.number, message, hint, code="profile"))
        if errors:
            raise SourceErrors(errors)


def _editors(item: str, role: Words, names: Words, ledger: Ledger, profile: Profile) -> Iterator[Editor]:
    """A page's editors of one role, which stands once before their names."""
    called = ledger.say(item, "role", role)
    named = people(names, ledger.lines, profile)
    for number, each in enumerate(named):
        if number:
            ledger.give(item, "role", called)
        yield Editor(ledger.say(item, "editor", each.name), called, line_of(each.name, ledger.lines))
    used = sorted(span for each in named for span in each.name)
    ledger.leave_out(("page editor", span) for span in between(names, used, ledger.lines))


def _language(transcript: Transcript, profile: Profile) -> str:
    """zh-Hant when characters that only it has are the more frequent ones."""
    traditional, simplified = frozenset(profile.language.traditional), frozenset(profile.language.simplified)
    more = sum(
        (char in traditional) - (char in simplified) for line in transcript.lines for char in line.text
    )
    return "zh-Hant" if more > 0 else "zh-Hans"


def _check_written(issue: Issue) -> None:
    """The issue can be written, and read back as it is."""
    try:
        write_issue(issue)
    except (SourceErrors, ValueError) as error:
        raise LossyImportError(f"issue {issue.id} cannot be written: {error}") from error
