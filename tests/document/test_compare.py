"""Two runs beside each other: what was given, what turned, differences draw by draw."""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path

import numpy as np
import pytest
from document.edit import change, copied
from document.test_page import browser, seen
from working_folder import run_cli

from sim.document.compare import Comparison, compare
from sim.document.compare_page import SHOWN, write_comparison
from sim.document.compare_text import compare_text, difference_text, heading, percent, tables
from sim.errors import ConfigError
from sim.intact import write_meta
from sim.saved import open_saved

STAY = "inpatient.alos_growth"


@pytest.fixture(scope="module")
def faster(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small run with stays that shorten faster, of the same seed."""
    out = tmp_path_factory.mktemp("outputs")
    file = workspace / "experiments" / "small.yaml"
    how = ("--no-charts", "--workers", "1", "--quiet", "--scenario", "reference")
    done = run_cli("run", file, "--out", out, *how, "--set", f"{STAY}=-0.03")
    assert done.code == 0, done.err
    return Path(done.out.strip().splitlines()[-1])


@pytest.fixture(scope="module")
def found(small_run: Path, faster: Path) -> Comparison:
    return compare(small_run, faster, "en")


@pytest.mark.slow
def test_what_was_given_names_the_parameter_with_both_values(found: Comparison):
    assert [row[0].rpartition("[")[2] for row in found.given] == [f"{STAY}]"]
    ((_, before, after),) = found.given
    assert before == "−0.012 a year"
    assert after.startswith("−0.030 a year")
    assert "-0.012 -> -0.03" in after


@pytest.mark.slow
def test_differences_are_those_of_the_draws(found: Comparison, small_run: Path, faster: Path):
    assert found.paired
    assert found.year == 2030
    beds = next(d for d in found.differences if d.name == "Hospital and primary-care beds: need")
    values = [
        open_saved(run)
        .results["beds_required"]
        .sel(scenario="reference", region="410500", year=2030, bed_group="total")
        .values[1:]
        .astype(float)
        for run in (small_run, faster)
    ]
    expected = np.quantile(values[1] - values[0], [0.1, 0.5, 0.9])
    assert [beds.low, beds.middle, beds.high] == pytest.approx(expected, rel=1e-6)
    assert beds.middle < 0
    assert beds.a > beds.b
    people = next(d for d in found.differences if d.name == "People")
    assert (people.low, people.middle, people.high) == (0.0, 0.0, 0.0)
    assert percent(people) == "0.0%"
    assert percent(beds).startswith("−")


def test_another_target_of_the_same_plan_is_told(small_run: Path, tmp_path: Path):
    """A plan's table that was changed between two runs: both figures, not a verdict without its row."""
    folder = copied(small_run, tmp_path)
    change(folder, "adequacy_detail.csv", gps_per_10000={"target": "5.5"})
    found = compare(small_run, folder, "en")
    ((name, before, after),) = found.given
    assert name == "plan: General practitioners per 10000 population"
    assert (before, after) == ("3.93 per 10,000", "5.5 per 10,000")


@pytest.mark.slow
def test_runs_of_other_sizes_are_compared_over_the_draws_that_both_have(
    small_run: Path, workspace: Path, tmp_path: Path
):
    """The same run with fewer draws differs in nothing, and its medians stand beside the same draws'."""
    how = ("--no-charts", "--workers", "1", "--quiet", "--scenario", "reference", "--draws", "5")
    done = run_cli("run", workspace / "experiments" / "small.yaml", "--out", tmp_path, *how)
    found = compare(small_run, Path(done.out.strip().splitlines()[-1]), "en")
    assert all(d.a == d.b and not d.moved for d in found.differences)
    assert "A has 8 draws, B 5: the differences are of the 5 that both have" in heading(found)
    (_, _, rows) = tables(found)[-1]
    assert rows == [(f"({len(found.differences)} do not differ)", "", "", "", "", "")]


@pytest.mark.slow
def test_the_other_way_round_the_signs_turn(found: Comparison, small_run: Path, faster: Path):
    back = compare(faster, small_run, "en")
    for there, here in zip(found.differences, back.differences, strict=True):
        assert here.middle == pytest.approx(-there.middle)
        assert (here.low, here.high) == pytest.approx((-there.high, -there.low))


@pytest.mark.slow
def test_a_run_beside_itself_has_nothing_to_say(small_run: Path):
    same = compare(small_run, small_run, "zh")
    assert same.given == []
    assert same.turned == []
    assert same.same > 0
    assert {d.middle for d in same.differences} == {0.0}
    assert "（没有不同）" in compare_text(same)


def test_another_verdict_turns(small_run: Path, tmp_path: Path):
    folder = copied(small_run, tmp_path)
    change(folder, "adequacy_detail.csv", gps_per_10000={"verdict": "surplus"})
    found = compare(small_run, folder, "en")
    assert {name.split("  ")[0] for name, *_ in found.turned} == {
        "General practitioners per 10000 population"
    }
    assert all(after.startswith("▲ surplus") for *_, after in found.turned)


@pytest.mark.slow
def test_other_seeds_give_no_band_and_say_so(small_run: Path, tmp_path: Path):
    folder = copied(small_run, tmp_path)
    meta = json.loads((folder / "run.json").read_text())
    write_meta(folder, meta | {"seed": 8})
    found = compare(small_run, folder, "en")
    assert not found.paired
    assert all(np.isnan(d.low) for d in found.differences)
    assert "(" not in difference_text(found.differences[0], "en")
    assert "without a band" in compare_text(found)


@pytest.mark.slow
def test_what_the_runs_do_not_share_is_refused(small_run: Path, faster: Path):
    with pytest.raises(ConfigError, match=r"--scenario.*shorter_stays"):
        compare(small_run, faster, "zh", scenario="shorter_stays")
    with pytest.raises(ConfigError, match=r"--year.*2099"):
        compare(small_run, faster, "zh", year=2099)


@pytest.mark.slow
@browser
@pytest.mark.parametrize("width", [0, 390])
def test_no_figure_of_the_page_is_broken(small_run: Path, faster: Path, tmp_path: Path, width: int):
    """A word or number that a cell breaks has more lines than the cell has words."""
    page, _ = write_comparison(compare(small_run, faster, "en"), faster)
    script = """
    const cells = [...document.querySelectorAll('td:not(:first-child)')].filter((c) => c.textContent);
    const own = (c) => { const r = document.createRange(); r.selectNodeContents(c);
      return new Set([...r.getClientRects()].map((x) => Math.round(x.top))).size; };
    const words = (c) => c.textContent.trim().split(/[ /]+/).length;
    const wide = document.documentElement.scrollWidth - innerWidth;
    said = {broken: cells.filter((c) => own(c) > words(c)).map((c) => c.textContent), n: cells.length, wide};
    """
    said, errors = seen(page, tmp_path, script, width)
    assert errors == []
    assert said["n"] > 10
    assert said["broken"] == []
    assert said["wide"] <= 0


@pytest.mark.slow
@browser
def test_the_page_is_light_or_dark_as_the_system_and_light_on_paper(
    small_run: Path, faster: Path, tmp_path: Path
):
    page, _ = write_comparison(compare(small_run, faster, "en"), faster)
    script = """
    const ground = () => getComputedStyle(document.body).backgroundColor;
    const at = [ground()];
    document.documentElement.dataset.theme = 'dark'; at.push(ground());
    dispatchEvent(new Event('beforeprint')); at.push(ground());
    document.documentElement.dataset.theme = ''; dispatchEvent(new Event('afterprint'));
    said = {at, followed: document.documentElement.dataset.theme};
    """
    said, errors = seen(page, tmp_path, script)
    assert errors == []
    assert said["at"] == ["rgb(255, 255, 255)", "rgb(21, 24, 27)", "rgb(255, 255, 255)"]
    assert said["followed"] == "light"


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_and_chart_hold_the_same_figures(small_run: Path, faster: Path, lang: str):
    found = compare(small_run, faster, "zh" if lang == "zh" else "en")
    page, chart = write_comparison(found, faster)
    text = page.read_text(encoding="utf-8")
    assert chart.stat().st_size > 5000
    assert "data:image/png;base64," in text
    assert re.findall(r'(?:src|href)="(?!data:)', text) == []
    for _, _, rows in tables(found):
        for row in rows:
            for cell in row:
                assert escape(cell) in text
    assert any(d.a and abs(d.middle / d.a) > SHOWN for d in found.differences)
