"""The annex of a saved run: its sentences follow its numbers, its structure is that of the standard."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from document.edit import change, copied, restate
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from matplotlib.figure import Figure
from paths import read_rows
from PIL import Image

from sim.document import pictures, write_report
from sim.document.blocks import Document, Text, numbered
from sim.document.material import open_material
from sim.document.sentences import computed, many, verdict_sentences
from sim.errors import ConfigError
from sim.saved.row import Row
from sim.saved.rows import indicator_text

GPS = "gps_per_10000"


@pytest.fixture
def own_run(small_run: Path, tmp_path: Path) -> Path:
    """A copy of the small run that a test may edit."""
    return copied(small_run, tmp_path)


def spot(_: Figure, path: Path) -> Path:
    """Every picture is a black spot: for what the words around pictures say."""
    Image.new("RGB", (40, 30)).save(path)
    return path


@pytest.fixture
def unpainted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "save", spot)


@pytest.fixture(scope="module")
def annexes(small_run: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, docx.document.Document]:
    folder = copied(small_run, tmp_path_factory.mktemp("annex"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pictures, "save", spot)
        return {lang: docx.Document(str(write_report(folder, "docx", lang))) for lang in ("zh", "en")}


def sentence(folder: Path, indicator: str = GPS, lang: str = "zh") -> str:
    material = open_material(folder, lang)
    return verdict_sentences(material, next(r for r in material.judged if r.indicator_id == indicator))


def text_of(file: docx.document.Document) -> str:
    return "\n".join(p.text for p in file.paragraphs)


def fields(file: docx.document.Document, kind: str) -> list[str]:
    codes = [node.text for node in file.element.iter(qn("w:instrText"))]
    return [code.split()[1] for code in codes if code.split()[0] == kind]


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("column", "value", "old", "new"),
    [
        ("required_p50", "9.87", r"本地使用需[\d.]+", "本地使用需9.87"),
        ("p_enough", "0.75", "够用的概率为[^，]+", "够用的概率为"),
        ("verdict", "adequate", "判定不足", "判定够用"),
        ("level_short_year", "2029", "低于需求", "2029年起低于需求"),
        ("share_judgement", "0.97", r"不确定性的\d+%来自", "不确定性的97%来自判断假设"),
        (
            "find_first",
            "inpatient.alos (41%)",
            "先查清“[^”]+”",
            "应先查清“平均住院日（分级，基年）”（占41%，可统计平均住院日）",
        ),
    ],
)
def test_a_changed_number_changes_its_sentence(own_run: Path, column: str, value: str, old: str, new: str):
    before = sentence(own_run)
    assert re.search(old, before)

    change(own_run, "adequacy_detail.csv", **{GPS: {column: value}})
    after = sentence(own_run)
    assert after != before
    assert new in after


def test_a_changed_proposal_changes_what_would_be_enough(own_run: Path):
    change(own_run, "revise.csv", **{GPS: {"enough": "6.66", "proposed": "6.7", "per_year": "321"}})
    said = sentence(own_run)
    assert "90%把握够用需6.66，建议目标6.70" in said
    assert "年均需补充321人" in said


@pytest.mark.slow
def test_a_proposal_has_its_cost(annexes: dict[str, docx.document.Document], small_run: Path):
    """Capital of the years up to the target's, and what is paid more in it, by costs.csv."""
    costs = read_rows(small_run / "costs.csv")
    rows = [r for r in costs if (r["option"], r["item"], r["scenario"]) == ("revised", "beds", "reference")]
    built = sum(float(r["mean"]) for r in rows if r["cost"] == "capital" and 2020 < int(r["year"]) <= 2025)
    more = next(float(r["mean"]) for r in rows if (r["cost"], r["year"]) == ("yearly_more", "2025"))
    table = next(t for t in annexes["zh"].tables if t.rows[0].cells[-2].text == "建设费")
    beds = next(row for row in table.rows if row.cells[0].text.startswith("每千人口床位数"))
    said = [float(cell.text.replace(",", "").replace("−", "-")) for cell in beds.cells[-2:]]
    assert said == pytest.approx([built, more], abs=0.051)
    assert built > 1


def test_rows_alike_but_for_their_people_are_told_apart():
    names = ("每万人口全科医生", "General practitioners per 10000")
    row = Row("plan", "410100", "reference", "gps", *names, 2025, "per 10000", target="2")
    town = replace(row, population_basis="urban")
    all_ = replace(row, population_basis="resident")
    assert indicator_text(town, "zh", [town, all_]) == "每万人口全科医生（城镇人口）  2"
    assert indicator_text(all_, "zh", [town, all_]) == "每万人口全科医生（常住人口）  2"
    assert indicator_text(town, "zh", [town, replace(all_, year=2030)]) == "每万人口全科医生  2"


def test_sentences_in_english_say_the_same_numbers(small_run: Path):
    zh, en = sentence(small_run), sentence(small_run, lang="en")
    numbers = re.compile(r"\d+\.\d+")
    assert numbers.findall(zh) == numbers.findall(en)
    assert not re.search(r"[\u4e00-\u9fff]", en)


@pytest.mark.slow
def test_page_is_that_of_the_standard(annexes: dict[str, docx.document.Document]):
    for lang, file in annexes.items():
        section = file.sections[0]
        edges = [
            round(v.mm)
            for v in (section.page_width, section.page_height, section.top_margin, section.left_margin)
        ]
        assert edges == [210, 297, 37, 28]
        text = (
            section.page_width - section.left_margin - section.right_margin,
            section.page_height - section.top_margin - section.bottom_margin,
        )
        assert [round(v / Mm(1)) for v in text] == [156, 225]
        normal = file.styles["Normal"]
        size, line = (16, 225 / 25.4 * 72 / 22) if lang == "zh" else (14, 24)  # English one size smaller
        assert normal.font.size == Pt(size)
        assert normal.paragraph_format.line_spacing.pt == pytest.approx(line, abs=0.05)
        faces = {
            n: file.styles[n].element.rPr.rFonts.get(qn("w:eastAsia"))
            for n in ("Title", "Heading 1", "Heading 2", "Normal")
        }
        assert list(faces.values()) == ["方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"]


@pytest.mark.slow
def test_tables_and_figures_are_numbered_and_each_reference_finds_its_own(
    annexes: dict[str, docx.document.Document],
):
    for file in annexes.values():
        captions = [p for p in file.paragraphs if p.style.name == "Caption"]
        assert len(captions) == len(file.tables) + len(file.inline_shapes)
        assert len(fields(file, "SEQ")) == len(captions)
        marks = {node.get(qn("w:name")) for node in file.element.iter(qn("w:bookmarkStart"))}
        assert set(fields(file, "REF")) <= marks
        assert len(fields(file, "REF")) >= 6
        assert "[[" not in text_of(file)


@pytest.mark.slow
def test_parts_stand_in_order_in_both_languages(annexes: dict[str, docx.document.Document]):
    zh, en = ([p.text for p in file.paragraphs if p.style.name == "Heading 1"] for file in annexes.values())
    assert [text[2:] for text in zh] == [
        "测算任务",
        "主要结论",
        "人口与资源供需",
        "目标修订建议",
        "规划文本核查",
        "测算方法",
        "主要假设",
        "资料来源",
    ]
    assert [text[0] for text in zh] == list("一二三四五六七八")
    assert len(en) == len(zh)
    assert not re.search(r"[\u4e00-\u9fff]", "\n".join(en))


@pytest.mark.slow
def test_english_annex_has_no_chinese_but_in_names_of_documents(annexes: dict[str, docx.document.Document]):
    cells = [cell.text for table in annexes["en"].tables[:-1] for row in table.rows for cell in row.cells]
    for text in (*cells, text_of(annexes["en"])):
        found = re.findall(r"[\u4e00-\u9fff]+", text)
        assert found == [], text


@pytest.mark.slow
def test_same_run_same_bytes(own_run: Path):
    first = write_report(own_run, "docx", "zh").read_bytes()
    assert write_report(own_run, "docx", "zh").read_bytes() == first


@pytest.mark.parametrize("name", ["parameters.csv", "revise.csv", "results.nc"])
def test_a_folder_that_is_not_whole_is_refused_with_the_remedy(own_run: Path, name: str):
    (own_run / name).unlink()
    with pytest.raises(ConfigError, match=f"{name} \\| is not there"):
        write_report(own_run, "docx")


def test_a_run_without_fingerprints_is_refused_with_the_command_that_makes_it_anew(own_run: Path):
    meta = json.loads((own_run / "run.json").read_text())
    del meta["files"]
    (own_run / "run.json").write_text(json.dumps(meta))
    with pytest.raises(ConfigError, match=r"states no file.*healthplan run .*small.yaml"):
        write_report(own_run, "docx")


def test_unknown_scenario_and_format_name_what_there_is(small_run: Path):
    with pytest.raises(ConfigError, match="--scenario"):
        write_report(small_run, "docx", scenario="nowhere")
    with pytest.raises(ConfigError, match="docx"):
        write_report(small_run, "doc")


def test_a_reference_to_nothing_is_refused():
    with pytest.raises(ConfigError, match="refers to 'nothing'"):
        numbered([Text("见[[nothing]]")], "zh")
    assert Document("", "", [Text("见")], "zh").numbers == {}


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_and_makes_pages(own_run: Path, tmp_path: Path):
    path = write_report(own_run, "docx", "zh")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    pdf = (tmp_path / "report_zh.pdf").read_bytes()
    pages = re.findall(rb"/Type\s*/Page[^s]", pdf)
    assert 8 <= len(pages) <= 20


def test_each_row_is_answered_by_its_own_line_of_revise(small_run: Path, tmp_path: Path):
    """Zhengzhou sets GPs of 2 per 10000 for residents and for townspeople, in two places of its text."""
    folder = copied(small_run, tmp_path)
    for table, key in (("adequacy_detail.csv", "verdict"), ("revise.csv", "enough")):
        rows = read_rows(folder / table)
        twins = [{**row, "location": "elsewhere"} for row in rows if row["indicator_id"] == "gps_per_10000"]
        for twin in (twin for twin in twins if twin.get(key)):
            twin |= {"enough": "9.99"} if key == "enough" else {}
        with (folder / table).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows([*rows, *twins])
        restate(folder, table)
    m = open_material(folder, "zh")
    gps = [row for row in m.judged if row.indicator_id == "gps_per_10000"]
    for row in gps:
        line = m.revision(row)
        assert line is not None
        assert (line["enough"] == "9.99") == (row.location == "elsewhere")
    assert {row.location == "elsewhere" for row in gps} == {True, False}


def test_a_number_of_beds_is_whole_and_a_level_keeps_its_noughts(small_run: Path):
    """ICU beds of 538.2, 459.4, 644.0: 538 (459 to 644); a level of 6: 6.00 under 5.89."""
    m = open_material(small_run, "en")
    row = replace(m.judged[0], variable="beds", unit="beds", required_p50=538.2, p_enough=0.5)
    row = replace(row, required_p10=459.4, required_p90=644.0, need_norm_p50=804.9, p_enough_norm=0.1)
    said = verdict_sentences(m, replace(row, verdict_norm="short", available_p50=270.0))
    assert "538 beds are needed" in said
    assert "The national norm asks for 805 beds" in said
    assert [computed(row, 459.4), computed(replace(row, unit="per 1000"), 6.0)] == ["459", "6.00"]


@pytest.mark.slow
@pytest.mark.usefixtures("unpainted")
def test_a_finding_names_its_indicator_and_parts_thousands(own_run: Path):
    """In both languages, whatever the message of the audit names: no name of the data model is seen."""
    rows = read_rows(own_run / "audit.csv")
    first = rows[0] | {
        "verdict": "inconsistent",
        "indicator_ids": GPS,
        "message_en": "stated twice: 114 count (2025, line 3) of 511039 people per 100000 -> inconsistent",
        "message_zh": "同一指标两处表述：511039人 → 不一致",
    }
    other = first | {"message_en": f"unit: {GPS} 2 per 10000 and nurses_per_1000 4.3 -> inconsistent (x)"}
    with (own_run / "audit.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows([first, other])
    restate(own_run, "audit.csv")
    found = {}
    for lang in ("zh", "en"):
        file = docx.Document(str(write_report(own_run, "docx", lang)))
        table = next(t for t in file.tables if t.rows[0].cells[1].text in ("内容", "What"))
        found[lang] = [row.cells[1].text for row in table.rows[1:]]
    gps = "General practitioners per 10000 population"
    assert found["en"] == [
        f"{gps}: stated twice: 114 (2025, line 3) of 511,039 people per 100,000",
        f"unit: {gps} 2 per 10,000 and Registered nurses per 1000 population 4.3 (x)",
    ]
    assert found["zh"][0] == "每万人口全科医生，同一指标两处表述：511,039人"


def test_one_is_said_of_one():
    assert many(1, "target was", "targets were") + many(2, " wants", " want") == "1 target was2  want"


@pytest.mark.slow
@pytest.mark.usefixtures("unpainted")
def test_a_figure_is_captioned_by_what_it_shows(own_run: Path):
    """A target, a present level, or neither: a plan without a target for beds has none in its caption."""

    def caption() -> str:
        file = docx.Document(str(write_report(own_run, "docx", "en")))
        found = (p.text for p in file.paragraphs if "beds: need" in p.text and p.style.name == "Caption")
        return next(found)

    assert caption().endswith("beds: need, supply and plan")
    rows = read_rows(own_run / "adequacy_detail.csv")
    beds = {row["indicator_id"] for row in rows if row["variable"] == "beds"}
    change(own_run, "adequacy_detail.csv", **{name: {"target": ""} for name in beds})
    assert caption().endswith("beds: need, supply and present level")
    change(own_run, "adequacy_detail.csv", **{name: {"available_p50": ""} for name in beds})
    assert caption().endswith("beds: need and supply")
