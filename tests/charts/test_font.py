"""The font that travels with the package covers whatever a chart may have to write."""

import json
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from matplotlib import font_manager
from paths import ROOT, read_rows

from sim.catalogue.verdicts import ROWS
from sim.catalogue.words import DRIVERS, GROUPS, SCENARIOS, SCOPES, UNITS
from sim.charts import letters, style


@pytest.fixture(scope="module")
def covered() -> set[str]:
    with TTFont(letters.FONT_FILE) as font:
        return set(map(chr, font.getBestCmap()))


def missing(text: str, covered: set[str]) -> set[str]:
    return {ch for ch in text if ord(ch) > 0x1F and ch not in covered}


def test_font_covers_every_character_of_gb2312(covered):
    cells = [bytes((r, c)) for r in range(0xA1, 0xF8) for c in range(0xA1, 0xFF)]
    letters = "".join(cell.decode("gb2312", errors="ignore") for cell in cells)
    assert len(letters) == 7445
    assert missing(letters, covered) == set()


def test_font_covers_names_of_places_beyond_gb2312(covered):
    """Counties that census tables name, and the state's list of characters."""
    assert missing("浉河 瀍河 鄠邑 埇桥 硚口 猇亭 泊头巿 亳 衢 浚 邙", covered) == set()
    beyond = letters.FONT_FILE.with_name("beyond_gb2312.txt").read_text(encoding="utf-8")
    assert len(set(beyond) - {"\n"}) == 1468
    assert missing(beyond, covered) == set()
    assert missing("㎡‰㎏℃％", covered) == set()


@pytest.mark.slow
def test_pdf_embeds_the_font_as_truetype(run_dir):
    from sim.charts import draw_charts

    (path,) = draw_charts(run_dir, ["births_children"], fmt="pdf")
    content = path.read_bytes()
    assert b"/CIDFontType2" in content or b"/Subtype /TrueType" in content
    assert b"/Subtype /Type3" not in content


def test_a_character_that_no_font_has_is_named_and_drawn_as_a_mark(run_dir, capsys):
    from sim.charts import draw_charts

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        draw_charts(run_dir, ["births_children"], fmt="svg", title="彝文ꀀ")
        said = capsys.readouterr().err
    assert "ꀀ (U+A000)" in said
    assert "〓" in said
    assert "彝文〓" in (run_dir / "charts/births_children_zh.svg").read_text(encoding="utf-8")


def test_font_covers_latin_and_the_signs_that_charts_use(covered):
    ascii_letters = "".join(map(chr, range(0x20, 0x7F)))
    assert missing(ascii_letters + "–—−×±≥≤≈…·‰°²³“”‘’→●■▲▼○□", covered) == set()


def test_font_covers_every_word_list_and_source_line_of_the_report(covered):
    tables = (DRIVERS, GROUPS, SCENARIOS, SCOPES, UNITS)
    words = "".join(zh + en for table in tables for zh, en in table.values())
    rooms = ("catalogue", "saved", "charts", "report")
    files = [path for room in rooms for path in (ROOT / "sim" / room).rglob("*.py")]
    code = "".join(path.read_text(encoding="utf-8") for path in files)
    assert missing(words + "".join(row.zh + row.en + row.mark for row in ROWS) + code, covered) == set()


@pytest.mark.parametrize("place", ["parameters", "experiments"])
def test_font_covers_names_in_plans_parameters_and_experiments(place, covered):
    for path in sorted((ROOT / place).rglob("*.*")):
        if path.suffix in (".csv", ".yaml"):
            lost = missing(path.read_text(encoding="utf-8-sig"), covered)
            assert not lost, f"{path}: {lost}; see sim/charts/fonts/README.md"


def test_font_goes_by_its_own_name_and_under_its_licence():
    with TTFont(letters.FONT_FILE) as font:
        assert font["name"].getDebugName(1) == letters.FONT_FAMILY
        assert "Source" not in letters.FONT_FAMILY
        assert "Noto" not in letters.FONT_FAMILY
        assert "SIL Open Font License" in font["name"].getDebugName(13)
    licence = letters.FONT_FILE.with_name("OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert letters.FONT_FILE.stat().st_size < 2_700_000


def test_charts_use_the_packaged_font_and_no_other():
    with style.use("zh"):
        found = font_manager.findfont(letters.FONT_FAMILY, fallback_to_default=False)
    assert Path(found) == letters.FONT_FILE


@pytest.mark.slow
def test_charts_are_whole_on_a_machine_without_fonts(run_dir):
    """No font of the system is known to matplotlib: the same bytes come out."""
    code = """
import json, sys, warnings
warnings.simplefilter("error")
from matplotlib import font_manager
font_manager.fontManager.ttflist.clear()
from sim.charts import draw_charts
paths = draw_charts(sys.argv[1], ["births_children"], lang="zh", fmt="svg")
print(json.dumps([str(p) for p in paths]))
"""
    from sim.charts import draw_charts

    here = draw_charts(run_dir, ["births_children"], lang="zh", fmt="svg")[0].read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", code, str(run_dir)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    there = Path(json.loads(done.stdout)[0]).read_bytes()
    assert "出生".encode() in there  # letters are text, with families that a reader may have
    assert b"SimHei, sans-serif" in there.replace(b"'", b"").replace(b"&#39;", b"")
    assert there == here


def test_indicator_names_of_all_plans_can_be_written(covered):
    path = ROOT / "parameters/plans/indicator_dictionary.csv"
    names = "".join(row["name_zh"] + row["name_en"] for row in read_rows(path))
    assert missing(names, covered) == set()
