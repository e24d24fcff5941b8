"""The tree behind a verdict: its numbers are the run's, its leaves are parameters with their sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from document.edit import change, copied
from paths import read_rows
from working_folder import run_cli

from sim.catalogue.language import Lang
from sim.document.chain import MADE_OF, Node, tree_text
from sim.document.explain import explain
from sim.document.material import open_material
from sim.document.sentences import amount
from sim.errors import ConfigError
from sim.saved.numbers import number
from sim.schema import RESOURCES, VARIABLES

BEDS = "beds_per_1000"


def nodes(tree: Node) -> Iterator[Node]:
    yield tree
    for below in tree.below:
        yield from nodes(below)


def test_the_chain_of_beds_goes_down_to_people_and_their_parameters(small_run: Path):
    (tree,) = explain(small_run, BEDS, 2025, "en")
    found = [re.search(r"\[([\w.]+)\]", node.text) for node in nodes(tree)]
    named = [match[1] for match in found if match]
    at = [named.index(name) for name in ("beds_required", "bed_days", "admissions", "population")]
    assert at == sorted(at)
    assert "migration.level_error" in named[at[-1] :]  # below the people
    assert "inpatient.base_occupancy" in named


def test_every_parameter_has_its_value_evidence_and_source(small_run: Path):
    (tree,) = explain(small_run, BEDS, 2025, "zh")
    given = {row["parameter"]: row for row in read_rows(small_run / "parameters.csv")}
    leaves = [node for node in nodes(tree) if (m := re.search(r"\[([a-z_]+\.\w+)\] = ", node.text)) and m]
    assert len(leaves) >= 8
    for leaf in leaves:
        name = re.search(r"\[([\w.]+)\]", leaf.text)
        assert name
        row = given[name[1]]
        assert row["name_zh"] in leaf.text
        assert f"({row['quality']})" in leaf.text
        assert row["title_zh"] in leaf.below[0].text
        assert row["publisher_zh"] in leaf.below[0].text


def test_the_need_is_the_series_of_the_run(small_run: Path, tmp_path: Path):
    folder = copied(small_run, tmp_path)
    rows = read_rows(folder / "timeseries.csv")
    need = next(
        r
        for r in rows
        if (r["scenario"], r["variable"], r["group"], r["year"])
        == ("reference", "beds_required", "total", "2025")
    )
    text = tree_text(explain(folder, BEDS, 2025, "en"))
    assert f"[beds_required]: {float(need['p50']) / 1000:.1f} thousand beds" in text
    change(folder, "adequacy_detail.csv", beds_per_1000={"available_count_p50": "12345"})
    assert "The target in all: 12.3 thousand beds" in tree_text(explain(folder, BEDS, 2025, "en"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_target_of_a_coverage_is_so_many_people_and_not_those_that_the_trend_covers(
    small_run: Path, lang: Lang
):
    """The headline's number is the load that the capacity is held against: the goal times the people."""
    told = [row for row in open_material(small_run, lang).judged if row.p_capacity is not None]
    assert told
    for row in told:
        assert row.required_count_p50 != row.available_count_p50
        want = amount(row.required_count_p50 or 0.0, RESOURCES[row.variable].units, lang)
        tree = next(t for t in explain(small_run, row.indicator_id, row.year, lang) if want in t.text)
        assert any(node.text.endswith(want) for node in tree.below), row.indicator_id


def test_an_outcome_rests_on_the_parameters_that_its_row_names(small_run: Path):
    trees = explain(small_run, "infant_mortality", None, "en")
    assert len(trees) == 2  # the plan states it twice
    assert all("outcomes.infant_mortality" in tree_text([tree]) for tree in trees)


@pytest.mark.slow
@pytest.mark.usefixtures("opened_once")
def test_each_judged_indicator_has_a_tree_in_both_languages(small_run: Path):
    for indicator in {row.indicator_id for row in open_material(small_run, "zh").judged}:
        zh, en = (explain(small_run, indicator, None, lang) for lang in ("zh", "en"))
        assert [len(list(nodes(t))) for t in zh] == [len(list(nodes(t))) for t in en]
        assert len(list(nodes(zh[0]))) > 4


def test_what_has_no_verdict_is_refused_with_its_reason_or_a_near_name(small_run: Path):
    with pytest.raises(ConfigError, match=r"'health_literacy' has no verdict.*survey"):
        explain(small_run, "health_literacy", None, "en")
    with pytest.raises(ConfigError, match="did you mean 'beds_per_1000'"):
        explain(small_run, "beds_per_100", None, "zh")
    with pytest.raises(ConfigError, match=r"no verdict in 2031.*judged in 2025"):
        explain(small_run, BEDS, 2031, "zh")


def test_all_that_a_need_is_made_of_is_in_the_data_model():
    for name, parts in MADE_OF.items():
        assert name in VARIABLES
        assert set(parts) <= set(VARIABLES)


def test_branches_of_a_tree_are_drawn():
    tree = Node("a", [Node("b", [Node("c")]), Node("d")])
    assert tree_text([tree]) == "a\n├─ b\n│  └─ c\n└─ d"


SOME = {"regions": ["130400", "130423"], "plan": None, "scenarios": None, "overrides": None, "test_years": []}


@pytest.mark.slow
def test_a_run_of_some_series_tells_the_chain_that_it_has(experiment, tmp_path: Path):
    """What is not stored it says, of another place than the first its own parameters; else what to do."""
    asked = {"series": ["beds_required"], "digits": 5, "years": [2020, 2030]}
    path = experiment(**SOME, results=asked)
    done = run_cli("run", path, "--out", tmp_path, "--no-charts", "--quiet", "--workers", "1")
    assert done.code == 0, done.err
    run = Path(done.out.strip().splitlines()[-1])
    (tree,) = explain(run, "beds", 2030, "en", region="130423")
    told = [node.text for node in nodes(tree)]
    (line,) = (t for t in told if "[beds_required]:" in t)
    row = next(
        r
        for r in read_rows(run / "timeseries.csv")
        if (r["region"], r["variable"], r["group"], r["year"]) == ("130423", "beds_required", "total", "2030")
    )
    assert number(float(row["p50"]), "en") in line
    assert "bed-days used [bed_days]: not stored in this run" in told
    assert any("[supply.beds_base] = " in t for t in told)
    with pytest.raises(ConfigError, match=r"write alos under results\.series of .* and run it again"):
        explain(run, "alos", 2030, "en")
    with pytest.raises(ConfigError, match=r"take results\.series out of .*, name a plan for verdicts"):
        explain(run, BEDS, 2030, "en")
    with pytest.raises(ConfigError, match=r"2025 is not of this run \| 2020, 2030"):
        explain(run, "beds", 2025, "en")
