"""From an experiment to a resolved set-up: precedence, the region's own figures, refusals."""

from __future__ import annotations

from pathlib import Path

import pytest
from paths import ROOT

from sim.errors import ConfigError
from sim.params import override, read_sets
from sim.places import list_regions, read_region
from sim.run.setup import Setup, set_up


@pytest.fixture(scope="module")
def setup(workspace: Path) -> Setup:
    return set_up(workspace / "experiments" / "small.yaml", settings=[("inpatient.alos.primary", 5)])


def value(setup: Setup, name: str, scenario: str = "reference") -> float:
    return float(setup.parameters[scenario, "410500"][name].data)


def test_the_region_s_own_figure_wins_over_the_nation_s(setup: Setup):
    nation = read_sets(ROOT / "parameters", ["national", "standards"])
    province = read_sets(ROOT / "parameters", ["national", "standards", "provinces/410000_henan"])
    every = ["national", "standards", "provinces/410000_henan", "regions/410500_anyang"]
    own = read_sets(ROOT / "parameters", every)
    found = setup.parameters["reference", "410500"]
    for name, sets in {
        "supply.beds_base": own,  # all three state it
        "supply.village_doctors_base": province,  # the nation and the province
        "supply.care_beds_base": nation,
    }.items():
        assert found[name].hash == sets[name].hash, name
    assert province["supply.beds_base"].hash != own["supply.beds_base"].hash
    assert province["supply.village_doctors_base"].hash != nation["supply.village_doctors_base"].hash


def test_a_setting_wins_over_an_override_and_is_logged(setup: Setup):
    alos = setup.parameters["shorter_stays", "410500"]["inpatient.alos"].data
    assert (alos.sel(level="primary") == 5).all()
    ratio = alos.sel(level="tertiary", year=2030) / alos.sel(level="tertiary", year=2020)
    assert float(ratio) == pytest.approx(0.9)
    assert any(line.startswith("[reference] inpatient.alos.primary: ") for line in setup.log)


def test_scenarios_differ_in_what_they_override_only(setup: Setup):
    one, other = (setup.parameters[s, "410500"] for s in setup.scenarios)
    assert [n for n in one if one[n].hash != other[n].hash] == ["inpatient.alos"]


def test_years_run_from_base_to_end(setup: Setup):
    assert setup.years == tuple(range(2020, 2031))


def test_only_the_scenarios_asked_for(workspace: Path):
    chosen = set_up(workspace / "experiments" / "small.yaml", scenarios=["shorter_stays"])
    assert chosen.scenarios == ("shorter_stays",)


def test_the_base_file_does_not_change_with_a_setting(setup: Setup):
    base = read_sets(ROOT / "parameters", ["national"])
    changed = override(base, "inpatient.alos", 5, "--set")
    assert changed["inpatient.alos"].hash != base["inpatient.alos"].hash
    assert float(base["inpatient.alos"].data.sel(level="primary")) != 5


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("code: 410500\nname: {en: A, zh: 甲}\n", r"code \| 410500 \| write six digits between"),
        ("code: '4105'\nname: {en: A, zh: 甲}\n", r"code \| '4105' \| write six digits"),
        ("code: '410500'\nname: A\n", r"name\.en or name\.zh is missing \| write code"),
        ("code: '410500'\nname: {en: A}\n", r"is missing \| write code"),
        ("- a\n", r"is missing \| write code"),
    ],
)
def test_a_region_that_is_wrong(tmp_path: Path, text: str, wrong: str):
    (tmp_path / "region.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=wrong):
        read_region(tmp_path / "region.yaml")


def test_two_regions_with_one_code(tmp_path: Path):
    for folder in ("a", "b"):
        (tmp_path / "parameters" / "regions" / folder).mkdir(parents=True)
        path = tmp_path / "parameters" / "regions" / folder / "region.yaml"
        path.write_text("code: '410500'\nname: {en: A, zh: 甲}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"code 410500 is regions/a too \| give each region"):
        list_regions(tmp_path)
