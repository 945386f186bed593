"""`issue-publisher verify`: proof that nothing of a built issue was lost or changed.

The order of the looks: the manifest, every output, what the archive PDF encloses, the inputs of today,
the words in all that was made, and on demand the issue built again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from issue_publisher import __version__
from issue_publisher.preflight.finding import Finding, Severity, in_order
from issue_publisher.production import manifest
from issue_publisher.production.cache import NO_CACHE, Cache
from issue_publisher.production.check import Ran
from issue_publisher.production.deep_calls import with_room
from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.load import shown
from issue_publisher.production.outputs import Product, replace_file, workshop
from issue_publisher.production.verify_files import (
    PICTURES,
    RESULT,
    Held,
    earlier_result,
    held,
    inputs_of_today,
    note,
    source_place,
    warning,
    with_enclosures,
)
from issue_publisher.production.verify_words import words_found

FORMAT = 1  # of verification.json
OnStep = Callable[[str], None]
_CLOCKS_DIFFER = timedelta(minutes=5)  # between machines that share a folder


@dataclass(frozen=True, slots=True)
class Verified:
    """All that is to be said of one issue's folder."""

    folder: str
    issue: str  # its id; "" when there is no manifest that can be read
    manifest: str  # sha256 of its manifest
    findings: tuple[Finding, ...]
    rebuilt: bool = False
    files: int = 0  # outputs that the manifest names
    passages: int = 0  # of the XML, each sought in every output
    read: tuple[str, ...] = ()  # roles of the outputs that they were sought in
    tools: tuple[Ran, ...] = ()
    pictures: tuple[str, ...] = ()  # of pages that differ

    @property
    def good(self) -> bool:
        """No errors; warnings and notes may be there."""
        return all(one.severity is not Severity.ERROR for one in self.findings)

    def stands(self, *, strict: bool) -> bool:
        """Whether it is good; with `strict`, warnings count as errors."""
        return self.good and not (strict and any(one.severity is Severity.WARNING for one in self.findings))


def issue_folders(given: Path) -> tuple[Path, ...]:
    """The folders of issues that a folder stands for: itself, or all in it. Raises EnvironmentFault."""
    try:
        if not given.is_dir():
            raise EnvironmentFault(f"{shown(given)}: there is no such folder (dist, or dist/<issue>)")
        if (given / manifest.NAME).exists():
            return (given,)
        within = sorted(path for path in given.iterdir() if path.is_dir() and not path.name.startswith("."))
        found = tuple(path for path in within if _is_an_issue(path))
    except OSError as fault:
        raise EnvironmentFault(f"{shown(given)}: {(fault.strerror or str(fault)).lower()}") from fault
    if found or not _is_an_issue(given):
        if not found:
            raise EnvironmentFault(f"{shown(given)}: no issue is in it (dist, or dist/<issue>)")
        return found
    return (given,)


def _is_an_issue(folder: Path) -> bool:
    """Whether outputs of an issue are there, with a manifest or without."""
    return (folder / manifest.NAME).exists() or any(
        path.suffix in (".pdf", ".epub") and path.stem.startswith(folder.name) for path in folder.iterdir()
    )


@with_room
def verify_issue(
    folder: Path,
    *,
    source: Path | None = None,
    rebuild: bool = False,
    now: datetime | None = None,
    cache: Cache = NO_CACHE,
    on_step: OnStep = lambda step: None,
) -> Verified:
    """Check the outputs of an issue in `dist/<id>`; with `rebuild` also build it again and compare.

    `source`: the issue's folder, or that of all sources, if they do not lie beside dist/. `now`: what the
    clock says, to tell of an earlier check that lies in the future. Pictures of pages that differ come into
    `verification/`; nothing else is written. Raises EnvironmentFault when files cannot be read or written.
    """
    on_step("hashing")
    found = held(folder)
    if not isinstance(found, Held):
        return Verified(shown(folder), "", "", in_order(found))
    issue = with_enclosures(found)
    place = source_place(issue, source)
    findings = [*issue.findings, *_earlier(issue, now)]
    findings += inputs_of_today(issue, place, is_given=source is not None)
    on_step("reading the words")
    words = words_found(issue, place)
    findings += words.findings
    pictures: tuple[Product, ...] = ()
    if rebuild:
        from issue_publisher.production.verify_rebuild import rebuild_and_compare

        rebuilt = rebuild_and_compare(issue, place, left_out=words.left_out, cache=cache, on_step=on_step)
        findings += rebuilt.findings
        pictures = rebuilt.pictures
        _put_pictures(folder, pictures)
    return Verified(
        shown(folder),
        issue.record.issue,
        issue.digest,
        in_order(findings),
        rebuild and rebuilt.built,
        len(issue.record.outputs),
        words.passages,
        words.files,
        words.tools,
        tuple(shown(folder / one.name) for one in pictures),
    )


def _earlier(issue: Held, now: datetime | None) -> Iterator[Finding]:
    """What an earlier check left behind that cannot be so."""
    told = earlier_result(issue)
    if told is None:
        return
    if told.get("manifest") != issue.digest:
        yield note(issue.file(RESULT), "it is of an earlier build", "it is written anew")
    try:
        when = datetime.fromisoformat(str(told.get("verified")))
    except ValueError:
        yield note(issue.file(RESULT), "it does not say when", "it is written anew")
        return
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    if now is not None and when - now > _CLOCKS_DIFFER:
        hint = f"the clock says {now:%Y-%m-%d %H:%M}: was it set back?"
        yield warning(issue.file(RESULT), f"verified in the future, {when:%Y-%m-%d %H:%M}", hint)


def _put_pictures(folder: Path, pictures: tuple[Product, ...]) -> None:
    """Pictures of pages that differ, in place of those of an earlier check."""
    there = folder / PICTURES
    if pictures:
        with workshop(folder.parent, folder.name) as shop:
            shop.put_in_place(pictures)
    elif there.is_dir() and not there.is_symlink():
        try:
            shutil.rmtree(there)
        except OSError as fault:
            why = (fault.strerror or str(fault)).lower()
            raise EnvironmentFault(f"{shown(there)}: cannot be removed: {why}") from fault


def write_verification(folder: Path, verified: Verified, when: datetime) -> None:
    """Put `verification.json` into the issue's folder, whole or not at all. Raises EnvironmentFault.

    An issue without a manifest that can be read gets none: there is nothing that it could be of.
    """
    if not verified.manifest:
        return
    told = {
        "format": FORMAT,
        "manifest": verified.manifest,
        "verified": when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "good": verified.good,
        "rebuilt": verified.rebuilt,
        "findings": sum(one.severity is not Severity.NOTE for one in verified.findings),
        "program": __version__,
    }
    replace_file(folder / RESULT, (json.dumps(told, indent=1) + "\n").encode())
