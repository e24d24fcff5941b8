"""Coverage-guided fuzzing of every reader: `python -m reliability.fuzz TARGET SECONDS` (make fuzz).

A reader takes any bytes and either reads them or raises a SimError; every other exception, and every input
that takes longer than SLOW seconds, is a find: it is kept under tests/reliability/finds and read again by
the suite.  atheris guides by coverage where it is installed (`pip install -e '.[fuzz]'`); without it the same
mutations are kept when they reach lines that none reached before.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
import os
import random
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from paperwork import as_pdf
from paths import ROOT
from reliability.measured import record

FINDS = ROOT / "tests" / "reliability" / "finds"
SLOW = 10.0
MOST = 40_000  # bytes of an input
_REGION = ROOT / "parameters" / "regions" / "410500_anyang"

Reader = Callable[[bytes], None]


@dataclass(frozen=True)
class Target:
    """A reader, and what it is begun from."""

    make: Callable[[Path], Reader]
    """The reader, given a folder to write in."""
    seeds: tuple[bytes, ...]


def _of_file(name: str, read: Callable[[Path], Any]) -> Callable[[Path], Reader]:
    """A reader of a path: the bytes become a file of this name."""

    def make(folder: Path) -> Reader:
        path = folder / name

        def reader(data: bytes) -> None:
            path.write_bytes(data)
            read(path)

        return reader

    return make


def _experiment(path: Path) -> None:
    from sim.config import read_experiment

    read_experiment(path)


def _record(path: Path) -> None:
    from sim.params import read_file

    read_file(path)


def _table(folder: Path) -> Reader:
    from sim.params import read_file

    record = (
        "schema: 1\nparameters:\n  x:\n    name: {en: x, zh: x}\n    unit: person\n    table: t.csv\n"
        "    dims: [sex, age]\n    year: 2020\n    source: s\n    basis: measured\n    quality: A\n"
        "    split: evenly\n"
    )
    (folder / "own.yaml").write_text(record, encoding="utf-8")

    def reader(data: bytes) -> None:
        (folder / "t.csv").write_bytes(data)
        read_file(folder / "own.yaml")

    return reader


def _census(path: Path) -> None:
    from sim.places import read_census

    read_census(path)


def _observed(path: Path) -> None:
    from sim.places import read_observed

    read_observed(path)


def _region(path: Path) -> None:
    from sim.places.new_region import Asked, read_table

    read_table(Asked(path, "x", "x", "410500"), (0, 1, *range(5, 90, 5)))


def _plan(folder: Path) -> Reader:
    import shutil

    from sim.plan import load_plan

    root = folder / "parameters"
    shutil.copytree(ROOT / "parameters" / "plans", root / "plans")
    rows = root / "plans" / "anyang_14fyp" / "indicators.csv"

    def reader(data: bytes) -> None:
        rows.write_bytes(data)
        load_plan(root, "anyang_14fyp")

    return reader


def _document(name: str) -> Callable[[Path], Reader]:
    lexicon: list[Any] = []

    def read(path: Path) -> None:
        from sim.drafting.draft import draft, load_lexicon
        from sim.drafting.readers import read_document

        if not lexicon:
            lexicon.append(load_lexicon(ROOT / "parameters"))
        draft(read_document(path), lexicon[0])

    return _of_file(name, read)


def _word(folder: Path) -> Reader:
    """The text of a Word file, its body mutated: the frame around it stays whole."""
    reader = _document("plan.docx")(folder)
    with zipfile.ZipFile(io.BytesIO(_docx())) as frame:
        parts = {name: frame.read(name) for name in frame.namelist()}

    def inside(data: bytes) -> None:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as file:
            for name, content in parts.items():
                file.writestr(name, data if name == "word/document.xml" else content)
        reader(made.getvalue())

    return inside


def _docx() -> bytes:
    from docx import Document

    made, document = io.BytesIO(), Document()
    document.add_paragraph("安阳市“十四五”卫生健康规划")
    document.add_paragraph("到2025年，每千人口医疗卫生机构床位数达到5.76张，人均预期寿命79岁。")
    cells = document.add_table(2, 3)
    for i, text in enumerate(("指标", "2020年", "2025年", "每千人口执业医师（人）", "2.98", "3.6")):
        cells.cell(i // 3, i % 3).text = text
    document.save(made)
    return made.getvalue()


def _body() -> bytes:
    with zipfile.ZipFile(io.BytesIO(_docx())) as frame:
        return frame.read("word/document.xml")


def _sheet(folder: Path) -> Reader:
    """A sheet of a workbook, its cells mutated: the frame around it stays whole."""
    import openpyxl

    book, made = openpyxl.Workbook(), io.BytesIO()
    for row in (("年龄", "男", "女"), ("0岁", 4000, 3900), ("1-4岁", 4000, 3900.5)):
        book.active.append(row)
    book.save(made)
    reader = _of_file("county.xlsx", _region)(folder)
    with zipfile.ZipFile(made) as frame:
        parts = {name: frame.read(name) for name in frame.namelist()}

    def inside(data: bytes) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as file:
            for name, content in parts.items():
                file.writestr(name, data if name == "xl/worksheets/sheet1.xml" else content)
        reader(packed.getvalue())

    return inside


def _setting(_: Path) -> Reader:
    from sim.config import parse_set

    return lambda data: (parse_set(data.decode("utf-8", "replace")), None)[1]


def _rows(folder: Path) -> Reader:
    from sim.saved.row_table import read

    def reader(data: bytes) -> None:
        (folder / "adequacy_detail.csv").write_bytes(data)
        read(folder)

    return reader


def _meta(path: Path) -> None:
    from sim.intact import read_meta

    read_meta(path)


def _pdf() -> bytes:
    with tempfile.TemporaryDirectory() as place:
        return as_pdf(Path(place) / "plan.pdf").read_bytes()


def _seed(path: Path) -> bytes:
    return path.read_bytes()[:MOST]


def _saved_rows() -> bytes:
    from sim.saved.row_table import DETAIL_COLUMNS

    return (",".join(DETAIL_COLUMNS) + "\n" + ",".join("1" for _ in DETAIL_COLUMNS) + "\n").encode()


_SHEET = "年龄,男,女\n" + "".join(
    f"{a},4000,3900\n" for a in ("0岁", "1-4岁", *(f"{s}-{s + 4}岁" for s in range(5, 85, 5)), "85岁及以上")
)
_CELLS = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:C2"/>'
    '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>0</t></is></c><c r="B1" t="n"><v>4000</v></c></row>'
    '<row r="2"><c r="A2" t="str"><v>1-4</v></c><c r="C2"><f>B1*2</f><v>8000</v></c></row></sheetData>'
    '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells></worksheet>'
)
_TEXT = "“十四五”卫生健康规划\n到2025年，每千人口床位数达到5.76张，护士4.3人，人均预期寿命提高1岁。\n"


def targets() -> dict[str, Target]:
    """Every reader of what a planner hands in, by name."""
    return {
        "experiment": Target(
            _of_file("e.yaml", _experiment), tuple(_seed(p) for p in (ROOT / "experiments").glob("*.yaml"))
        ),
        "record": Target(
            _of_file("population.yaml", _record), tuple(_seed(p) for p in _REGION.glob("[im]*.yaml"))
        ),
        "table": Target(
            _table, (_seed(_REGION / "census_2020.csv"), b"sex,age,value\nfemale,0,1\nmale,0,1\n")
        ),
        "census": Target(_of_file("census_2020.csv", _census), (_seed(_REGION / "census_2020.csv"),)),
        "observed": Target(_of_file("observed.csv", _observed), (_seed(_REGION / "observed.csv"),)),
        "region": Target(_of_file("county.csv", _region), (_SHEET.encode(),)),
        "plan": Target(_plan, (_seed(ROOT / "parameters/plans/anyang_14fyp/indicators.csv"),)),
        "document": Target(_document("plan.txt"), (_TEXT.encode(), (_TEXT * 9).encode("gb18030"))),
        "word": Target(_word, (_body(),)),
        "sheet": Target(_sheet, (_CELLS.encode(),)),
        "pdf": Target(_document("plan.pdf"), (_pdf(),)),
        "setting": Target(_setting, (b"inpatient.alos=8.5", b"a.b={2020: 1, 2030: [1e3, .nan]}")),
        "rows": Target(_rows, (_saved_rows(),)),
        "meta": Target(_of_file("run.json", _meta), (b'{"experiment": {"name": "x"}, "files": {}}',)),
    }


@dataclass
class Tally:
    """What came of a target so far."""

    runs: int = 0
    refused: int = 0
    finds: dict[str, str] = field(default_factory=dict)
    """Where an exception was raised -> the file that keeps its input."""


def watched(name: str, reader: Reader, tally: Tally) -> Callable[[bytes], None]:
    """The reader that keeps what it should not have raised, and goes on."""
    from sim.errors import SimError

    def one(data: bytes) -> None:
        tally.runs += 1
        begun = time.monotonic()
        try:
            reader(data[:MOST])
        except SimError:
            tally.refused += 1
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            _keep(name, data, f"{type(error).__name__} {Path(last.filename).name}:{last.name}", tally)
        if time.monotonic() - begun > SLOW:
            _keep(name, data, f"took {time.monotonic() - begun:.0f} s", tally)

    return one


def _keep(name: str, data: bytes, what: str, tally: Tally) -> None:
    if what in tally.finds:
        return
    FINDS.mkdir(exist_ok=True)
    path = FINDS / f"{name}-{hashlib.sha256(data).hexdigest()[:10]}"
    path.write_bytes(data)
    tally.finds[what] = path.name
    print(f"FIND {name}: {what} -> {path.name}", file=sys.stderr, flush=True)


def fuzz(name: str, seconds: float, corpus: Path | None = None) -> Tally:
    """Fuzz one reader for so long; with atheris, the process ends in it and `done` writes the record."""
    target, tally, begun = targets()[name], Tally(), time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        one = watched(name, target.make(Path(place)), tally)
        for seed in target.seeds:
            one(seed)
        _own(one, target.seeds, begun + seconds)
    record("fuzz", name, {"engine": "own", **_told(tally, begun)})
    return tally


def _told(tally: Tally, begun: float) -> dict[str, Any]:
    return {
        "seconds": round(time.monotonic() - begun),
        "runs": tally.runs,
        "refused": tally.refused,
        "finds": sorted(tally.finds),
    }


def guided(name: str, seconds: float) -> None:
    """Fuzz with atheris; ends the process."""
    import atexit

    import atheris

    with atheris.instrument_imports(include=["sim"]):
        import sim.config
        import sim.drafting.draft
        import sim.drafting.readers
        import sim.params
        import sim.places
        import sim.places.new_region
        import sim.plan
        import sim.saved.row
        import sim.store  # noqa: F401
    target, tally, begun = targets()[name], Tally(), time.monotonic()
    place = Path(tempfile.mkdtemp())
    corpus = place / "corpus"
    corpus.mkdir()
    (place / "in").mkdir()
    for i, seed in enumerate(target.seeds):
        (corpus / str(i)).write_bytes(seed)
    one = watched(name, target.make(place / "in"), tally)
    own = os.getpid()

    def told() -> None:
        if os.getpid() == own:
            record("fuzz", name, {"engine": "atheris", **_told(tally, begun)})

    def step(data: bytes) -> None:
        if time.monotonic() - begun > seconds:
            told()
            os._exit(0)
        one(data)

    atexit.register(told)
    atheris.Setup(
        [sys.argv[0], str(corpus), f"-max_len={MOST}", "-verbosity=0", "-rss_limit_mb=3000", "-timeout=120"],
        step,
    )
    atheris.Fuzz()


def _own(one: Callable[[bytes], None], seeds: tuple[bytes, ...], until: float) -> None:
    """Mutations of the seeds, those kept that reach a line of the project which none reached before."""
    rng, pool, seen = random.Random(1), list(seeds), set[tuple[str, int]]()
    inside = str(ROOT / "sim")

    def trace(frame: Any, event: str, _: Any) -> Any:
        if not frame.f_code.co_filename.startswith(inside):
            return None
        if event == "line":
            reached.add((frame.f_code.co_filename, frame.f_lineno))
        return trace

    while time.monotonic() < until:
        data, reached = mutated(rng.choice(pool), rng), set[tuple[str, int]]()
        sys.settrace(trace)
        try:
            one(data)
        finally:
            sys.settrace(None)
        if reached - seen:
            seen |= reached
            pool.append(data)


_BITS = (
    b"\x00",
    b"\xff\xfe",
    b"\xb0\xb2",
    b"nan",
    b"inf",
    b"-1",
    b"1e999",
    b"9" * 40,
    b",",
    b";",
    b'"',
    b"'",
    b"\n",
    b"\t",
    b":",
    b"- ",
    b"[",
    b"{",
    b"&a ",
    b"*a ",
    b"!!float ",
    b"<<: ",
    b"\xef\xbc\x91",
    b"=",
    b"%",
    b"-",
    b"~",
    "万".encode(),
    "岁".encode(),
    "每千".encode(),
    b"0x1F",
    b"1:30",
    b"2025",
    b"true",
    b"null",
    b"|\n",
    b">",
)


def mutated(data: bytes, rng: random.Random) -> bytes:
    """The bytes with one to four places changed."""
    made = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(made) + 1)
        match rng.randrange(6):
            case 0:
                made[at:at] = rng.choice(_BITS)
            case 1 if made:
                made[at % len(made)] = rng.randrange(256)
            case 2:
                del made[at : at + rng.randint(1, 40)]
            case 3:
                made[at:at] = made[(start := rng.randrange(len(made) + 1)) : start + rng.randint(1, 60)]
            case 4:
                made[at : at + rng.randint(1, 6)] = rng.choice(_BITS)
            case _:
                lines = bytes(made).split(b"\n")
                rng.shuffle(lines) if rng.random() < 0.2 else lines.insert(
                    rng.randrange(len(lines)), rng.choice(lines)
                )
                made = bytearray(b"\n".join(lines))
    return bytes(made[:MOST])


def main() -> None:
    """TARGET or `all`, SECONDS for each."""
    name, seconds = sys.argv[1], float(sys.argv[2])
    names = list(targets()) if name == "all" else [name]
    if len(names) == 1:
        if importlib.util.find_spec("atheris"):
            guided(name, seconds)
        print(json.dumps(fuzz(name, seconds).finds, indent=1))
        return
    import subprocess

    for each in names:
        subprocess.run([sys.executable, "-m", "reliability.fuzz", each, str(seconds)], check=False)


if __name__ == "__main__":
    main()
