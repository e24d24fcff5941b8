"""The standard set: every record moves the right output the right way, by name in any experiment."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
import yaml
from paths import PARAMETERS, ROOT

from sim.config import Experiment, read_experiment
from sim.config.standard import Standard, load_standard, overrides_of
from sim.errors import ConfigError, ParameterError
from sim.params import read_sources
from sim.params.override import override
from sim.places import read_place
from sim.run import runner
from sim.run.setup import set_up
from sim.store import open_results

STANDARD = load_standard(ROOT)
EXPERIMENTS = ROOT / "experiments"
# what each record moves by 2035: (series, group, sign)
EFFECTS = {
    "fertility_low": ("childcare_slots_required", "total", -1),
    "fertility_high": ("childcare_slots_required", "total", 1),
    "birth_support_package": ("births", "total", 1),
    "home_coming": ("population_group", "total", 1),
    "continued_leaving": ("population_group", "total", -1),
    "payment_reform": ("beds_required", "total", -1),
    "use_grows_on": ("beds_required", "total", 1),
    "ageing_as_today": ("care_beds_required", "total", 0),  # the reference is this hypothesis
    "ageing_healthier": ("care_beds_required", "total", -1),
    "ageing_dynamic": ("care_beds_required", "nursing_type", -1),
    "retire_later": ("doctors_projected", "total", 1),
    "retire_earlier": ("doctors_projected", "total", -1),
    "productivity": ("nurses_required", "total", -1),
    "more_entrants": ("gps_projected", "total", 1),
    "shrinking_place": ("population_group", "0-14", -1),
    "family_place": ("births", "total", 1),
    "reformed_care": ("beds_required", "total", -1),
}
COUNTY = "410526"
ENDS = ("home_coming", "payment_reform", "productivity", "retire_later")
NAMES = ("reference", *STANDARD, *(f"{n}@{end}" for n in ENDS for end in ("low", "high")))


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> xr.Dataset:
    """Anyang under all of them, with a few paired draws."""
    setup = set_up(EXPERIMENTS / "anyang_14fyp.yaml", scenarios=NAMES)
    setup = runner.with_draws(setup, 4, 5)
    folder = runner.run(setup, tmp_path_factory.mktemp("standard"), workers=1)
    with open_results(folder / "results.nc") as found:
        return found.load()


@pytest.fixture(scope="module")
def of_a_county(tmp_path_factory) -> xr.Dataset:
    """A county that no folder holds, made from the censuses, under each record."""
    years = {"base": 2020, "end": 2035}
    made = experiment(
        tmp_path_factory.mktemp("made"),
        regions=[COUNTY],
        years=years,
        test_years=[2035],
        draws={"n": 4, "seed": 5},
    )
    setup = set_up(made, scenarios=("reference", *STANDARD))
    folder = runner.run(setup, tmp_path_factory.mktemp("county"))
    with open_results(folder / "results.nc") as found:
        return found.load()


def at_the_end(results: xr.Dataset, scenario: str, series: str, group: str) -> np.ndarray:
    array = results[series].sel(scenario=scenario, year=2035).isel(region=0)
    (dim,) = (d for d in array.dims if d != "draw")
    return array.sel({dim: group}).values


@pytest.mark.parametrize("name", STANDARD)
def test_a_record_moves_its_output_in_every_draw(results, name: str):
    """Paired: the same draws with and without."""
    series, group, sign = EFFECTS[name]
    change = at_the_end(results, name, series, group) - at_the_end(results, "reference", series, group)
    assert (np.sign(change) == sign).all(), change


@pytest.mark.slow
@pytest.mark.parametrize("name", STANDARD)
def test_a_record_moves_its_output_in_a_county_without_a_folder(of_a_county, name: str):
    test_a_record_moves_its_output_in_every_draw(of_a_county, name)


@pytest.mark.parametrize("name", ENDS)
def test_the_ends_of_a_range_lie_on_both_sides(results, name: str):
    series, group, _ = EFFECTS[name]
    base = at_the_end(results, "reference", series, group)[0]
    moved = [
        abs(at_the_end(results, n, series, group)[0] - base) for n in (f"{name}@low", name, f"{name}@high")
    ]
    assert moved == sorted(moved)
    assert moved[0] > 0


def test_home_coming_is_so_many_people_per_resident(results):
    """2 per 1000 residents of the base year in each of ten years, and their children."""
    group = ("population_group", "total")
    more = at_the_end(results, "home_coming", *group) - at_the_end(results, "reference", *group)
    base = results.population_group.sel(scenario="reference", year=2020, age_group="total").isel(region=0)
    per_year = more / base.values / 10 * 1000
    assert (per_year > 1.8).all()  # some of them die
    assert (per_year < 2.6).all()


@pytest.mark.parametrize("name", STANDARD)
def test_a_record_is_sourced_and_of_its_family(name: str):
    record = STANDARD[name]
    if record.of:
        families = [STANDARD[part].family for part in record.of]
        assert len(families) >= 3
        assert families.count("fertility") <= 1
        assert families.count("migration") <= 1
        assert families.count("use") <= 1
        return
    assert record.source in read_sources(PARAMETERS, [])
    assert record.title.zh != record.title.en


@pytest.mark.sampled(5)
@pytest.mark.parametrize("name", [n for n, s in STANDARD.items() if s.set])
def test_both_ends_can_be_set_in_every_kind_of_place(name: str):
    """A province's city, a coastal district, the nation: no range falls out of its bounds."""
    for code in ("410100", "440507", "000000"):
        parameters = read_place(ROOT, code)
        for end in ("", "@low", "@high"):
            found = overrides_of(name + end, STANDARD)
            for settings in (found or {}).values():
                for key, value in settings.items():
                    override(parameters, key, value, name)


def experiment(tmp_path: Path, **content) -> Path:
    (tmp_path / "parameters").symlink_to(PARAMETERS)
    folder = tmp_path / "experiments"
    folder.mkdir()
    whole = {"schema": 1, "name": "x", "regions": ["410500"], "years": {"base": 2020, "end": 2026}}
    path = folder / "x.yaml"
    path.write_text(yaml.safe_dump({**whole, "test_years": [2026], **content}), encoding="utf-8")
    return path


def test_a_standard_scenario_is_written_out_and_named(tmp_path):
    path = experiment(tmp_path, scenarios={"reference": [], "payment_reform": ["payment_reform"]})
    found = read_experiment(path)
    assert found.overrides["payment_reform"] == dict(STANDARD["payment_reform"].set)
    assert found.titles["payment_reform"].zh == STANDARD["payment_reform"].title.zh
    assert isinstance(found, Experiment)


def test_a_mixture_is_its_parts_and_an_experiments_own_name_stands(tmp_path):
    own = {"home_coming": {"migration.level": 5}}
    path = experiment(tmp_path, scenarios={"r": ["reformed_care", "home_coming"]}, overrides=own)
    found = read_experiment(path)
    assert found.scenarios["r"] == (*STANDARD["reformed_care"].of, "home_coming")
    assert found.overrides["home_coming"] == own["home_coming"]


def test_an_unknown_name_is_refused(tmp_path):
    path = experiment(tmp_path, scenarios={"reference": [], "x": ["payment_reforms"]})
    with pytest.raises(ConfigError, match="no override 'payment_reforms'"):
        read_experiment(path)
    with pytest.raises(ConfigError, match="no scenario 'payment_reforms'"):
        set_up(EXPERIMENTS / "anyang_14fyp.yaml", scenarios=["payment_reforms"])


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("schema: 1", "schema: 2", "standard.yaml: schema | 2 is no version | write 1"),
        ("family: use", "family: us", "payment_reform.family"),
        ("source: nhc_tables_2022_2025", "sauce: x", "did you mean 'source'"),
        (
            "of: [fertility_low,",
            "of: [fertility_lo,",
            "no record 'fertility_lo' | did you mean",
        ),
        ("quality: C\n    note: as home", "note: as home", "without source, basis and quality"),
        ("    low: {fertility.birth_support", "    low: {fertility.tfr", "birth_support_package"),
    ],
)
def test_a_wrong_record_is_refused(tmp_path, old: str, new: str, text: str):
    shutil.copytree(PARAMETERS / "scenarios", tmp_path / "parameters" / "scenarios")
    path = tmp_path / "parameters" / "scenarios" / "standard.yaml"
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load_standard(tmp_path)
    assert text in str(error.value)


def test_ends_of_what_has_no_range_are_no_names():
    assert overrides_of("ageing_dynamic@low", STANDARD) is None
    assert overrides_of("home_coming@middle", STANDARD) is None
    assert isinstance(STANDARD["home_coming"], Standard)


def test_people_per_thousand_are_numbers():
    parameters = read_place(ROOT, "410500")
    with pytest.raises(ParameterError, match="add_per_1000: 'two'"):
        override(parameters, "migration.level", {"add_per_1000": "two"}, "--set")
    for beside in ("add", "multiply", "value"):
        with pytest.raises(ParameterError, match=f"add_per_1000 beside {beside} | write one of them"):
            override(parameters, "migration.level", {"add_per_1000": 2, beside: 3}, "--set")
    with pytest.raises(ParameterError, match="add_per_1000 without a base population"):
        override({"x.y": parameters["migration.level"]}, "x.y", {"add_per_1000": 2}, "--set")
