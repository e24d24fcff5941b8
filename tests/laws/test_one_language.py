"""What is written in a language has no word of the other, but for names of a short list and ids."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pytest
from document.edit import copied
from paths import ROOT, read_rows
from place import place
from working_folder import run_cli

from sim.catalogue.words import SCOPES
from sim.document.write import FORMATS

HAN = re.compile(r"[\u4e00-\u9fff]")
LATIN = re.compile(r"[A-Za-z][A-Za-z'’-]{2,}")
CODES = re.compile(r"https?://[^\s，；）]+|`[^`]*`|[\w~]*[._/@][\w./@~-]*|\[\w+\]|(?<!\d)\d{8}-\d{6}-\w+")
"""Addresses, file names, ids with a joint (beds_per_1000, inpatient.alos), a run's id, [a series]."""
NAMES = frozenset("healthplan calibrate people ICU PERT MCSE HCUP WPP Apache ECharts JavaScript".split())
"""Names and abbreviations that a Chinese planner reads as they are; commands of this program."""
OWN = frozenset(("small", "shorter", "stays", "note", "stress"))
"""Names that the small experiment gives itself and its scenario; a column of a CSV; a command."""
ID_HEADS = frozenset(("参数", "指标代码", "规划", "变量", "取值"))
"""Columns of ids in the workbook, and of the named methods that a parameter may take."""
ENGLISH_HEADS = frozenset(("所在位置（部分为英文）", "来源", "发布单位", "改动", "网址"))
"""Columns of a source's own words: title, publisher, place in it."""
TYPED = frozenset(("plot",))  # its list begins each line with the name that --chart takes
COMMANDS = (
    ("revise",),
    ("cost",),
    ("cost", "--budget", "3"),
    ("explain", "gps_per_10000"),
    ("explain", "beds_per_1000"),
    ("compare", "{run}"),
    ("plot", "--list"),
)


HANDAN = """schema: 1
name: handan
title: {zh: 邯郸, en: Handan}
regions: ["130400"]
years: {base: 2020, end: 2025}
parameters: [national, standards]
scenarios: {reference: []}
overrides: {}
test_years: [2025]
draws: {n: 2, seed: 1}
"""
ANY_PLACE = ("130000", "540000", "130400", "410522", "130406", "469001", "659001", "410581")
"""Provinces, prefectures, counties and districts whose figures are made; two with Henan's folder above."""
CHAINS = ("births", "deaths", "net_migration", "beds", "doctors", "supply.beds_base", "migration.level")


def _foreign(text: str, lang: str) -> list[str]:
    """Words of the other language in a text."""
    if lang == "en":
        return [text[:80]] if HAN.search(text) else []
    return [word for word in LATIN.findall(CODES.sub(" ", text)) if word not in NAMES | OWN]


def _docx(path: Path) -> Iterator[str]:
    file = docx.Document(str(path))
    yield from (p.text for p in file.paragraphs)
    for table in file.tables:
        if "来源" in [c.text for c in table.rows[0].cells][-1:] and len(table.columns) == 2:
            continue  # the list of sources: their own titles
        yield from (cell.text for row in table.rows for cell in row.cells)


def _xlsx(path: Path, lang: str) -> Iterator[str]:
    for sheet in openpyxl.load_workbook(path, read_only=True).worksheets:
        yield sheet.title
        if sheet.title in ("说明", "Notes"):
            continue  # versions of the programs that ran
        head, *rows = sheet.iter_rows(values_only=True)
        yield from map(str, head)
        kept = [i for i, name in enumerate(head) if lang == "en" or name not in ID_HEADS | ENGLISH_HEADS]
        yield from (row[i] for row in rows for i in kept if isinstance(row[i], str))


def _page(path: Path) -> Iterator[str]:
    """Words and sentences of the page's data."""
    found = re.search(r'type="application/json"[^>]*>(.*?)</script>', path.read_text("utf-8"), re.S)
    assert found is not None
    data = json.loads(found[1])
    yield from map(str, data["words"].values())
    yield from (data["title"], data["place"], data["source"])
    for row in data["rows"]:
        yield from (str(row[key]) for key in ("name", "said", "by_use", "by_norm", "p", "unit", "where"))
    yield from (str(item[key]) for item in data["items"] for key in ("name", "unit"))
    yield from (name for key in ("scenarios", "regions") for _, name in data[key])
    yield from (word for word, *_ in data["verdicts"].values())
    yield from (row[i] for row in data["given"] for i in (1, 3, 4))  # a value may be a method's name


@pytest.fixture(scope="module")
def run(small_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(small_run, tmp_path_factory.mktemp("language"))


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("to", FORMATS)
def test_a_document_speaks_one_language(run: Path, to: str, lang: str) -> None:
    done = run_cli("report", run, "--to", to, "--lang", lang)
    assert done.code == 0, done.err
    path = run / f"report_{lang}.{to}"
    texts = {"docx": lambda: _docx(path), "xlsx": lambda: _xlsx(path, lang), "html": lambda: _page(path)}[
        to
    ]()
    found = {(word, text[:90]) for text in texts for word in _foreign(text, lang)}
    assert found == set()


@pytest.mark.sampled(5)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_speaks_one_language(run: Path, command: tuple[str, ...], lang: str) -> None:
    name, *rest = (word.format(run=run) for word in command)
    done = run_cli(name, run, *rest, "--lang", lang, translated=True)
    assert done.code == 0, done.err
    lines = (done.out + done.err).replace(str(run), "").splitlines()
    if name in TYPED:
        lines = [line.partition(" ")[2] for line in lines]
    assert {(word, line) for line in lines for word in _foreign(line, lang)} == set()


KNOWN = """\
indicator,year,value,unit,source,quality
births,2023,31000,persons,2023,A
"""
SWEPT = ("--over", "inpatient.base_occupancy", "--of", "beds_ratio@2030", "--workers", "1")
COMPUTING: dict[str, tuple[str, ...]] = {
    "run": ("{file}", "--workers", "1", "--draws", "2", "--no-charts"),
    "run --dry-run": ("{file}", "--dry-run"),
    "sweep": ("{file}", *SWEPT, "--no-charts"),
    "sweep --dry-run": ("{file}", *SWEPT, "--dry-run"),
    "propose": ("410500", "--year", "2030", "--draws", "2", "--workers", "1"),
    "review": ("{run}", "--known", "known.csv"),
    "validate": ("{file}",),
    "list indicators": (),
}
CALLED = frozenset("reference scenario oat draws HIV SCI".split())
"""Ids and options that are typed as they are said; abbreviations in names of indicators."""
KINDS = re.compile(r"(?<=  )[a-z_]+(?=  )")
"""In a list: keys of the rules by which an indicator is tested."""


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("command", COMPUTING)
def test_what_is_said_while_it_computes_is_in_one_language(
    run: Path, damaged: Path, command: str, lang: str
) -> None:
    """Progress, notes, tables and legends of the commands that compute, on both streams."""
    (damaged / "known.csv").write_text(KNOWN, encoding="utf-8")
    file = damaged / "experiments" / "small.yaml"
    rest = [*command.split()[1:], *(word.format(file=file, run=run) for word in COMPUTING[command])]
    rest = list(dict.fromkeys(rest))
    done = run_cli(command.split()[0], *rest, "--lang", lang, cwd=damaged, translated=True)
    assert done.code == 0, done.err
    said = done.out + done.err
    for path in (damaged, run):
        said = said.replace(str(path), "")
    if command.startswith("list"):
        said = KINDS.sub("", said)
    found = {(w, line) for line in said.splitlines() for w in _foreign(line, lang) if w not in CALLED}
    assert found == set()


@pytest.fixture(scope="module")
def handan(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of a place that has counts and no folder."""
    file, out = workspace / "experiments" / "handan.yaml", tmp_path_factory.mktemp("handan")
    file.write_text(HANDAN, encoding="utf-8")
    done = run_cli("run", file, "--out", out, "--no-charts", "--workers", "1", "--quiet")
    assert done.code == 0, done.err
    return Path(done.out.strip().splitlines()[-1])


@pytest.mark.slow
@pytest.mark.usefixtures("opened_once")
@pytest.mark.parametrize("lang", ["zh", pytest.param("en", marks=pytest.mark.slow)])
def test_how_a_figure_of_a_made_place_was_got_is_said_in_one_language(handan: Path, lang: str) -> None:
    head = {"zh": "怎样得来：", "en": "made: "}[lang]
    for name in CHAINS:
        done = run_cli("explain", handan, name, "--lang", lang)
        assert done.code == 0, done.err
        found = [line for line in done.out.splitlines() if head in line]
        assert found, name
        assert {(word, line) for line in found for word in _foreign(line, lang)} == set()
    done = run_cli("report", handan, "--to", "xlsx", "--lang", lang)
    assert done.code == 0, done.err
    texts = [text for text in _xlsx(handan / f"report_{lang}.xlsx", lang) if text]
    assert any({"zh": "普查存活法", "en": "census survival"}[lang] in text for text in texts)
    assert {(word, text[:90]) for text in texts for word in _foreign(text, lang)} == set()


@pytest.mark.sampled(4)
@pytest.mark.parametrize("code", ANY_PLACE)
def test_each_made_figure_says_how_in_both_languages(code: str) -> None:
    made = {name: p.made for name, p in place(code).items() if p.level}
    assert len(made) > 10
    for name, told in made.items():
        assert told is not None, name
        assert HAN.search(told.zh), name
        for lang in ("zh", "en"):
            assert _foreign(told.model_dump()[lang], lang) == [], name


def test_every_part_that_a_plan_names_has_its_chinese_word() -> None:
    tables = (ROOT / "parameters" / "plans").glob("*/indicators.csv")
    named = {row["scope"] for path in tables for row in read_rows(path)}
    assert named - {"all"} <= SCOPES.keys()
    assert all(HAN.search(zh) or zh.isupper() for zh, _ in SCOPES.values())
