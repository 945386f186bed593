"""The proofs of pages drawn by lot on one sheet, ten by six, and a line on each: see `make check-pages`."""

import argparse
import json
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

ACROSS = 10
PAGE_PX = 300  # width of a page on the sheet
_LABEL_PX, _GAP_PX = 34, 12
_RED, _BLACK = (205, 20, 30), (40, 40, 40)


def contact_sheet(pages: list[tuple[Path, dict[str, Any]]]) -> Image.Image:
    """All pages with what is to be said of each under it, red where it is no good."""
    with Image.open(pages[0][0]) as first:
        depth = round(first.height * PAGE_PX / first.width)
    cell = PAGE_PX + _GAP_PX, depth + _LABEL_PX + _GAP_PX
    down = -(-len(pages) // ACROSS)
    sheet = Image.new("RGB", (cell[0] * ACROSS + _GAP_PX, cell[1] * down + _GAP_PX), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    for at, (file, said) in enumerate(pages):
        left, top = _GAP_PX + at % ACROSS * cell[0], _GAP_PX + at // ACROSS * cell[1]
        with Image.open(file) as page:
            shown = page.convert("RGB").resize((PAGE_PX, depth), Image.Resampling.LANCZOS)
        sheet.paste(shown, (left, top))
        draw.rectangle((left - 1, top - 1, left + PAGE_PX, top + depth), outline=_BLACK)
        colour = _RED if said["faults"] else _BLACK
        draw.text((left, top + depth + 2), label(said), fill=colour, font=font)
        draw.text((left, top + depth + 17), ", ".join(said["faults"])[:48], fill=_RED, font=font)
    return sheet


def label(said: dict[str, Any]) -> str:
    """A page in one line."""
    return f"{said['seed']}: {said['articles']} articles, {said['blank']:.1%} blank, {said['objective']}"


def main() -> None:
    """Draw the sheet from what the tests left, and list the pages that are no good."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where page-NN.png and page-NN.json lie")
    folder = parser.parse_args().folder
    files = sorted(folder.glob("page-*.png"))
    if not files:
        raise SystemExit(f"{folder}: no pages (page-00.png …)")
    pages = [(file, json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))) for file in files]
    contact_sheet(pages).save(folder / "contact-sheet.png")
    wrong = [said for _, said in pages if said["faults"]]
    for said in wrong:
        print(f"{label(said)}: {'; '.join(said['faults'])}")
    print(f"{len(pages)} pages, {len(wrong)} with faults: {folder / 'contact-sheet.png'}")


if __name__ == "__main__":
    main()
