"""Proposals: never worse than today, law and norm; they move with their drivers; run takes them back."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import ROOT, read_rows

from sim.adequacy.bounds import Bound
from sim.adequacy.effort import NOT_COUNTED
from sim.adequacy.kinds import kind_of
from sim.adequacy.revise import on_safe_side
from sim.errors import ConfigError, PlanError
from sim.places import list_regions
from sim.plan.document import INDICATOR_COLUMNS
from sim.plan.floors import in_force, load_floors
from sim.plan.vocabulary import load_vocabulary
from sim.propose import Asked, Proposed, propose
from sim.propose.listed import load_listed
from sim.propose.plan_folder import write_yaml
from sim.propose.reason import _beside
from sim.propose.recommend import Proposal
from sim.run.setup import set_up
from sim.run_folder import run_experiment
from sim.saved.row_table import read as read_adequacy
from sim.writing import write_rows

P = 0.9
ASKED = Asked((2030, 2035), P, 2025)
DRAWS = 40
SLOW = pytest.mark.slow


@pytest.fixture(scope="session")
def work(tmp_path_factory) -> Path:
    """A working folder of its own: the plan that is made lands in it."""
    root = tmp_path_factory.mktemp("work")
    (root / "experiments").mkdir()
    shutil.copytree(ROOT / "parameters", root / "parameters")
    province_plan(root / "parameters" / "plans" / "hebei_15fyp")
    return root


def province_plan(folder: Path) -> None:
    """A plan of the province, made up: what the place's proposal shows beside its own."""
    folder.mkdir()
    head = {
        "schema": 1,
        "id": folder.name,
        "region": "130000",
        "name": {"zh": "例", "en": "example"},
        "period": [2026, 2030],
        "base_year": 2025,
        "target_year": 2030,
        "status": "draft",
        "document": "例",
        "source": "made for a test",
    }
    write_yaml(folder / "plan.yaml", head)
    rows = (
        ("nurses_per_1000", 2028, "5", "per 1000", "resident"),
        ("nurses_per_1000", 2032, "5.9", "per 1000", "resident"),
        ("doctors_per_1000", 2030, "4", "per 1000", "registered"),
        ("care_beds_total", 2030, "300000", "beds", ""),
    )
    columns = ("indicator_id", "year", "value", "unit", "population_basis")
    rest = {"kind": "target", "operator": ">=", "scope": "all", "location": "a table", "line": 1}
    made = [rest | dict(zip(columns, row, strict=True)) for row in rows]
    write_rows(
        folder / "indicators.csv",
        INDICATOR_COLUMNS,
        [{c: r.get(c, "") for c in INDICATOR_COLUMNS} for r in made],
    )


def made(work: Path, code: str, **more) -> tuple[Proposed, dict[tuple[str, str, int], dict[str, str]]]:
    found = propose(work, code, ASKED, work / "outputs", draws=DRAWS, seed=3, **more)
    rows = read_rows(found.folder / "propose.csv")
    return found, {(r["indicator_id"], r["scope"], int(r["year"])): r for r in rows}


@pytest.fixture(scope="session")
def handan(work: Path):
    """A place that the folder does not hold."""
    return made(work, "130400")


def test_every_listed_indicator_has_its_row_and_a_reason_in_both_languages(work, handan):
    _, rows = handan
    listed = load_listed(work / "parameters")
    assert set(rows) == {(one.indicator_id, one.scope, y) for one in listed for y in ASKED.years}
    for key, row in rows.items():
        assert row["recommended"], key
        assert row["reason_en"].isascii(), key
        assert not row["reason_zh"].isascii(), key
        assert "None" not in row["reason_en"] + row["reason_zh"], key


def worse(row: dict[str, str], level: float, *, lower: bool) -> bool:
    value, slack = float(row["recommended"]), 3e-6 * abs(level)  # tables have seven digits
    return value > level + slack if lower else value < level - slack


@pytest.mark.parametrize("code", ["130400", pytest.param("410500", marks=SLOW)])
def test_nothing_is_worse_than_today_the_norm_or_the_law(work, handan, code):
    _, rows = handan if code == "130400" else made(work, code, name=f"law_{code}")
    words, floors = load_vocabulary(work / "parameters"), load_floors(work / "parameters")
    for (name, scope, year), row in rows.items():
        if not row["recommended"]:  # a district without counties
            assert (name, scope) == ("ambulance_population_ratio", "counties")
            continue
        lower = words.indicators[name].better == "lower"
        known = {c: float(row[c]) for c in ("now_p50", "norm", "floor") if row[c]}
        if name == "care_beds_total":  # a pattern that nobody has to meet
            known.pop("norm")
            assert "no national standard" in row["reason_en"]
            assert "并非国家标准" in row["reason_zh"]
        floor = in_force(floors.get(name, ()), year)
        if floor is not None and floor.unit.base == words.units[row["unit"]].base:
            assert known["floor"] * words.units[row["unit"]].factor == pytest.approx(floor.fraction), name
        for what, level in known.items():
            assert not worse(row, level, lower=lower), (name, scope, year, what, row["recommended"], level)


def test_what_use_decides_is_enough_with_the_probability_asked_for(handan):
    _, rows = handan
    used = [r for r in rows.values() if r["basis"] == "use"]
    assert len(used) > 5
    for row in used:
        assert float(row["p"]) >= P
        assert float(row["enough_80"]) <= float(row["enough_90"]) <= float(row["enough_95"])
    for row in rows.values():  # above what is enough it stays enough; below where reach or a wish ends it
        if row["need_p50"] and row["basis"] != "reach" and not row["indicator_id"].startswith("childcare"):
            assert float(row["p"]) >= P, row["indicator_id"]


def test_a_wish_is_met_by_its_median_and_what_more_would_take_is_said(handan):
    """A margin above a wish may stand empty: enough as likely as not, floor and today's level kept."""
    _, rows = handan
    for year in ASKED.years:
        row = rows["childcare_slots_per_1000", "all", year]
        held = {name: float(row[name]) for name in ("need_p50", "now_p50", "floor")}
        assert float(row["recommended"]) == pytest.approx(max(held.values()), rel=0.02)
        assert float(row["recommended"]) < float(row["enough_80"])
        assert float(row["p"]) < P
        assert "enough would be" in row["reason_en"]
        assert "够用需" in row["reason_zh"]


def test_a_value_below_what_is_enough_never_says_that_less_would_do(handan):
    _, rows = handan
    for key, row in rows.items():
        rises = row["operator"] == ">="
        if row["need_p50"] and row["enough_90"] and rises:
            short = float(row["recommended"]) < float(row["enough_90"]) * (1 - 1e-6)
            assert ("enough would be" in row["reason_en"]) == short, (key, row["reason_en"])
            assert ("would do" in row["reason_en"] or "would be enough)" in row["reason_en"]) <= (not short)


def test_the_levels_of_a_reason_stand_on_the_side_of_the_value_that_they_are_on(handan):
    """Today's 3.89 is not printed as 3.9 beside a value of 3.8 that is no better than it for rounding."""
    _, rows = handan
    seen = 0
    for key, row in rows.items():
        said = re.search(r"today's ([0-9.,]+)", row["reason_en"])
        if said is not None:
            shown, now, value = (
                float(x.replace(",", "")) for x in (said[1].rstrip("."), row["now_p50"], row["recommended"])
            )
            assert (shown > value) == (now > value), (key, row["reason_en"])
            seen += 1
    assert seen > 5


def test_what_a_row_takes_a_year_adds_up_to_its_count(handan):
    _, rows = handan
    counted = [r for r in rows.values() if r["net_per_year"]]
    assert {"childcare_enrolment_rate", "beds_per_1000"} <= {r["indicator_id"] for r in counted}
    for row in counted:
        years = int(row["year"]) - ASKED.now
        then = float(row["stock_now"]) + years * float(row["net_per_year"])
        assert then == pytest.approx(float(row["count"]), rel=1e-5), row["indicator_id"]


def test_who_is_covered_today_is_the_stock_of_a_coverage(handan):
    """Children in childcare, not the places that stand open for them."""
    _, rows = handan
    row = rows["childcare_enrolment_rate", "all", 2030]
    children = float(row["count"]) / float(row["recommended"]) * 100
    enrolled = float(row["stock_now"]) / float(row["now_p50"]) * 100
    assert enrolled == pytest.approx(children, rel=0.5)  # children under three of 2025 and of 2030
    assert float(row["net_per_year"]) > 0


def test_the_plan_of_the_province_stands_beside(handan):
    """Its newest target due by the year; no count of the whole province, no other basis of a ratio."""
    _, rows = handan
    for year, goal, due in ((2030, 5.0, "2028"), (2035, 5.9, "2032")):
        row = rows["nurses_per_1000", "all", year]
        assert float(row["province_goal"]) == pytest.approx(goal)
        assert (row["province_goal_year"], row["province_plan"]) == (due, "hebei_15fyp")
        assert f"asks {goal:.2f} by {due}" in row["reason_en"]
        assert f"省规划{due}年目标{goal:.2f}" in row["reason_zh"]
    for name in ("doctors_per_1000", "care_beds_total", "beds_per_1000"):
        assert rows[name, "all", 2030]["province_goal"] == "", name


@SLOW
def test_run_takes_the_plan_back_and_gives_the_stated_probabilities(work, handan):
    found, rows = handan
    folder = run_experiment(set_up(found.experiment), work / "outputs", charts=False, workers=1)
    verdicts = {(r.indicator_id, r.scope, r.year): r for r in read_adequacy(folder)}
    for key, row in rows.items():
        verdict = verdicts[key]
        assert verdict.verdict == row["verdict"], key
        if verdict.follows_nation:
            claims = ("p", "p_trend", "enough_80", "enough_90", "enough_95", "carried", "per_year")
            assert [row[c] for c in claims] == [""] * len(claims), key
            assert verdict.chance is None, key
        else:
            assert verdict.chance == pytest.approx(float(row["p"]), abs=1e-6), key
        if row["basis"] == "use":
            assert verdict.verdict in ("adequate", "surplus"), key


def test_costs_of_a_proposal_start_today(handan):
    """The trend up to today, then evenly to the target: the same cost today, another one then."""
    found, rows = handan
    costs = read_rows(found.folder / "costs.csv")
    key = {(r["option"], r["item"], r["cost"], int(r["year"])): float(r["p50"]) for r in costs}
    assert min(year for *_, year in key) == ASKED.now
    for option in ("trend", "proposal"):
        assert key[option, "total", "capital", ASKED.now] == 0
        assert key[option, "total", "yearly_more", ASKED.now] == 0
    assert key["trend", "nurses", "yearly", 2025] == pytest.approx(key["proposal", "nurses", "yearly", 2025])
    more = key["proposal", "beds", "capital", 2028]
    assert (more > 0) == (float(rows["beds_per_1000", "all", 2030]["per_year"]) > 0)


def test_what_it_takes_a_year_starts_from_no_stock_of_the_nation(handan):
    """Nobody counted this place's childcare slots or ICU beds; its beds come from the province's tables."""
    _, rows = handan
    yearly = ("stock_now", "net_per_year", "replacement_per_year", "per_year")
    for name in ("childcare_slots_per_1000", "icu_beds_total", "gps_per_10000"):
        row = rows[name, "all", 2030]
        assert [row[c] for c in yearly] == [""] * len(yearly), name
        assert float(row["count"]) > 0, name
        assert NOT_COUNTED in row["note"], name
    assert all(rows["nurses_per_1000", "all", 2030][c] for c in yearly)


@given(
    levels=st.dictionaries(st.sampled_from(["present", "norm", "floor"]), st.floats(0.01, 1e6), min_size=1),
    wanted=st.floats(0.001, 1e6),
    places=st.integers(0, 2),
    falls=st.booleans(),
)
def test_what_is_shown_is_never_worse_than_a_bound(levels, wanted, places, falls):
    """Rounding included: on its safe side, with more digits where fewer would undercut a level."""
    bound = Bound(levels, falls=falls)
    value, name = bound.applied(wanted)
    shown = on_safe_side(value, places, upward=not falls, bound=bound)
    assert shown is not None
    for level in levels.values():
        slack = 3e-6 * level
        assert shown <= level + slack if falls else shown >= level - slack
    assert name or (shown <= wanted * (1 + 1e-5) if falls else shown >= wanted * (1 - 1e-5))


@pytest.mark.slow
@pytest.mark.parametrize("code", sorted(list_regions(ROOT)))
def test_no_shipped_region_gets_a_worse_value(work, handan, code):
    test_nothing_is_worse_than_today_the_norm_or_the_law(work, handan, code)


# what is proposed moves with its driver


@pytest.mark.slow
@pytest.mark.parametrize(
    ("setting", "indicator", "sign"),
    [
        (("inpatient.alos_growth", 0.01), "beds_per_1000", 1),
        pytest.param(("inpatient.alos_growth", -0.03), "icu_beds_total", 0, marks=SLOW),  # its norm decides
        pytest.param(
            ("fertility.tfr_change", {"2020": 0, "2026": 0.3}), "childcare_slots_per_1000", 1, marks=SLOW
        ),
        pytest.param(("coverage.uncovered", {"multiply": 0.5}), "elderly_65_health_mgmt_rate", 1, marks=SLOW),
        pytest.param(
            ("workforce.nurse_hours_per_bed_day", {"multiply": 1.2}), "nurses_per_1000", 1, marks=SLOW
        ),
        pytest.param(("norm.nurses", {"multiply": 1.5}), "nurses_per_1000", 1, marks=SLOW),
    ],
)
def test_a_driver_moves_the_recommended_value(work, handan, setting, indicator, sign):
    _, before = handan
    name, value = setting
    if isinstance(value, dict) and name.startswith("fertility"):
        value = {int(y): v for y, v in value.items()}
    _, after = made(work, "130400", name="moved", settings=[(name, value)])
    key = (indicator, "all", 2030)
    change = float(after[key]["recommended"]) - float(before[key]["recommended"])
    assert (change > 0) - (change < 0) == sign, (before[key]["recommended"], after[key]["recommended"])


# refusals


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (Asked((2030,), 1.2, 2025), "--p | 1.2 is no probability"),
        (Asked((2030, 2028), P, 2025), "--to | 2028 is not after 2030"),
        (Asked((2030,), P, 2031), "--now | 2031 is not between 2020 and 2030"),
    ],
)
def test_wrong_questions_are_refused(work, asked, text):
    with pytest.raises(ConfigError) as error:
        propose(work, "130400", asked, work / "outputs")
    assert text in str(error.value)


def test_a_plan_made_by_hand_is_not_overwritten(work):
    with pytest.raises(ConfigError, match="exists already and is no proposal"):
        propose(work, "410500", ASKED, work / "outputs", name="anyang_14fyp")


def test_a_wrong_table_is_refused(work, tmp_path):
    shutil.copytree(work / "parameters" / "plans", tmp_path / "plans")
    path = tmp_path / "plans" / "proposal.csv"
    text = path.read_text(encoding="utf-8").replace("beds_per_1000,all,>=,2", "bed_per_1000,all,=,two")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PlanError) as error:
        load_listed(tmp_path)
    for part in ("did you mean 'beds_per_1000'", "operator '='", "places 'two'"):
        assert part in str(error.value)


def test_every_indicator_of_the_table_is_tested_by_the_model(work):
    from sim.plan.targets import stated_targets
    from sim.plan.tests import load_rules
    from sim.propose.listed import probe

    listed = load_listed(work / "parameters")
    plan = probe(work / "parameters", listed, "130400", (2030,), 2025)
    for stated in stated_targets(plan, load_rules(work), ()):
        assert stated.target is not None, stated.statement.row.id
        one = next(o for o in listed if o.indicator_id == stated.statement.row.id)
        assert kind_of(stated.target).rises(stated.target) == (one.operator == ">=")


@pytest.mark.parametrize(("level", "shown"), [(3.6999962, "3.70"), (3.6949, "3.69"), (3.6996, "3.6996")])
def test_a_level_that_no_digit_tells_from_the_value_has_the_value_s_digits(level: float, shown: str):
    proposal = SimpleNamespace(value=3.7, places=2)
    assert _beside(level, cast(Proposal, proposal)) == shown
