"""What is remembered while WeasyPrint works changes no byte of what it paints."""

import gc
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from issue_publisher.rendering.pdf import write_pdf

# Blocks with the same classes at different places and in frames of two colours; the same words in several
# looks; white behind the last word; percentages, `inherit`, round corners; words that wrap; a drawing.
PAGE = """<html lang="zh-CN"><style>
@page { size: 200pt 200pt; margin: 0 }
.frame { color: #123456; font-size: 8pt } .frame + .frame { color: #654321; font-size: 9pt }
.frame, .l { position: absolute } .l { white-space: pre; line-height: 12pt; width: 90pt }
.c1 { letter-spacing: 0.5pt } .c2 { margin-right: 1.25pt } .c3 { font-weight: bold; line-height: 1.1em }
.dot { position: absolute; border-radius: 50%; background: #ff0000; width: 5%; height: 5% }
.wide { padding: inherit; margin-left: 10%; border: 1pt solid; box-sizing: border-box }
.start { margin-inline-start: 4pt; padding-block-end: 2pt; inline-size: 60pt; border-inline-start: 1pt solid }
.most { max-width: 40pt; min-height: 9pt; margin: 0 auto; border-start-start-radius: 3pt; background: #ddd }
.least { width: calc(20pt + 5%); min-width: 8pt; border-width: 5pt; border-bottom-style: dotted }
.row { display: flex } .row p { flex: 1; margin: 1pt }
.row p::first-letter { padding: 1pt; border-left: 1pt solid }
</style><body>
<div class="frame" style="left:0;top:0;padding:3pt"><div class="l c1" style="left:5pt;top:5pt">on<span
class="c2">e</span>
one<span class="c2">, </span><span class="c3">two</span><span class="c2">e</span></div>
<div class="l c1" style="left:5pt;top:45pt">on<span class="c2">e</span>
<span class="c1">one</span><span class="c3">two</span></div></div>
<div class="frame" style="left:100pt;top:0"><div class="l c1" style="left:5pt;top:5pt;background:#eee"
>on<span class="c2">e</span> <span class="c3">two</span></div>
<div class="l" style="left:5pt;top:45pt">one  two
three</div></div>
<p class="wide" style="padding:2pt">Words that wrap where the measure <b class="wide">says so</b>, and end.
</p>
<p class="start">from <i class="start">here</i></p><p class="most">to <b class="most">there</b></p>
<p class="least">and <b class="least">on</b></p><div class="row"><p>one</p><p>two</p></div>
<div class="dot" style="left:50pt;top:150pt"></div>
<div class="dot" style="left:80pt;top:150pt;border-radius:0"></div>
NOTES
<svg viewBox="0 0 9 9" width="20"><path d="M1 1L8 1 8 8z"/>
<text x="1" y="1" font-size="2">one</text></svg>
</body></html>"""
NOTES = "<style>i { float: footnote }</style><p>Words<i>of a note</i></p>"

ALONE = """
import sys
from issue_publisher.rendering import once
from test_once import painted
once.remember = lambda weasyprint: None
once.leave_out_notes = lambda page, html: None
print(painted(sys.argv[1]))
"""


def painted(html: str) -> str:
    return sha256(write_pdf(html, {}, identifier=b"0123456789abcdef")).hexdigest()


@pytest.mark.parametrize("notes", ["", NOTES])
def test_the_same_bytes_as_weasyprint_paints_by_itself(notes: str) -> None:
    html = PAGE.replace("NOTES", notes)
    here = str(Path(__file__).parent)
    run = subprocess.run(
        [sys.executable, "-c", ALONE, html],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([here, *sys.path])},
        capture_output=True,
        check=True,
        text=True,
    )
    assert painted(html) == run.stdout.strip()
    assert painted(html) == run.stdout.strip()


def boxes() -> int:
    """Boxes of WeasyPrint's that are there."""
    return sum(type(one).__module__ == "weasyprint.formatting_structure.boxes" for one in gc.get_objects())


@pytest.mark.parametrize("notes", ["", NOTES])
def test_a_document_goes_as_soon_as_it_is_painted(notes: str) -> None:
    """It does not wait for the search for cycles, which a build does without."""
    drawn = "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='9'/>\">"
    gc.collect()
    gc.disable()
    try:
        before = boxes()
        painted(PAGE.replace("NOTES", notes + drawn))
        assert boxes() == before
    finally:
        gc.enable()
