"""R1–R25: what each asks, where the rule is from, and the text and the measure that show it.

The texts are articles of issue.xml. Sections are those of W3C CLREQ (Requirements for Chinese Text Layout,
Group Note Draft of May 2026) unless another source is named.
"""

from __future__ import annotations

from issue_publisher.layout.model import LineEnd, Strictness
from requirements.setting import Panel, Specimen

_PROHIBITION = "CLREQ 6.1.1, Prohibition rules for line start and line end"
_UNBREAKABLE = "CLREQ 6.1.2, Prohibition rules for unbreakable marks"
_WIDTH = "CLREQ 6.3.2, Punctuation width adjustment"
_JUSTIFICATION = "CLREQ 6.2, Text alignment & justification"
_MIXED = "CLREQ 6.3.3, Mixed text composition in horizontal writing mode"
_FONTS = "CLREQ 3.1, Fonts & typeface styles"

SPECIMENS = (
    Specimen(
        1, "No closing mark begins a line", "行首禁则",
        "No line begins with 、，。；：？！, a closing quotation mark, bracket or book title mark, ·, "
        "nor the second "
        "half of —— or ……, nor a sign such as ℃ or % that belongs to what stands before it.",
        _PROHIBITION,
        (
            Panel("r01", 15, "严格"),
            Panel("r01", 15, "宽松：！？：；等可居行首", policy={"strictness": Strictness.LOOSE}),
        ),
    ),
    Specimen(
        2, "No opening mark ends a line", "行尾禁则",
        "No line ends with an opening quotation mark, bracket or book title mark, nor with a sign such "
        "as ￥ that "
        "belongs to what follows.",
        _PROHIBITION,
        (Panel("r02", 13.5), Panel("r02", 15.5)),
    ),
    Specimen(
        3, "What belongs together stays together", "不可拆分",
        "—— and …… are whole; a number keeps its unit and its %; a Latin word is parted only at a hyphen.",
        _UNBREAKABLE,
        (Panel("r03", 18.5), Panel("r03", 16)),
    ),
    Specimen(
        4, "Adjacent marks are squeezed", "标点挤压",
        "Where two marks meet, one empty half goes: ，《 and 」。 and ：“ take an em and a half, not two.",
        _WIDTH,
        (Panel("r04", 16), Panel("r04", 18)),
    ),
    Specimen(
        5, "An opening mark at a line's start is half an em wide", "行首开口标点",
        "Its empty left half is taken away, so that the ink stands at the column's edge.",
        _WIDTH,
        (Panel("r05", 14), Panel("r05", 15)),
    ),
    Specimen(
        6, "Marks at a line's end: half width, or hanging", "行末标点",
        "One policy for the whole layout: the closing mark gives up its empty half, or it hangs outside "
        "the measure.",
        "CLREQ 6.1.3, Hanging punctuation at line end; 6.3.2",
        (
            Panel("r06", 13, "半宽", policy={"line_end": LineEnd.HALF_WIDTH}),
            Panel("r06", 13, "悬挂", policy={"line_end": LineEnd.HANGING}),
        ),
    ),
    Specimen(
        7, "Squeeze before stretch", "先挤后拉",
        "A line is made to fit by taking white from its marks before white is added between its "
        "characters; the "
        "layout limits both.",
        _JUSTIFICATION,
        (Panel("r07", 17, "先挤后拉"), Panel("r07", 17, "不许挤压", policy={"mark_squeeze_em": 0.0})),
    ),
    Specimen(
        8, "White goes between all characters", "字间匀排",
        "What a line lacks is shared by all places between its characters, never left to its spaces alone.",
        _JUSTIFICATION,
        (Panel("r08", 15), Panel("r08", 18)),
    ),
    Specimen(
        9, "Optimum fit over the paragraph", "全段最优",
        "Line ends are chosen for the paragraph as a whole, so that no line pays for the one before it.",
        "D. E. Knuth and M. F. Plass, Breaking Paragraphs into Lines, 1981",
        (Panel("r09", 12), Panel("r09", 16)),
    ),
    Specimen(
        10, "No last line of one character", "末行字数",
        "A paragraph's last line holds more than one character, or a character and a mark.",
        "CLREQ 7.1.2, Handling of widows and orphans",
        (
            Panel("r10", 16, "末行不少于两字"),
            Panel("r10", 16, "不管末行", policy={"last_line_characters": 0}),
        ),
    ),
    Specimen(
        11, "A gap between Han and Latin or digits", "中西间隙",
        "About an eighth of an em, none at a line's edges and none beside marks.",
        _MIXED,
        (Panel("r11", 16), Panel("r11", 18)),
    ),
    Specimen(
        12, "Latin letters and digits from a face of their own", "西文字体",
        "The Song face's own Latin is wide and light; letters and figures come from a Latin face of the "
        "same colour.",
        _FONTS,
        (Panel("r12", 17), Panel("r12", 14, role="standfirst")),
    ),
    Specimen(
        13, "An indent of two characters that looks like two", "段首缩进",
        "A paragraph that opens with “ or （ or 《 gives up the mark's empty half, so that its ink "
        "stands where a "
        "character would.",
        "CLREQ 6.2, Text alignment & justification (paragraph indent); 6.3.2",
        (Panel("r13", 17),),
        guides="characters",
    ),
    Specimen(
        14, "Full-width quotation marks", "全角引号",
        "“ ” and ‘ ’ in Chinese text come from the Chinese face and stand on the em, whatever stands "
        "beside them.",
        "CLREQ 5.1, Phrase & section boundaries; GB/T 15834-2011",
        (Panel("r14", 16), Panel("r14", 18)),
    ),
    Specimen(
        15, "The interpunct takes half an em", "间隔号",
        "· between the parts of a name or a title stands in half an em.",
        "CLREQ 6.3.2, Punctuation width adjustment; GB/T 15834-2011",
        (Panel("r15", 15), Panel("r15", 18)),
    ),
    Specimen(
        16, "Emphasis dots", "着重号",
        "A dot under each character, none under marks; the line keeps its place on the grid.",
        "CLREQ 5.3.1, Emphasis marks",
        (Panel("r16", 16), Panel("r16", 16, role="standfirst")),
        guides="baselines",
    ),
    Specimen(
        17, "Ruby", "注音",
        "A reading over its base, half its size; it moves neither the line nor the grid.",
        "CLREQ 5.5, Inline notes & annotations",
        (Panel("r17", 16), Panel("r17", 18)),
        guides="baselines",
    ),
    Specimen(
        18,
        "Vertical headlines",
        "直排标题",
        "Headlines and column heads run from top to bottom, columns from right to left; marks take their "
        "vertical forms, two figures stand side by side, Latin is turned.",
        "CLREQ 2.1, Writing mode",
        (
            Panel("r18", 12, vertical=(18.0, 2)),
            Panel("r18-latin", 12, vertical=(13.0, 1)),
        ),
    ),
    Specimen(
        19, "Headlines break at sense", "标题断行",
        "Broken where the desk says or at sense, never inside a word, never with one character left "
        "over; condensed "
        "and spaced within limits; kicker and deck in proportion.",
        "CLREQ 7, Page & book layout (headings)",
        (
            Panel("r19", 0, headline=(216.0, 2)),
            Panel("r19-brief", 0, headline=(96.0, 2)),
        ),
    ),
    Specimen(
        20, "One baseline grid", "基线网格",
        "The lines of all columns and frames of a page stand on one grid, whatever stands between them.",
        "CLREQ 7, Page & book layout",
        (Panel("r20", 12, legs=3),),
        guides="baselines",
    ),
    Specimen(
        21, "Han stands on the character grid", "字格对齐",
        "A line of Han alone fills its measure character by character: columns beside each other align.",
        "CLREQ 6.2, Text alignment & justification",
        (Panel("r21", 16), Panel("r06", 16)),
        guides="characters",
    ),
    Specimen(
        22, "No widow, no orphan, no crosshead at a column's foot", "栏首栏尾",
        "No column begins with a paragraph's last line or ends with its first; none ends with a crosshead.",
        "CLREQ 7.1.2, Handling of widows and orphans",
        (Panel("r22", 12, legs=3),),
    ),
    Specimen(
        23, "Long addresses break", "网址断行",
        "Behind / . - ? & = @ and the like, without a hyphen; a word is hyphenated when the source names "
        "its language.",
        _MIXED,
        (Panel("r23", 18), Panel("r23", 13)),
    ),
    Specimen(
        24, "Rare characters", "生僻字",
        "A character that the face lacks comes from a fallback face, measured in that face; never a box.",
        _FONTS,
        (Panel("r24", 16), Panel("r24", 15, role="standfirst")),
    ),
    Specimen(
        25, "Traditional Chinese", "繁体字",
        "Traditional text has its own glyphs, its centred marks and its quotation marks 「」.",
        "CLREQ 3.1, Fonts & typeface styles; 5.1, Phrase & section boundaries",
        (Panel("r25", 15, "简体"), Panel("r25-hant", 15, "繁體")),
    ),
)  # fmt: skip

BY_NUMBER = {specimen.number: specimen for specimen in SPECIMENS}
PENDING: dict[int, str] = {}  # number → why it has no specimen
