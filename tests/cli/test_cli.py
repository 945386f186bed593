"""The commands as the desk meets them: exit codes, words on the terminal, JSON, and a clean stop."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from issue_publisher import __version__
from issue_publisher.cli import main
from production.newspaper import ISSUE, jpeg

COMMAND = [sys.executable, "-m", "issue_publisher"]


@pytest.fixture
def paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with the small issue, where the desk works."""
    issue = tmp_path / "source" / "2026-11-30"
    (issue / "pictures").mkdir(parents=True)
    (issue / "issue.xml").write_text(ISSUE, encoding="utf-8")
    (issue / "pictures" / "river.jpg").write_bytes(jpeg())
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command in this process: exit code, stdout, stderr."""

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return int(stopped.value.code or 0), said.out, said.err

    return run


Run = Callable[..., tuple[int, str, str]]


def spoil(paper: Path, was: str, becomes: str) -> None:
    file = paper / "source" / "2026-11-30" / "issue.xml"
    text = file.read_text(encoding="utf-8")
    assert was in text
    file.write_text(text.replace(was, becomes), encoding="utf-8")


def test_version_and_help(run: Run) -> None:
    assert run("--version") == (0, f"issue-publisher {__version__}\n", "")
    code, out, _ = run("--help")
    assert code == 0
    assert all(command in out for command in ("build", "validate", "new"))


@pytest.mark.parametrize(
    "arguments",
    [
        ["print"],
        ["build"],
        ["validate"],
        ["new"],
        ["build", "--only", "pdf", "source/2026-11-30"],
        ["build", "--only", "", "source/2026-11-30"],
        ["build", "--speed", "9", "source/2026-11-30"],
    ],
)
def test_wrong_usage_exits_with_2(run: Run, paper: Path, arguments: list[str]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert "Error" in err
    assert not (paper / "dist").exists()


class TestValidate:
    def test_a_good_issue(self, run: Run, paper: Path) -> None:
        assert run("validate", "source/2026-11-30") == (0, "source/2026-11-30: good\n", "")

    def test_everything_wrong_is_listed_with_file_and_line(self, run: Run, paper: Path) -> None:
        spoil(paper, "river.jpg", "bridge.jpg")
        spoil(paper, "北岸三号", "北岸三号⼤")
        code, out, _ = run("validate", "source/2026-11-30")
        assert code == 1
        findings, verdict = out.splitlines()[:-1], out.splitlines()[-1]
        assert all(line.startswith("source/2026-11-30/issue.xml:") for line in findings)
        assert any("bridge.jpg" in line for line in findings)
        assert any("U+2F24" in line for line in findings)
        assert "not fit to build (2 errors" in verdict

    def test_warnings_are_errors_with_strict(self, run: Run, paper: Path) -> None:
        spoil(paper, ' alt="江面"', "")
        code, out, _ = run("validate", "source/2026-11-30")
        assert code == 0
        assert "warning: " in out
        code, out, _ = run("validate", "--strict", "source/2026-11-30")
        assert code == 1
        assert "warning: " not in out

    def test_json(self, run: Run, paper: Path) -> None:
        spoil(paper, "river.jpg", "bridge.jpg")
        code, out, _ = run("validate", "--json", "source/2026-11-30", "source/nothing")
        assert code == 1
        good, missing = json.loads(out)
        assert (good["ok"], good["issue"]) == (False, "2026-11-30")
        [finding] = good["findings"]
        assert finding["line"] > 1
        assert finding["severity"] == "error"
        assert finding["code"] == "picture-missing"
        assert missing["findings"][0]["file"] == "source/nothing/issue.xml"


class TestBuild:
    def test_outputs_are_named(self, run: Run, paper: Path) -> None:
        code, out, err = run("build", "--only", "epub", "source/2026-11-30")
        assert code == 0
        assert "dist/2026-11-30/2026-11-30.epub" in out
        assert "\033" not in out + err
        assert (paper / "dist" / "2026-11-30" / "manifest.json").is_file()

    def test_pictures_are_kept_where_they_are_wanted(
        self, run: Run, paper: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def build(*more: str) -> bytes:
            assert run("build", "--only", "epub", *more, "source/2026-11-30")[0] == 0
            return (paper / "dist" / "2026-11-30" / "2026-11-30.epub").read_bytes()

        def kept(folder: str) -> set[str]:
            return {path.name for path in (paper / folder).rglob("*") if path.is_file()}

        monkeypatch.delenv("ISSUE_PUBLISHER_CACHE")
        monkeypatch.setenv("XDG_CACHE_HOME", str(paper / "users"))
        plain = build("--no-cache")
        assert build("--cache", "here") == plain
        assert not (paper / "users").exists()
        assert build() == plain
        monkeypatch.setenv("ISSUE_PUBLISHER_CACHE", "there")
        assert build() == plain
        assert build("--no-cache") == plain
        assert kept("here") == kept("there") == kept("users/issue-publisher") != set()

    def test_json_names_outputs(self, run: Run, paper: Path) -> None:
        code, out, _ = run("build", "--json", "--only", "epub", "--output", "out", "source/2026-11-30")
        assert code == 0
        [report] = json.loads(out)
        assert report["ok"]
        assert [output["role"] for output in report["outputs"]] == ["epub", "manifest"]
        assert all(Path(output["path"]).stat().st_size == output["size"] for output in report["outputs"])

    def test_a_proof_says_the_same_in_every_place(self, run: Run, paper: Path) -> None:
        build = ("build", "--only", "press", "--proof", "--keep-plan", "source/2026-11-30")
        code, out, _ = run(*build, "--json")
        assert code == 0
        [told] = json.loads(out)
        folder = Path("dist", "2026-11-30")
        assert told["report"] == json.loads((folder / "report.json").read_bytes())
        assert [made["path"] for made in told["outputs"] if made["role"] in {"proof", "report"}] == [
            str(folder / name) for name in ("proof/page-1.png", "proof/proof.html", "report.json")
        ]
        code, out, _ = run(*build)
        assert code == 0
        [page] = json.loads((folder / "report.json").read_bytes())["pages"]
        lines = out.splitlines()
        [head] = [at for at, line in enumerate(lines) if line.startswith("page ")]
        row, *broken = lines[head + 1 :]
        assert row.split()[:4] == ["1", f"{page['fill']:.1%}", f"{page['blank']:.1%}", "0"]
        assert " ".join(f"{rung['size_pt']:g}" for rung in page["ladder"]) in row
        assert row.endswith("by the plan")
        wrong = [rule for rule in page["rules"] if not rule["kept"]]
        assert len(broken) == len(wrong) > 0
        for rule in wrong:
            kind, price = ("hard" if rule["hard"] else "soft"), f"{rule['penalty']:.1f}"
            [line] = [line for line in broken if line.split()[1:4] == [kind, price, f"{rule['rule']}:"]]
            assert rule["words"] in line
            assert all(item in line for item in rule["items"])

    def test_a_proof_of_what_does_not_fit_names_it_and_leaves_the_rest(self, run: Run, paper: Path) -> None:
        code, _, _ = run("build", "--only", "epub", "source/2026-11-30")
        assert code == 0
        before = {path: path.read_bytes() for path in Path("dist").rglob("*") if path.is_file()}
        spoil(paper, "空置多年的", "空置多年的" + "粮仓里的灯亮着，" * 5000)
        code, out, err = run("build", "--only", "epub", "--proof", "source/2026-11-30")
        assert code == 1
        assert "source/2026-11-30/issue.xml:" in err
        assert "lines too long" in err
        assert "not built; only its proof is new" in err
        assert "   1  not made" in out
        sheet = Path("dist", "2026-11-30", "proof", "proof.html")
        assert "library" in sheet.read_text(encoding="utf-8")
        after = {path: path.read_bytes() for path in Path("dist").rglob("*") if path.is_file()}
        assert {path: after[path] for path in before} == before
        assert set(after) - set(before) == {sheet, Path("dist", "2026-11-30", "report.json")}

    def test_a_faulty_source_stops_before_anything_is_written(self, run: Run, paper: Path) -> None:
        spoil(paper, "river.jpg", "../../secret.jpg")
        code, out, err = run("build", "source/2026-11-30")
        assert (code, out) == (1, "")
        assert "source/2026-11-30/issue.xml:" in err
        assert not (paper / "dist").exists()

    def test_one_faulty_source_does_not_stop_the_others(self, run: Run, paper: Path) -> None:
        code, out, err = run("build", "--only", "epub", "source/nothing", "source/2026-11-30")
        assert code == 1
        assert "2026-11-30.epub" in out
        assert "source/nothing/issue.xml: there is no such file" in err

    def test_an_article_far_too_long_is_named(self, run: Run, paper: Path) -> None:
        spoil(paper, "空置多年的", "空置多年的" + "粮仓里的灯亮着，" * 5000)
        code, _, err = run("build", "--only", "press", "source/2026-11-30")
        assert code == 1
        assert "library" in err
        assert "source/2026-11-30/issue.xml:" in err
        assert not (paper / "dist").exists()

    def test_an_output_folder_that_cannot_be_written(self, run: Run, paper: Path) -> None:
        (paper / "dist").write_text("a file")
        code, _, err = run("build", "--only", "epub", "source/2026-11-30")
        assert code == 2
        assert "dist/2026-11-30: cannot be written" in err
        code, _, err = run("build", "--only", "epub", "--output", "/proc/nothing", "source/2026-11-30")
        assert code == 2
        assert "cannot be written" in err

    def test_a_full_disk(self, run: Run, paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_arguments: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("issue_publisher.production.outputs._write", full)
        code, _, err = run("build", "--only", "epub", "source/2026-11-30")
        assert code == 2
        assert "the disk is full" in err
        assert not (paper / "dist").exists()

    def test_ctrl_c(self, run: Run, paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def stop(*_arguments: object, **_options: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("issue_publisher.rendering.epub.render_epub", stop)
        code, _, err = run("build", "--only", "epub", "source/2026-11-30")
        assert code == 130
        assert "interrupted" in err
        assert not (paper / "dist").exists()

    def test_trouble_with_the_disk_is_not_called_a_fault_of_the_program(
        self, run: Run, paper: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_arguments: object, **_options: object) -> None:
            raise PermissionError(13, "Permission denied", "layouts/broadsheet/layout.toml")

        monkeypatch.setattr("issue_publisher.production.load.layout_folder", refuse)
        code, _, err = run("validate", "source/2026-11-30")
        assert code == 2
        assert err == "issue-publisher: layouts/broadsheet/layout.toml: permission denied\n"

    def test_a_slip_of_the_program_is_one_line(
        self, run: Run, paper: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def slip(*_arguments: object, **_options: object) -> None:
            raise ZeroDivisionError("a slip")

        monkeypatch.setattr("issue_publisher.rendering.epub.render_epub", slip)
        code, _, err = run("build", "--only", "epub", "source/2026-11-30")
        assert code == 2
        assert err.count("\n") == 1
        assert "ISSUE_PUBLISHER_DEBUG=1" in err


SOURCE = Path(__file__).resolve().parents[2] / "src"


def stopped(folder: Path, module: str, *arguments: str, number: int) -> tuple[int, str]:
    """Exit code and words of a module that gets signals as from a terminal; `folder` is looked in first."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(SOURCE)])},
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


LOADED = "import os, time\nfrom issue_publisher.__main__ import main\nfrom issue_publisher.cli import app\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_a_text_is_run_as_code_ends_as_any_other(tmp_path: Path, number: int) -> None:
    """Modules that make dataclasses do so; Python would die of the signal itself (-2)."""
    code = f"os.kill(os.getpid(), {int(number)})\ntime.sleep(9)"
    (tmp_path / "stop.py").write_text(f"{LOADED}app.command('stop')(lambda: exec({code!r}))\nmain()\n")
    code, said = stopped(tmp_path, "stop", "stop", number=number)
    assert (code, "Traceback" in said) == (128 + number, False)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_where_no_exception_gets_out_is_not_lost(tmp_path: Path, number: int) -> None:
    """As in what logging has called around a fork."""
    (tmp_path / "stop.py").write_text(
        f"{LOADED}class Cleared:\n    def __del__(self):\n        os.kill(os.getpid(), {int(number)})\n"
        "        time.sleep(9)\n"
        "def stop():\n    Cleared()\n    time.sleep(3)\n"
        "app.command('stop')(stop)\nmain()\n"
    )
    code, said = stopped(tmp_path, "stop", "stop", number=number)
    assert (code, "Exception ignored" in said) == (128 + number, False)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_the_program_is_loaded_ends_it_quietly(tmp_path: Path, number: int) -> None:
    (tmp_path / "click.py").write_text(f"import os, time\nos.kill(os.getpid(), {int(number)})\ntime.sleep(9)")
    assert stopped(tmp_path, "issue_publisher", "--version", number=number) == (128 + number, "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_a_signal_that_was_to_be_ignored_is(run: Run, number: int) -> None:
    """As nohup wants it."""
    signal.signal(number, signal.SIG_IGN)
    run("--version")
    assert signal.getsignal(number) is signal.SIG_IGN


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_real_signal_while_building_leaves_nothing_behind(paper: Path, number: signal.Signals) -> None:
    child = subprocess.Popen(
        [*COMMAND, "build", "source/2026-11-30"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell that runs the tests in the background has them ignore Ctrl-C, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 60
    while not list(paper.glob("dist/.building-*")):  # until it is in the midst of its work
        assert child.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(0.3)
    child.send_signal(number)
    out, err = child.communicate(timeout=60)
    assert child.returncode == 128 + number
    assert out == ""
    assert "Traceback" not in err
    assert not (paper / "dist").exists()


@pytest.mark.parametrize(
    "locale", [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "gb18030"}]
)
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_terminals_that_cannot_write_chinese(paper: Path, locale: dict[str, str], form: list[str]) -> None:
    spoil(paper, "北岸三号", "北岸三号⼤\U00020000")
    done = subprocess.run(
        [*COMMAND, "validate", *form, "source/2026-11-30"],
        capture_output=True,
        env={**os.environ, **locale},
        check=False,
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    if form:
        encoding = "gb18030" if "gb18030" in locale.values() else "utf-8"
        assert not json.loads(done.stdout.decode(encoding))[0]["ok"]


def test_progress_shows_on_a_terminal_and_is_wiped(paper: Path) -> None:
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [*COMMAND, "build", "--only", "epub", "source/2026-11-30"], stdout=subprocess.PIPE, stderr=theirs
    )
    out, _ = child.communicate(timeout=60)
    os.close(theirs)
    seen = os.read(ours, 10_000).decode()
    os.close(ours)
    assert child.returncode == 0
    assert "writing the e-book" in seen
    assert seen.endswith("\r\033[K")
    assert b"\033" not in out


def test_a_reader_that_closes_the_pipe(paper: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", f"{' '.join(COMMAND)} validate {'source/nothing ' * 500} | head -1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr


def test_a_plan_that_no_longer_fits_is_said_and_made_anew_when_asked(run: Run, paper: Path) -> None:
    assert run("build", "--only", "press", "--keep-plan", "source/2026-11-30")[0] == 0
    plan = paper / "source" / "2026-11-30" / "page-plan.toml"
    kept = plan.read_text("utf-8")
    spoil(paper, "上周末换了身份。", "上周末换了身份。" + "粮仓的窗户也换了，天光照进来。" * 60)
    code, _, err = run("build", "--only", "press", "source/2026-11-30")
    assert code == 1
    assert "article library is" in err
    assert "lines too long for its place on page 1" in err
    assert "build with --replan" in err
    code, _, err = run("build", "--only", "press", "--keep-plan", "--replan", "source/2026-11-30")
    assert code == 0
    assert "page-plan.toml" in err
    assert ": warning: library had " in err
    assert "ferry" not in err
    assert plan.read_text("utf-8") != kept
    code, _, err = run("build", "--only", "press", "source/2026-11-30")
    assert (code, err) == (0, "")


class TestNew:
    def test_makes_a_folder_whose_issue_is_good(
        self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        code, out, _ = run("new", "deep/mypaper")
        assert code == 0
        assert "deep/mypaper/README.md" in out
        folder = tmp_path / "deep" / "mypaper"
        assert [path.name for path in folder.parent.iterdir()] == ["mypaper"]
        assert folder.stat().st_mode & 0o777 == 0o777 & ~_umask()
        monkeypatch.chdir(folder)
        [issue] = (folder / "source").iterdir()
        code, out, _ = run("validate", "--strict", str(issue.relative_to(folder)))
        assert code == 0, out

    def test_its_issue_builds(self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        run("new", "mypaper")
        [issue] = (tmp_path / "mypaper" / "source").iterdir()
        code, out, err = run("build", "--strict", "--only", "epub", str(issue))  # test_wheel builds it all
        assert code == 0, err
        assert ".epub" in out

    def test_with_a_layout_of_its_own(
        self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert run("new", "--with-layout", "mypaper")[0] == 0
        assert (tmp_path / "mypaper" / "layouts" / "broadsheet" / "layout.toml").is_file()
        assert list((tmp_path / "mypaper" / "layouts" / "broadsheet").glob("ebook/*"))

    def test_with_another_layout(self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        assert run("new", "--layout", "tabloid", "--with-layout", "mypaper")[0] == 0
        assert (tmp_path / "mypaper" / "layouts" / "tabloid" / "layout.toml").is_file()
        monkeypatch.chdir("mypaper")
        [issue] = Path("source").iterdir()
        code, out, _ = run("validate", "--strict", str(issue))
        assert code == 0, out
        assert 'layout="tabloid"' in (issue / "issue.xml").read_text(encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        code, _, err = run("new", "--layout", "tabloyd", "other")
        assert code == 2
        assert "broadsheet, tabloid" in err
        assert not Path("other").exists()

    def test_an_empty_folder_is_taken_and_a_full_one_is_not(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        assert run("new", str(tmp_path / "empty"))[0] == 0
        before = sorted(tmp_path.rglob("*"))
        for taken in ("empty", "empty/README.md", "empty/README.md/below"):
            code, _, err = run("new", str(tmp_path / taken))
            assert code == 2
            assert taken.split("/below")[0] in err
        assert sorted(tmp_path.rglob("*")) == before

    def test_nothing_half_made(self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_arguments: object, **_options: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("shutil.copytree", full)
        code, _, err = run("new", str(tmp_path / "deep" / "mypaper"))
        assert code == 2
        assert "no space left" in err
        assert not list(tmp_path.iterdir())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_copy_that_waits_for_a_page_is_printed_only_when_told(paper: Path, run: Run) -> None:
    waiting = "<article id='w'><headline>等版的稿</headline><body><p>此稿还没有版。</p></body></article>"
    spoil(paper, "</page>", f"</page>\n  <copy section='要闻'>{waiting}</copy>")
    code, _, err = run("build", "--only", "press", "source/2026-11-30")
    assert code == 1
    assert "issue.xml:17: <copy> (待排稿): w has no page (build with --plan-pages" in err
    code, _, _ = run("build", "--only", "press", "--plan-pages", "source/2026-11-30")
    assert code == 0
    assert "[page-1.w]" in (paper / "dist/2026-11-30/page-plan.toml").read_text(encoding="utf-8")


def test_the_e_book_needs_no_pages_for_copy_that_waits(paper: Path, run: Run) -> None:
    waiting = "<article id='w'><headline>等版的稿</headline><body><p>此稿还没有版。</p></body></article>"
    spoil(paper, "</page>", f"</page><copy section='要闻'>{waiting}</copy>")
    code, _, _ = run("build", "--only", "epub", "source/2026-11-30")
    assert code == 0
    with zipfile.ZipFile(paper / "dist/2026-11-30/2026-11-30.epub") as book:
        assert (
            sum("此稿还没有版" in book.read(name).decode("utf-8", "replace") for name in book.namelist()) == 1
        )


def test_the_source_comes_out_of_the_archive(paper: Path, run: Run) -> None:
    assert run("build", "--only", "archive", "source/2026-11-30")[0] == 0
    pdf = "dist/2026-11-30/2026-11-30-archive.pdf"
    code, out, err = run("extract", pdf)
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "Next: issue-publisher build 2026-11-30"
    assert (paper / "2026-11-30" / "issue.xml").read_text(encoding="utf-8") == ISSUE
    code, out, err = run("extract", pdf)
    assert (code, out) == (2, "")
    assert "2026-11-30: is there already and not empty (--output names a new folder)" in err
    code, _, err = run("extract", "source/2026-11-30/issue.xml", "--output", "other")
    assert code == 1
    assert err.startswith("source/2026-11-30/issue.xml: not a PDF, or a damaged one")
    assert not (paper / "other").exists()
