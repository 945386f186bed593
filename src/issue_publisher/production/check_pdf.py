"""`issue-publisher check` of a PDF: our own preflight, and what outside tools see of it.

A PDF may be anyone's. It is read in a process of its own with bounds on memory and time, so that a bomb ends
in a finding and not in a full machine. Ghostscript renders the separations, veraPDF validates archives; one
that is missing is said.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from issue_publisher.preflight.finding import Finding, Severity, gathered, in_order
from issue_publisher.preflight.ink import DPI, rendered_ink
from issue_publisher.preflight.pdf import Examined, examine
from issue_publisher.preflight.pixels import marked_pages
from issue_publisher.preflight.profile import (
    SHIPPED,
    Profile,
    ProfileError,
    for_layout,
    read_profile,
    shipped_profile,
)
from issue_publisher.preflight.reports import NoReportError
from issue_publisher.preflight.sheet import PT_PER_MM, Sheet, whole_file
from issue_publisher.preflight.validator import library_findings, verapdf_findings
from issue_publisher.production.aside import Aside, can_fork
from issue_publisher.production.check import Checked, Ran, beside_us
from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.load import LAYOUT_FILE, layout_folder, shown
from issue_publisher.production.manifest import NAME as MANIFEST

MOST_FILE = 512 << 20  # bytes of a PDF that is read at all
MOST_MEMORY = 4 << 30  # that reading one may take
MOST_SECONDS = 120  # of the processor
_TOOL_SECONDS = 600
_MOST_RENDERED = 64  # pages
_MOST_SIDE_MM = 1_500  # of a page that is rendered
_OVERSAMPLED = 2  # rendered finer and scaled down, so that thin type is as light as it prints
_VALIDATOR = Path("verapdf") / "validate"  # where `make check-pdf` puts veraPDF's library with its driver
GHOSTSCRIPT, VERAPDF = "Ghostscript", "veraPDF"
Result = TypeVar("Result")


def is_pdf(path: Path) -> bool:
    """By its name, or by how it begins."""
    try:
        with path.open("rb") as file:
            return path.suffix.lower() == ".pdf" or file.read(5) == b"%PDF-"
    except OSError:
        return path.suffix.lower() == ".pdf"


def check_pdf(path: Path, profile: str | None = None, *, mark: bool = False) -> Checked:
    """A PDF held against a profile: the name of a shipped one, a TOML file, or None to choose by what it is.

    With `mark` the pages with findings are drawn beside the file. Raises EnvironmentFault when the file or
    the profile cannot be read or nothing can be written.
    """
    file, data = shown(path), _read(path)
    limits = _profile(profile, path, data)
    renderer = shutil.which("gs")
    examined = _bounded(lambda: examine(data, file, limits, count_ink=renderer is None), file)
    chosen = examined.profile
    if chosen is None or not examined.sheets:
        return Checked(file, examined.findings, (Ran("preflight"),))
    chosen = _for_us(chosen, path, data) if limits is None else chosen
    if chosen != examined.profile:
        examined = _bounded(lambda: examine(data, file, chosen, count_ink=renderer is None), file)
    found, tools = list(examined.findings), [Ran(f"preflight for {chosen.name}")]
    if chosen.total_ink_percent:
        ran, more = _separations(path, data, file, examined.sheets, chosen.total_ink_percent, renderer)
        tools.append(ran)
        found += more
    if chosen.pdfa:
        ran, more = _validated(path, file, chosen)
        tools.append(ran)
        found += more
    findings = in_order(gathered(found))
    marked = _marked(path, data, examined.sheets, findings) if mark else ()
    return Checked(file, findings, tuple(tools), marked)


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_FILE:
            most = MOST_FILE >> 20
            raise EnvironmentFault(f"{shown(path)}: larger than {most} MB: check an issue page by page")
        return path.read_bytes()
    except OSError as error:
        raise EnvironmentFault(f"{shown(path)}: {(error.strerror or str(error)).lower()}") from error


# --------------------------------------------------------------------------- which limits


def _profile(given: str | None, path: Path, data: bytes) -> Profile | None:
    if given is None:
        return None
    if given in SHIPPED:
        return _for_us(shipped_profile(given), path, data)
    try:
        return read_profile(Path(given).read_text(encoding="utf-8"), given)
    except OSError as error:
        raise EnvironmentFault(
            f"{given}: {(error.strerror or str(error)).lower()} (a TOML file, or {' or '.join(SHIPPED)})"
        ) from error
    except (ProfileError, UnicodeDecodeError) as error:
        raise EnvironmentFault(str(error)) from error


def _for_us(profile: Profile, path: Path, data: bytes) -> Profile:
    """A press file of ours is held against the press of its layout, as the manifest beside it names it."""
    if not profile.is_for_press:
        return profile
    try:
        manifest = json.loads((path.parent / MANIFEST).read_bytes())
        names = {entry["name"]: entry["sha256"] for entry in manifest["outputs"]}
        folder = layout_folder(path.parent, str(manifest["layout"]["name"]))
        if names.get(path.name) != sha256(data).hexdigest() or folder is None:
            return profile
        file = folder / LAYOUT_FILE
        return for_layout(profile, tomllib.loads(file.read_text(encoding="utf-8-sig")), shown(file))
    except (OSError, ValueError, KeyError, TypeError, ProfileError):
        return profile


# --------------------------------------------------------------------------- bounds


def _bounded(task: Callable[[], Examined], file: str) -> Examined:
    """What a task finds, or a finding that it took too much."""
    try:
        return _limited(task)
    except (MemoryError, EnvironmentFault):
        bounds = f"{MOST_MEMORY >> 30} GB of memory or {MOST_SECONDS} s"
        message = f"too much to be read: it took more than {bounds} (a PDF bomb?)"
        return Examined((whole_file(file, Severity.ERROR, "size", message, "ask for the file again"),))


def _limited(task: Callable[[], Result]) -> Result:
    if not can_fork():
        return task()

    def bounded() -> Result:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        return task()

    with Aside(lambda _: bounded()) as aside:
        return aside.result(lambda _: None)


# --------------------------------------------------------------------------- tools


def _separations(
    path: Path, data: bytes, file: str, sheets: tuple[Sheet, ...], limit: float, program: str | None
) -> tuple[Ran, list[Finding]]:
    """Ink on the plates as they are rendered."""
    if program is None:
        why = "there is no gs (Debian: apt-get install ghostscript); ink is added up from the colours told"
        return Ran(GHOSTSCRIPT, why, needed=False), []
    large = any(max(one.boxes["MediaBox"].width, one.boxes["MediaBox"].height) > _MOST_SIDE_MM * PT_PER_MM
                for one in sheets if "MediaBox" in one.boxes)  # fmt: skip
    if large or len(sheets) > _MOST_RENDERED:
        why = f"it renders at most {_MOST_RENDERED} pages of at most {_MOST_SIDE_MM} mm"
        return Ran(GHOSTSCRIPT, why, needed=False), []
    found: list[Finding] = []
    with tempfile.TemporaryDirectory() as folder:
        command = [
            program, "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=tiffsep", f"-r{DPI * _OVERSAMPLED}",
            f"-dDownScaleFactor={_OVERSAMPLED}", "-o", f"{folder}/%d.tif", str(path.resolve()),
        ]  # fmt: skip
        ran = _start(command)
        for sheet in sheets:
            plates = _plates(Path(folder), sheet.number)
            if not plates:
                said = ran.partition("\n")[0] if ran else "without a word"
                return Ran(
                    GHOSTSCRIPT, f"it could not render page {sheet.number}: {said}", needed=False
                ), found
            found += rendered_ink(sheet, plates, limit)
    return Ran(GHOSTSCRIPT), found


def _plates(folder: Path, number: int) -> Mapping[str, bytes]:
    """Each ink of a page → its plate: 2(Cyan).tif."""
    found = sorted(folder.glob(f"{number}(*).tif"))
    return {one.stem.partition("(")[2].rstrip(")"): one.read_bytes() for one in found}


def _start(command: list[str]) -> str:
    """Run a program within bounds; what it said, when it failed."""

    def bounds() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))
        resource.setrlimit(resource.RLIMIT_CPU, (_TOOL_SECONDS, _TOOL_SECONDS))

    try:
        ran = subprocess.run(
            command, capture_output=True, check=False, timeout=_TOOL_SECONDS, preexec_fn=bounds
        )
    except subprocess.TimeoutExpired:
        return f"it took more than {_TOOL_SECONDS // 60} minutes"
    except (OSError, subprocess.SubprocessError) as error:
        return str(error)
    return (ran.stderr or ran.stdout).decode(errors="replace").strip() if ran.returncode else ""


def _validated(path: Path, file: str, profile: Profile) -> tuple[Ran, list[Finding]]:
    """PDF/A and PDF/UA by veraPDF's library, if VERAPDF names a driver of it, or by the program."""
    driver, program = os.environ.get("VERAPDF") or beside_us(_VALIDATOR), shutil.which("verapdf")
    flavours = [profile.pdfa, *([f"ua{profile.pdfua}"] if profile.pdfua else [])]
    found: list[Finding] = []
    try:
        if driver:
            found += library_findings(_output([driver, ",".join(flavours), str(path.resolve())]), file)
        elif program:
            for flavour in flavours:
                command = [program, "--format", "json", "--flavour", flavour, str(path.resolve())]
                found += verapdf_findings(_output(command), file, flavour)
        else:
            return Ran(VERAPDF, "it is not installed (make check-pdf installs it)", needed=False), []
    except (OSError, subprocess.TimeoutExpired, NoReportError) as error:
        return Ran(VERAPDF, f"it failed: {error}", needed=False), found
    return Ran(VERAPDF), found


def _output(command: list[str]) -> bytes:
    return subprocess.run(command, capture_output=True, check=False, timeout=_TOOL_SECONDS).stdout


# --------------------------------------------------------------------------- pictures


def _marked(
    path: Path, data: bytes, sheets: tuple[Sheet, ...], findings: tuple[Finding, ...]
) -> tuple[str, ...]:
    """The pages with the places of findings drawn in, in a folder beside the file."""
    folder = path.with_name(f"{path.stem}-marked")
    try:
        drawn = _limited(lambda: list(marked_pages(data, sheets, findings)))
        folder.mkdir(exist_ok=True)
        names = []
        for number, picture in drawn:
            name = folder / f"page-{number}.png"
            name.write_bytes(picture)
            names.append(shown(name))
    except (ValueError, MemoryError, EnvironmentFault) as error:
        raise EnvironmentFault(f"{shown(path)}: its pages cannot be drawn: {error}") from error
    except OSError as error:
        raise EnvironmentFault(f"{shown(folder)}: {(error.strerror or str(error)).lower()}") from error
    return tuple(names)
