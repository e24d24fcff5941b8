"""Documents made up for tests: a plan of a place that does not exist, as text, Word, Excel and PDF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import docx
import openpyxl

TITLE = "云泽市“十五五”卫生健康发展规划"
PERIOD = "（2026—2030年）"
HEAD = ("领域", "主要指标", "单位", "2025年", "2030年", "性质")
ROWS = (
    ("健康水平", "人均预期寿命", "岁", "78.6", "80.2", "预期性"),
    ("", "婴儿死亡率", "‰", "3.40", "≤3.2", "预期性"),
    ("", "孕产妇死亡率", "1/10万", "11.5", "控制在10以内", "约束性"),
    ("资源配置", "每千常住人口医疗卫生机构床位数", "张", "7.1", "7.3左右", "预期性"),
    ("", "每千人口注册护士数", "人", "3.9", "5.1", "预期性"),
    ("", "每万人口全科医生数", "人", "3.2", "4.5", "约束性"),
    ("健康服务", "高血压患者规范管理率", "%", "66", "达到国家要求", "预期性"),
    ("", "3岁以下儿童系统管理率", "%", "—", "≥92", "预期性"),
)
PAST = (
    "一、发展基础",
    "2025年，全市孕产妇系统管理率、住院分娩率分别达到93.5%和99.9%。"
    "卫生技术人员2.31万人，比2020年增加0.22万人；全市共有医院45个。",
)
TASKS = (
    "三、主要任务",
    "（一）加强基层服务。到2030年，县域内就诊率稳定在90%以上，基层诊疗量占比达到65%左右，"
    "儿童青少年总体近视率每年降低0.5个百分点。",
    "（二）加强老年健康服务。每个县（市、区）至少建成1所老年医院。适龄儿童国家免疫规划疫苗接种率保持在95%以上。"
    "到2030年，云泽市居民健康素养水平达到38%以上。",
)


def lines() -> list[str]:
    """The plan as lines of a text file, cells of a row parted by tabs."""
    table = ["\t".join(HEAD), *("\t".join(r) for r in ROWS)]
    return [TITLE, PERIOD, *PAST, "二、主要目标", "表1 主要发展指标", *table, *TASKS]


def as_text(path: Path, encoding: str = "utf-8", text: Sequence[str] | None = None) -> Path:
    path.write_bytes("\n".join(lines() if text is None else text).encode(encoding))
    return path


def as_cells(path: Path) -> Path:
    """As text with a cell a line behind a tab, rows parted by an empty line."""
    cells = "\n\n".join("\n".join("\t" + c for c in row) for row in (HEAD, *ROWS))
    return as_text(path, text=[TITLE, PERIOD, *PAST, "二、主要目标", "表1 主要发展指标", cells, "", *TASKS])


def as_stack(path: Path) -> Path:
    """As text with bare cells, one a line; empty ones are not there."""
    cells = [c for row in (HEAD, *ROWS) for c in row if c]
    return as_text(path, text=[TITLE, PERIOD, *PAST, "二、主要目标", "表1 主要发展指标", *cells, *TASKS])


def as_docx(path: Path) -> Path:
    """As a Word file whose cells of the first column are merged over their rows."""
    word = docx.Document()
    for text in (TITLE, PERIOD, *PAST, "二、主要目标", "表1 主要发展指标"):
        word.add_paragraph(text)
    table = word.add_table(rows=len(ROWS) + 1, cols=len(HEAD))
    for i, row in enumerate((HEAD, *ROWS)):
        for j, text in enumerate(row):
            table.cell(i, j).text = text
    for first, last in ((1, 3), (4, 6), (7, 8)):
        table.cell(first, 0).merge(table.cell(last, 0))
    for text in TASKS:
        word.add_paragraph(text)
    word.save(str(path))
    return path


def as_xlsx(path: Path) -> Path:
    """The table alone, below a title, numbers as numbers, merged cells."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([f"{TITLE}主要指标"])
    for row in (HEAD, *ROWS):
        sheet.append([float(c) if c.replace(".", "").isdigit() else c for c in row])
    sheet["D4"].number_format = "0.00"
    for box in ("A1:F1", "A3:A5", "A6:A8", "A9:A10"):
        sheet.merge_cells(box)
    book.save(path)
    return path


def as_pdf(path: Path, *, scan: bool = False) -> Path:
    """A page with the plan, its table ruled and its first column merged; `scan`: and a page of a picture."""
    pen: list[str] = []
    top = 800
    for text in (TITLE, PERIOD, *PAST, "二、主要目标", "表1 主要发展指标"):
        for piece in _wrapped(text):
            pen.append(_say(40, top, piece))
            top -= 16
    widths, x = (60, 190, 75, 55, 95, 55), 40
    edges = [x + sum(widths[:n]) for n in range(len(widths) + 1)]
    bottom = top - 18 * (len(ROWS) + 1)
    for n in range(len(ROWS) + 2):
        merged = 1 <= n <= len(ROWS) and ROWS[n - 1][0] == ""
        y = top - 18 * n
        pen.append(f"{edges[1] if merged else edges[0]} {y} m {edges[-1]} {y} l S")
    pen += [f"{e} {top} m {e} {bottom} l S" for e in edges]
    for n, row in enumerate((HEAD, *ROWS)):
        pen += [_say(edges[j] + 3, top - 18 * n - 13, text) for j, text in enumerate(row) if text]
    top = bottom - 20
    for text in TASKS:
        for piece in _wrapped(text):
            pen.append(_say(40, top, piece))
            top -= 16
    pages = ["\n".join(pen), *(["0.5 g 40 40 500 700 re f"] if scan else [])]
    path.write_bytes(pdf_of(pages))
    return path


def as_unruled_pdf(path: Path) -> Path:
    """A page with a table that no line is drawn around; a name is wrapped within its column."""
    pen = [_say(40, 800, TITLE), _say(40, 784, "表1 主要发展指标")]
    rows = (
        ("指标", "单位", "2025年", "2030年", "属性"),
        ("每千人口执业（助", "人", "3.1", "3.7", "预期性"),
        ("理）医师数", "", "", "", ""),
        ("婴儿死亡率", "‰", "3.4", "≤3.2", "预期性"),
        ("居民健康素养水平", "%", "31", "36", "预期性"),
    )
    for n, row in enumerate(rows):
        pen += [_say((40, 150, 230, 310, 390)[j], 760 - 16 * n, text) for j, text in enumerate(row) if text]
    pen.append(_say(40, 660, "到2030年，住院分娩率达到99.5%以上，妇幼健康服务能力全面提升。"))
    path.write_bytes(pdf_of(["\n".join(pen)]))
    return path


def _wrapped(text: str, width: int = 42) -> list[str]:
    return [text[n : n + width] for n in range(0, len(text), width)]


def _say(x: float, y: float, text: str) -> str:
    return f"BT /F1 11 Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET"


def pdf_of(pages: Sequence[str]) -> bytes:
    """A PDF with text in a Chinese font that is named, not embedded."""
    kids = " ".join(f"{6 + 2 * n} 0 R" for n in range(len(pages)))
    font = (
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor 5 0 R"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>"
    )
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
        " /DescendantFonts [4 0 R] >>",
        font,
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]"
        " /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    ]
    for n, page in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {7 + 2 * n} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(page)} >>\nstream\n{page}\nendstream")
    out = b"%PDF-1.4\n"
    places = []
    for n, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{n} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{p:010d} 00000 n \n".encode() for p in places)
    return out + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
