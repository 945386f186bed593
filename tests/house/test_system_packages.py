"""tools/system-packages.sh installs what is missing through root or sudo, and says when it has neither."""

import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

FAKES = {
    "dpkg-query": 'for last; do :; done; grep -qx "$last" "$(dirname "$0")/installed" && printf installed',
    "id": 'cat "$(dirname "$0")/user"',
    "apt-get": 'echo "apt-get $*" >> "$(dirname "$0")/log"',
}
SUDO = 'echo sudo >> "$(dirname "$0")/log"; exec "$@"'


class Machine:
    """A Debian of a few fake programs, which note how they are called."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for tool in ("sh", "env", "grep", "cat", "dirname"):
            (folder / tool).symlink_to(
                next(p for d in ("/usr/bin", "/bin") if (p := Path(d) / tool).exists())
            )
        for name, script in FAKES.items():
            self.program(name, script)
        self.set(installed="", user="0")

    def program(self, name: str, script: str) -> None:
        (self.folder / name).write_text(f"#!{self.folder}/sh\n{script}\n", encoding="utf-8")
        (self.folder / name).chmod(0o755)

    def set(self, **files: str) -> None:
        for name, content in files.items():
            (self.folder / name).write_text(f"{content}\n", encoding="utf-8")

    @property
    def log(self) -> str:
        log = self.folder / "log"
        return log.read_text(encoding="utf-8") if log.exists() else ""

    def install(self, *packages: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.folder / "sh", REPOSITORY / "tools" / "system-packages.sh", *packages],
            env={"PATH": str(self.folder)},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_nothing_runs_when_all_is_there(machine: Machine) -> None:
    machine.set(installed="qpdf\nfontconfig", user="1000")
    done = machine.install("qpdf", "fontconfig")
    assert (done.returncode, done.stdout, done.stderr, machine.log) == (0, "", "", "")


def test_root_installs_what_is_missing_and_no_more(machine: Machine) -> None:
    machine.set(installed="qpdf")
    assert machine.install("qpdf", "fontconfig").returncode == 0
    assert machine.log.splitlines()[-1].endswith("--no-install-recommends fontconfig")
    assert "sudo" not in machine.log


def test_others_install_through_sudo(machine: Machine) -> None:
    machine.set(user="1000")
    machine.program("sudo", SUDO)
    assert machine.install("fontconfig").returncode == 0
    assert [line.split()[0] for line in machine.log.splitlines()] == ["sudo", "apt-get", "sudo", "apt-get"]


def test_without_root_or_sudo_it_says_what_root_must_run(machine: Machine) -> None:
    machine.set(user="1000")
    done = machine.install("fontconfig", "qpdf")
    assert done.returncode == 2
    assert "As root run: apt-get install fontconfig qpdf" in done.stderr
    assert machine.log == ""


def test_elsewhere_it_names_the_packages_and_goes_on(machine: Machine) -> None:
    (machine.folder / "dpkg-query").unlink()
    done = machine.install("fontconfig")
    assert done.returncode == 0
    assert "fontconfig" in done.stderr
