"""The figure to find first, found: its doubt goes, the band narrows, and its share is one of counts here.

For every kind of count that an office may have, of a place with a folder and of one made from the
censuses; and for verdicts of whole runs the very figure that their row names, as a count or as a record
of the place.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import yaml
from paths import ROOT, read_rows
from small import setup as small_setup
from working_folder import make_workspace, run_cli

from sim.adequacy.case import Swings
from sim.drivers import influence
from sim.known import observe, read_indicators
from sim.params import central
from sim.run import pipeline
from sim.saved import row_table
from sim.saved.row import Row

YEAR, END = 2024, 2025
SEEN: Mapping[str, tuple[str, str]] = {  # indicator of known.csv -> the series that shows it
    "population": ("population_group", "total"),
    "population_60": ("population_group", "60+"),
    "population_65": ("population_group", "65+"),
    "births": ("births", "total"),
    "deaths": ("deaths", ""),
    "life_expectancy": ("e0", "both"),
    "infant_deaths": ("infant_mortality", ""),
    "maternal_deaths": ("maternal_mortality", ""),
    "admissions": ("admissions", ""),
    "visits": ("visits", "primary"),
    "alos": ("alos", "secondary"),
    "occupancy": ("bed_occupancy", "total"),
    "childcare_children": ("childcare_slots_required", "enrolled"),
    "care_residents": ("care_beds_required", "institution"),
}


def series_of(indicator: str) -> tuple[str, str]:
    return SEEN.get(indicator, (f"{indicator}_projected", "total"))


@cache
def swings(folder: Path, code: str, indicator: str | None) -> Swings:
    """With one count of the place, of what the projection has in its middle, or with none."""
    bare = small_setup(folder, 0, end=END, regions=[code])
    if indicator is None:
        return next(influence.each(bare))
    middle = central(bare.parameters["reference", code], bare.years)
    state = pipeline.project(middle, bare.years, [0])
    asked = read_indicators(ROOT)[indicator]
    value = observe(state, middle, indicator, YEAR)
    value = round(value) if asked.unit == "death/year" else value  # deaths are whole
    table = folder / f"{code}_{indicator}.csv"
    table.write_text(
        f"indicator,year,value,unit,source,quality\n{indicator},{YEAR},{value:.9g},{asked.unit},office,A\n",
        encoding="utf-8",
    )
    return next(influence.each(small_setup(folder, 0, end=END, regions=[code], known={code: str(table)})))


def moved(found: Swings, indicator: str) -> dict[str, float]:
    """By how much each parameter moves an indicator in the year of its count, relative."""
    name, group = series_of(indicator)
    values = found.at(name, group or None, YEAR)
    ways = np.diff(values[1:].reshape(-1, 2), axis=1)[:, 0] / values[0]
    return dict(zip(found.names, ways.tolist(), strict=True))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("counts")


QUICK = ("population", "deaths", "infant_deaths", "occupancy", "visits", "beds", "doctors")  # one of each way
ASKED = [
    *(  # made from the censuses
        pytest.param("130400", indicator, marks=() if indicator in QUICK else pytest.mark.slow)
        for indicator in read_indicators(ROOT)
    ),
    *(("410500", indicator) for indicator in ("births", "occupancy")),
    *(pytest.param("410500", indicator, marks=pytest.mark.slow) for indicator in ("population", "beds")),
]


@pytest.mark.sampled(99)
@pytest.mark.parametrize(("code", "indicator"), ASKED)
def test_a_count_takes_the_doubt_away_that_known_csv_says(folder: Path, code: str, indicator: str):
    """Each parameter that it tells of moves what was counted by less than half of before, all by less."""
    before, after = (moved(swings(folder, code, i), indicator) for i in (None, indicator))
    told = [n for n in read_indicators(ROOT)[indicator].tells_of.split() if abs(before.get(n, 0.0)) > 1e-3]
    assert told, "it tells of nothing that moves it"
    for name in told:
        assert abs(after[name]) < 0.5 * abs(before[name]), name
    spread_before, spread_after = (float(np.hypot.reduce(list(m.values()))) for m in (before, after))
    assert spread_after < spread_before
    assert abs(after[f"known.{indicator}_{YEAR}"]) > 0.0


# whole runs: what the row names is supplied, and nothing else ----------------------------------------

HEAD = "indicator_id,kind,year,operator,value,unit,population_basis,binding,scope,location,line,note"
HANDAN = """\
schema: 1
id: handan_asked
region: "130400"
name: {zh: 邯郸市, en: Handan}
period: [2021, 2025]
base_year: 2020
target_year: 2025
status: draft
document: none
source: made up
"""
TARGETS = (
    "beds_per_1000,target,2025,=,7.2,per 1000,resident,expected,all,made up,1,",
    "care_beds_total,target,2025,>=,50000,beds,,expected,all,made up,2,",
    "maternal_mortality,target,2025,<=,12,per 100000,,expected,all,made up,3,",
)
COUNTED = {  # indicator of the plan -> the figure that its row names, its count, the series of its band
    "beds_per_1000": ("supply.beds_base", "beds", ("beds_required", "total")),
    "care_beds_total": ("elderly_care.institution_share", "care_residents", ("care_beds_required", "total")),
    "maternal_mortality": ("outcomes.maternal_mortality", "maternal_deaths", ("maternal_mortality", "total")),
}
STATED = {  # the same of Anyang, found as a record of the place
    "nurses_per_1000": ("workforce.nurse_hours_per_bed_day", ("nurses_required", "total")),
    "infectious_beds_total": ("inpatient.infectious_share", ("beds_required", "infectious_normal")),
}


def experiment(work: Path, code: str, plan: str, **more: object) -> Path:
    path = work / "experiments" / f"{plan}.yaml"
    content = {
        "schema": 1,
        "name": "asked",
        "regions": [code],
        "plan": plan,
        "years": {"base": 2020, "end": 2025},
        "test_years": [],
        "draws": {"n": 60, "seed": 1},
        **more,
    }
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def ran(work: Path, path: Path) -> Path:
    done = run_cli("run", path, "--out", work / "outputs", "--no-charts", "--quiet", "--workers", "1")
    assert done.code == 0, done.err
    return Path(done.out.strip().splitlines()[-1])


def row_of(folder: Path, indicator: str) -> Row:
    return next(r for r in row_table.read(folder) if r.indicator_id == indicator and r.year == 2025)


def band(folder: Path, series: tuple[str, str]) -> float:
    """P90 less P10 over the middle, in the target year."""
    lines = read_rows(folder / "timeseries.csv")
    line = next(x for x in lines if (x["variable"], x["group"], x["year"]) == (*series, "2025"))
    return (float(line["p90"]) - float(line["p10"])) / float(line["p50"])


def holds(before: Path, after: Path, indicator: str, name: str, series: tuple[str, str]) -> None:
    """The named figure was first, is no more; the band is narrower, more of it rests on counts here."""
    was, became = (row_of(folder, indicator) for folder in (before, after))
    assert was.find_first.startswith(f"{name} ("), was.find_first
    assert not became.find_first.startswith(f"{name} ("), became.find_first
    assert band(after, series) < 0.95 * band(before, series)
    assert (became.share_counted_here or 0.0) > (was.share_counted_here or 0.0)
    kinds = ("counted_here", "counted_elsewhere", "published", "derived", "judgement")
    for row in (was, became):
        assert sum(getattr(row, f"share_{kind}") or 0.0 for kind in kinds) == pytest.approx(1.0, abs=1e-5)


def measured_here(work: Path, name: str) -> None:
    """A record of the place: the nation's middle, counted four times as closely."""
    topic, _, key = name.partition(".")
    raw = yaml.safe_load((work / f"parameters/national/{topic}.yaml").read_text(encoding="utf-8"))
    record = raw["parameters"][key]
    middle = record["value"] if record["range"].get("scale") == "value" else 1.0
    for end in ("low", "high"):
        record["range"][end] = middle + (record["range"][end] - middle) / 4
    record |= {"basis": "measured", "quality": "A"}
    path = work / f"parameters/regions/410500_anyang/{topic}.yaml"
    own = (
        yaml.safe_load(path.read_text(encoding="utf-8"))
        if path.is_file()
        else {"schema": 1, "parameters": {}}
    )
    own["parameters"][key] = record
    path.write_text(yaml.safe_dump(own, allow_unicode=True), encoding="utf-8")


@pytest.mark.slow
def test_counting_what_a_made_place_is_told_to_find_first_narrows_its_verdict(tmp_path: Path):
    work = make_workspace(tmp_path / "work")
    plan = work / "parameters/plans/handan_asked"
    plan.mkdir()
    (plan / "plan.yaml").write_text(HANDAN, encoding="utf-8")
    (plan / "indicators.csv").write_text("\n".join([HEAD, *TARGETS, ""]), encoding="utf-8")
    before = ran(work, experiment(work, "130400", "handan_asked"))
    for indicator, (name, count, series) in COUNTED.items():
        swings(work, "130400", count)  # writes its table
        known = {"130400": str(work / f"130400_{count}.csv")}
        after = ran(work, experiment(work, "130400", "handan_asked", known=known))
        holds(before, after, indicator, name, series)


@pytest.mark.slow
def test_a_record_of_the_place_for_what_is_to_be_found_first_narrows_its_verdict(tmp_path: Path):
    work = make_workspace(tmp_path / "work")
    path = experiment(work, "410500", "anyang_14fyp")
    before = ran(work, path)
    for name, _ in STATED.values():
        measured_here(work, name)
    after = ran(work, path)
    for indicator, (name, series) in STATED.items():
        holds(before, after, indicator, name, series)
