"""A manifest read critically."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from issue_publisher.archive.record import NotARecordError, read_record

DIGEST = "0" * 64


def told() -> dict[str, Any]:
    return {
        "format": 1,
        "issue": "2026-11-30",
        "date": "2026-11-30",
        "layout": {"name": "broadsheet", "version": "1.0"},
        "inputs": [
            {"role": "issue", "name": "issue.xml", "size": 10, "sha256": DIGEST},
            {"role": "font", "name": "fonts/a.otf", "size": 10, "sha256": DIGEST},
            {"role": "font", "name": "fonts/a.otf", "size": 10, "sha256": DIGEST},
        ],
        "outputs": [{"role": "press", "name": "2026-11-30-press.pdf", "size": 10, "sha256": DIGEST}],
        "fonts": [{"role": "song", "family": "Song", "version": "1", "sha256": DIGEST}],
        "programs": {"issue-publisher": "0.1.0"},
    }


def written(manifest: object) -> bytes:
    return json.dumps(manifest, ensure_ascii=False, indent=1).encode()


def test_what_build_writes_is_read() -> None:
    record = read_record(written(told()))
    assert record.of("press") == record.outputs[0]
    assert [one.name for one in record.inputs_of("issue")] == ["issue.xml"]
    without = {key: value for key, value in told().items() if key != "outputs"}
    assert read_record(written(without), has_outputs=False).outputs == ()


def change(key: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda manifest: manifest.update({key: value})


def output(key: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda manifest: manifest["outputs"][0].update({key: value})


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (change("format", 2), "format 2"),
        (change("format", True), "format true"),
        (change("issue", "../secret"), "the issue is called"),
        (change("issue", 7), "issue is 7, not words"),
        (change("date", "30.11.2026"), "date is"),
        (change("layout", []), "layout: name is missing"),
        (change("inputs", {}), "inputs is {}, not a list"),
        (change("inputs", []), r"inputs name no issue\.xml"),
        (change("outputs", ["press"]), 'outputs: number 1 is "press", not an object'),
        (change("programs", {"Pillow": 12}), "programs are not names with versions"),
        (change("fonts", [{"role": "song"}]), "is no face"),
        (output("name", "../press.pdf"), r'a file is called "\.\./press\.pdf"'),
        (output("name", "/etc/passwd"), "a file is called"),
        (output("name", "a\\b.pdf"), "a file is called"),
        (output("name", None), "a file is called missing"),
        (output("size", "10"), 'has the size "10"'),
        (output("size", -1), "has the size -1"),
        (output("sha256", "ff"), 'has the sha256 "ff"'),
        (output("role", "cover"), 'has the role "cover"'),
        (lambda manifest: manifest["outputs"].append(manifest["outputs"][0]), "is there twice"),
    ],
)
def test_what_a_hand_made_of_it_is_said(spoil: Callable[[dict[str, Any]], None], words: str) -> None:
    manifest = told()
    spoil(manifest)
    with pytest.raises(NotARecordError, match=words):
        read_record(written(manifest))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not JSON"),
        (b"[]", "not an object"),
        (written(told())[:-40], "not JSON"),
        (b'{"format": 1, "format": 1}', "format is there twice"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[" * 100_000, "."),
    ],
)
def test_what_is_no_manifest_is_said(data: bytes, words: str) -> None:
    with pytest.raises(NotARecordError, match=words):
        read_record(data)


def test_a_fault_has_its_line() -> None:
    manifest = told()
    manifest["outputs"][0]["size"] = -1
    with pytest.raises(NotARecordError) as caught:
        read_record(written(manifest))
    [fault] = caught.value.faults
    assert "press.pdf" in written(manifest).decode().splitlines()[fault.line - 1]
