"""Make the chart font: a subset of Noto Sans CJK SC, renamed, TrueType outlines, no hints.

    apt-get install fonts-noto-cjk
    python sim/charts/fonts/make_subset.py /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc

Characters: GB 2312, the rest of the state's list of 8105 (通用规范汉字表, 2013, whose third level is of
names of people and places), what census tables write in names of places besides, and signs.
Outlines become quadratic (TrueType), so that PDF files embed the font as TrueType.

The family is renamed `Healthplan Sans SC`, so that no reserved font name is used and an installed
Noto is never mistaken for it. The same input file and fonttools give the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

FACE = "NotoSansCJKsc-Regular"  # PostScript name of the face wanted from the collection
FAMILY = "Healthplan Sans SC"
TARGET = Path(__file__).with_name("NotoSansSC-subset.ttf")
BEYOND = Path(__file__).with_name("beyond_gb2312.txt")  # characters of names outside GB 2312
MOST_ERROR = 1.0  # thousandths of the letter's height by which a curve may move
# Latin, Greek, punctuation, sub- and superscripts, currency, Roman numerals, arrows, mathematics, circled
# numbers, shapes, units in one character (㎡), full-width forms: whatever of these the font has.
RANGES = [
    (0x20, 0x17F),
    (0x391, 0x3C9),
    (0x2010, 0x205E),
    (0x2070, 0x209C),
    (0x20A0, 0x20AC),
    (0x2100, 0x214F),
    (0x2160, 0x217F),
    (0x2190, 0x2199),
    (0x2200, 0x22A5),
    (0x2460, 0x2473),
    (0x25A0, 0x25FF),
    (0x2600, 0x2606),
    (0x2713, 0x2717),
    (0x3000, 0x301F),
    (0x3380, 0x33DF),
    (0xFF00, 0xFF60),
    (0xFFE0, 0xFFE6),
]


def gb2312() -> str:
    """Every character of GB 2312-1980, in code order."""
    rows = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return "".join(code.decode("gb2312", errors="ignore") for code in rows)


def _face_number(collection: str) -> int:
    number = 0
    while True:
        font = TTFont(collection, fontNumber=number, lazy=True)
        if font["name"].getDebugName(6) == FACE:
            return number
        number += 1


def _rename(font: TTFont) -> None:
    names = font["name"]
    names.names = [record for record in names.names if record.nameID in (0, 7, 8, 9, 13, 14)]
    postscript = FAMILY.replace(" ", "") + "-Regular"
    version = "Version 1.0; subset of Noto Sans CJK SC 2.004"
    texts = {1: FAMILY, 2: "Regular", 3: postscript, 4: FAMILY, 5: version, 6: postscript}
    for number, text in texts.items():
        names.setName(text, number, 3, 1, 0x409)


def _quadratic(font: TTFont) -> None:
    """TrueType outlines in place of the PostScript ones."""
    font.recalcBBoxes = True
    letters = font.getGlyphSet()
    outlines = {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(letters)
        letters[name].draw(Cu2QuPen(pen, MOST_ERROR, reverse_direction=True))
        outlines[name] = pen.glyph()
    font["loca"] = newTable("loca")
    font["glyf"] = newTable("glyf")
    font["glyf"].glyphOrder = font.getGlyphOrder()
    font["glyf"].glyphs = outlines
    del font["CFF "]
    font["glyf"].compile(font)
    for name in font.getGlyphOrder():
        wide, _ = font["hmtx"][name]
        font["hmtx"][name] = (wide, getattr(outlines[name], "xMin", 0))
    most = font["maxp"]
    most.tableVersion = 0x00010000
    zones = ("maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements")
    for field in (*zones, "maxSizeOfInstructions", "maxComponentElements"):
        setattr(most, field, 0)
    most.maxZones = 1
    most.recalc(font)
    font["post"].formatType = 3.0  # no names of glyphs
    font.sfntVersion = "\x00\x01\x00\x00"


def main(collection: str) -> None:
    """Write the subset beside this file."""
    options = subset.Options()
    options.font_number = _face_number(collection)
    options.hinting = False
    options.desubroutinize = False
    options.layout_features = ["kern"]
    options.name_IDs = ["*"]
    options.name_languages = [0x409]
    options.notdef_outline = True
    options.drop_tables = [*options.drop_tables, "vhea", "vmtx", "VORG", "BASE", "GSUB", "GPOS"]
    options.recalc_timestamp = False
    font = subset.load_font(collection, options)
    letters = set(gb2312() + BEYOND.read_text(encoding="utf-8").replace("\n", "")) | {
        chr(code) for low, high in RANGES for code in range(low, high + 1)
    }
    worker = subset.Subsetter(options)
    worker.populate(unicodes=sorted(map(ord, letters)))
    worker.subset(font)
    _quadratic(font)
    _rename(font)
    subset.save_font(font, str(TARGET), options)


if __name__ == "__main__":
    main(sys.argv[1])
