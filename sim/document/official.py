"""The layout of official documents, GB/T 9704-2012: page, type sizes, line spacing, page numbers.

A4 (4.1); head margin 37 mm, binding margin 28 mm, text 156 x 225 mm (5.2.1); 仿宋 三号, 22 lines of 28
characters (5.2.2, 5.2.3); title 小标宋 二号; headings 一、黑体 （一）楷体 1.仿宋 (7.3.3); page number 四号
宋体 between dashes, 7 mm below the text, odd pages right, even pages left (7.5).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from sim.catalogue.language import Lang

PAGE: Final = (210, 297)  # mm
TEXT: Final = (156, 225)  # mm
HEAD, BINDING = 37, 28  # mm
NUMBER_BELOW, NUMBER_HIGH = 7, 5  # mm from the text to the page number; its own height
LINES: Final = 22  # of a page
LINE: Final = TEXT[1] / 25.4 * 72 / LINES  # points: 28.99
DETAIL: Final = 24.0  # points of a line of the smaller type
SIZES: Final = {"二号": 22.0, "三号": 16.0, "四号": 14.0, "小四": 12.0, "五号": 10.5, "小五": 9.0}


@dataclass(frozen=True)
class Face:
    """A typeface: the name that the standard asks for, and what stands in where it is missing."""

    name: str
    instead: str
    family: str


FACES: Final = {
    "仿宋": Face("仿宋_GB2312", "仿宋;FangSong;STFangsong;FandolFang R", "modern"),
    "小标宋": Face("方正小标宋简体", "FZXiaoBiaoSong-B05S;小标宋;华文中宋;宋体", "roman"),
    "黑体": Face("黑体", "SimHei;Noto Sans CJK SC", "swiss"),
    "楷体": Face("楷体_GB2312", "楷体;KaiTi;STKaiti", "modern"),
    "宋体": Face("宋体", "SimSun;Noto Serif CJK SC", "roman"),
}
LATIN: Final = "Times New Roman"


@dataclass(frozen=True)
class Look:
    """How a kind of paragraph is set."""

    face: str
    size: str
    bold: bool = False
    align: Any = WD_ALIGN_PARAGRAPH.JUSTIFY
    indent: float = 0.0
    """Characters before the first line."""
    exact: bool = True
    """Lines of the page's own height; else as high as what stands in them."""
    line: float = LINE
    """Points of a line of exact height."""
    before: float = 0.0
    after: float = 0.0
    keep: bool = False
    """On the page of what follows."""


LOOKS: Final = {
    "Title": Look("小标宋", "二号", align=WD_ALIGN_PARAGRAPH.CENTER, after=6, keep=True),
    "Subtitle": Look("楷体", "三号", align=WD_ALIGN_PARAGRAPH.CENTER, after=LINE),
    "Heading 1": Look("黑体", "三号", indent=2, keep=True),
    "Heading 2": Look("楷体", "三号", indent=2, keep=True),
    "Heading 3": Look("仿宋", "三号", bold=True, indent=2, keep=True),
    "Normal": Look("仿宋", "三号", indent=2),
    "Detail": Look("仿宋", "四号", indent=2, line=DETAIL),
    "Caption": Look(
        "黑体", "小四", align=WD_ALIGN_PARAGRAPH.CENTER, exact=False, before=6, after=3, keep=True
    ),
    "Picture": Look("仿宋", "五号", align=WD_ALIGN_PARAGRAPH.CENTER, exact=False, before=6, keep=True),
    "Cell": Look("仿宋", "五号", align=WD_ALIGN_PARAGRAPH.LEFT, exact=False, before=1.5, after=1.5),
    "Cell head": Look(
        "黑体", "五号", align=WD_ALIGN_PARAGRAPH.CENTER, exact=False, before=1.5, after=1.5, keep=True
    ),
    "Below": Look("仿宋", "小五", exact=True, line=9.0),
    "Note": Look("仿宋", "小五", align=WD_ALIGN_PARAGRAPH.LEFT, exact=False, before=2, after=8),
}

# The standard sets Chinese type; English, which takes half as much room again, is set one size smaller, and
# its headings are bold: the typeface alone tells Chinese ones apart.
ENGLISH: Final = {
    "Normal": replace(LOOKS["Normal"], size="四号", line=DETAIL),
    "Detail": replace(LOOKS["Detail"], size="小四", line=20.0),
    "Heading 1": replace(LOOKS["Heading 1"], bold=True),
    "Heading 2": replace(LOOKS["Heading 2"], size="四号", bold=True),
}


def looks(lang: Lang) -> dict[str, Look]:
    """How each kind of paragraph is set in a language."""
    return LOOKS if lang == "zh" else {**LOOKS, **ENGLISH}


def set_page(docx: Docx, lang: Lang) -> None:
    """Page, styles, typefaces with what stands in for them, and page numbers."""
    section = docx.sections[0]
    section.page_width, section.page_height = Mm(PAGE[0]), Mm(PAGE[1])
    section.top_margin, section.left_margin = Mm(HEAD), Mm(BINDING)
    section.right_margin = Mm(PAGE[0] - BINDING - TEXT[0])
    bottom = PAGE[1] - HEAD - TEXT[1]
    section.bottom_margin = Mm(bottom)
    section.footer_distance = Mm(bottom - NUMBER_BELOW - NUMBER_HIGH)
    for name, look in looks(lang).items():
        _style(docx, name, look, lang)
    _faces(docx)
    _language(docx)
    docx.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def _style(docx: Docx, name: str, look: Look, lang: Lang) -> None:
    known = [style.name for style in docx.styles]
    style: Any = docx.styles[name] if name in known else docx.styles.add_style(name, 1)
    size = SIZES[look.size]
    style.base_style = None if name == "Normal" else docx.styles["Normal"]
    for line in style.element.findall(f"{qn('w:pPr')}/{qn('w:pBdr')}"):
        line.getparent().remove(line)
    style.font.size, style.font.bold, style.font.italic = Pt(size), look.bold, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for key, face in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", FACES[look.face].name)):
        fonts.set(qn(f"w:{key}"), face)
    form = style.paragraph_format
    form.alignment = look.align if lang == "zh" or look.align != WD_ALIGN_PARAGRAPH.JUSTIFY else None
    form.space_before, form.space_after = Pt(look.before), Pt(look.after)
    form.first_line_indent = Pt(look.indent * size) if look.indent else Pt(0)
    form.keep_with_next, form.widow_control = look.keep, True
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY if look.exact else WD_LINE_SPACING.SINGLE
    if look.exact:
        form.line_spacing = Pt(look.line)


def _faces(docx: Docx) -> None:
    """The table of typefaces: by it a program finds another one where the standard's is not installed."""
    part = next(p for p in docx.part.package.iter_parts() if str(p.partname).endswith("fontTable.xml"))
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    fonts = [
        f'<w:font w:name="{face.name}"><w:altName w:val="{face.instead}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{face.family}"/><w:pitch w:val="variable"/></w:font>'
        for face in FACES.values()
    ]
    fonts.append(f'<w:font w:name="{LATIN}"><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>')
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    text = f'{head}<w:fonts xmlns:w="{space}">{"".join(fonts)}</w:fonts>'
    part._blob = text.encode()


def _language(docx: Docx) -> None:
    """Characters in their mainland forms, whatever the reader's system."""
    for run in docx.styles.element.iter(qn("w:rPrDefault")):
        for language in run.iter(qn("w:lang")):
            language.set(qn("w:eastAsia"), "zh-CN")


def _page_number(footer: Any, align: Any) -> None:
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = align
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.first_line_indent = WD_LINE_SPACING.SINGLE, Pt(0)
    one = Pt(SIZES["四号"])  # one character from the text's edge
    form.left_indent, form.right_indent = one, one
    runs = [paragraph.add_run("— ")]
    runs += add_field(paragraph, "PAGE", "1")
    runs.append(paragraph.add_run(" —"))
    for run in runs:
        run.font.size = Pt(SIZES["四号"])
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FACES["宋体"].name)


def add_field(paragraph: Any, code: str, shown: str) -> list[Any]:
    """A field with what it shows until a program counts anew; returns its runs."""
    runs = []
    for kind in ("begin", "code", "separate", "shown", "end"):
        run = paragraph.add_run(shown if kind == "shown" else "")
        runs.append(run)
        if kind == "code":
            text = OxmlElement("w:instrText")
            text.set(qn("xml:space"), "preserve")
            text.text = f" {code} "
            run._element.append(text)
        elif kind != "shown":
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._element.append(mark)
    return runs
