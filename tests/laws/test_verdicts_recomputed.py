"""Every verdict of the plans recomputed from the saved draws, by a reader of its own.

The reader knows results.nc, the figures of a target and the definitions of docs; no code of sim.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from laws.plan_runs import PLANS, PlanRun
from scipy import stats

TIE = 1e-6
LINE = 2.0
PRINTED = 1e-5  # figures are stored with about seven digits
KINDS = ("ratio", "count", "access", "share", "coverage", "outcome", "demography")
Found = dict[str, float]


def has(run: PlanRun, text: str, group: str, year: int) -> bool:
    try:
        run.read(text, group, year)
    except KeyError:
        return False
    return True


def people(run: PlanRun, basis: str, year: int) -> np.ndarray:
    if basis in ("population 65+", "older residents"):
        return run.read("population_group", "65+", year)
    return run.read("population_basis", basis, year)


def meets(row: dict[str, str], shown: np.ndarray, aim: np.ndarray | float) -> np.ndarray:
    """Whether values meet the target, to the digits that the plan prints."""
    tie, half = np.abs(aim) * TIE, float(row["step"] or 0)
    if row["sense"] == "in":
        low, high = float(row["good_low"]), float(row["good_high"])
        return (shown >= low - half - tie) & (shown <= high + half + tie)
    slack = 0.0 if row["sense"] in ("<", ">") else half
    if row["sense"][0] == ">":
        return shown > aim + tie if slack == 0 and row["sense"] == ">" else shown >= aim - slack - tie
    return shown < aim - tie if slack == 0 and row["sense"] == "<" else shown <= aim + slack + tie


def provision(run: PlanRun, row: dict[str, str], year: int) -> Found:
    goal, factor, name = float(row["goal_model"]), float(row["unit_factor"]), row["variable"]
    group = row["group"] or "total"
    if row["test"] == "share":
        need, trend = run.read(name, "", year), name.replace("_required", "_projected")
        planned, per, inverse = np.full_like(need, goal), np.full_like(need, factor), False
        norm = "/".join(_norm(run, t.strip(), year) for t in name.split("/"))
    else:
        normal = has(run, f"{name}_required", f"{group}_normal", year)
        need = run.read(f"{name}_required", f"{group}_normal" if normal else group, year)
        trend, norm = f"{name}_projected.{group}", _norm(run, f"{name}_required.{group}", year)
        inverse = row["scale"] == "inverse"
        planned, per = np.full_like(need, goal), np.full_like(need, factor)
        if row["test"] == "ratio":
            head = people(run, row["basis_read"], year)
            planned, per = (head / goal if inverse else head * goal), head * (1.0 if inverse else factor)
    shown = (lambda x: per / x) if inverse else (lambda x: x / per)
    found = _enough("", need, planned) | {"required_p50": np.median(shown(need))}
    found |= {"available_p50": np.median(shown(planned)), "ratio_p50": np.median(planned / need)}
    if norm and has(run, norm, "", year):
        printed = 0.0 if inverse else float(row["step"]) * per  # 7.4 is the norm of 7.44
        by_norm = run.read(norm, "", year)
        found |= _enough("_norm", by_norm, planned + printed)
        if np.array_equal(by_norm, need):  # the only need there is
            found["p_enough"] = found["p_enough_norm"]
    if has(run, trend, "", year):
        going_on = run.read(trend, "", year)
        found["p_reached"] = np.mean(meets(row, shown(going_on), shown(planned)))
        found["projected_p50"] = np.median(shown(going_on))
    return found


def _norm(run: PlanRun, text: str, year: int) -> str:
    """The series of the same need by national norm; of staff it is the method `ratio`."""
    name, _, group = text.partition(".")
    by_norm = f"{name}_norm.{group or 'total'}"
    return by_norm if has(run, by_norm, "", year) else f"{name}.ratio"


def _enough(suffix: str, need: np.ndarray, planned: np.ndarray) -> Found:
    surplus = np.mean(planned > 1.2 * need)
    return {f"p_enough{suffix}": np.mean(planned * (1 + TIE) >= need), f"surplus{suffix}": surplus}


def derived(run: PlanRun, name: str, year: int) -> np.ndarray | None:
    """Births less deaths by mean population, or what people came to in a year; None for another name."""
    if name not in ("natural_increase", "population_increase"):
        return None
    now, before = (
        run.read("population_group", "total", y) for y in (year, max(year - 1, run.setup.years[0]))
    )
    if name == "population_increase":
        return now - before
    return (run.read("births", "total", year) - run.read("deaths", "total", year)) / (0.5 * (now + before))


def outcome(run: PlanRun, row: dict[str, str], year: int) -> Found:
    goal, factor = float(row["goal_model"]), float(row["unit_factor"])
    value = derived(run, row["variable"], year)
    if value is None:
        value = run.read(row["variable"], row["group"], year)
    if row["growth"]:
        value = value / run.read(row["variable"], row["group"], run.setup.years[0]) - 1.0
    p = meets(row, value / factor, goal / factor).astype(float)
    if row["unit"].endswith("live births"):
        births, half = run.read("births", "total", year), float(row["step"]) * factor
        aim = goal + {"<=": half, ">=": -half}.get(row["sense"], 0.0)
        most = np.array(
            [math.ceil(a) - 1 if row["sense"] == "<" else math.floor(a + 1e-9) for a in aim * births]
        )
        p = stats.poisson.cdf(most, value * births)
    return {"p_reached": np.mean(p), "available_p50": np.median(value / factor)}


def coverage(run: PlanRun, row: dict[str, str], year: int) -> Found:
    goal, factor = float(row["goal_model"]), float(row["unit_factor"])
    name, group = row["variable"], row["group"]
    whole = group.removesuffix("_visits") if row["scale"] == "visits per patient" else group
    if row["scale"] == "per population":
        everybody = run.read("population_basis", "resident", year)
    elif has(run, f"{name}_required", whole, year):
        everybody = run.read(f"{name}_required", whole, year)
    else:
        everybody = run.read(name, whole, year)
    covered = run.read(f"{name}_covered", group, year)
    counted = row["counted"] == "yes"
    shown = covered / (factor if counted else everybody * factor)
    found = {"p_reached": np.mean(meets(row, shown, goal / factor)), "available_p50": np.median(shown)}
    if has(run, f"{name}_projected", group, year):
        load = np.full_like(everybody, goal) if counted else everybody * goal
        if counted and row["stated"] != "yes":
            load = np.minimum(everybody, goal)
        found["p_capacity"] = np.mean(run.read(f"{name}_projected", group, year) * (1 + TIE) >= load)
    return found


def access(run: PlanRun, row: dict[str, str], year: int) -> Found:
    goal = float(row["goal_model"])
    ruled_on = people(run, row["basis_read"], year)
    town, county, thrice = (people(run, b, year) for b in ("resident", "county", "county x3"))
    fleet = run.read(f"{row['variable']}_projected", "total", year)
    here = fleet * ruled_on / (town - county + thrice)
    ruled = ruled_on / goal if row["scale"] == "inverse" else ruled_on * goal
    half = float(row["step"]) * float(row["unit_factor"]) / goal
    return {"p_reached": np.mean(here >= ruled * (1 - half)), "available_p50": np.median(ruled_on / here)}


READERS = {
    "ratio": provision,
    "count": provision,
    "access": access,
    "coverage": coverage,
    "outcome": outcome,
    "demography": outcome,
}


def recomputed(run: PlanRun, row: dict[str, str]) -> Found:
    year = int(row["year"])
    if row["test"] == "share":
        needs = all("_required" in term for term in row["variable"].split("/"))
        return (provision if needs else outcome)(run, row, year)
    return READERS[row["test"]](run, row, year)


def verdict(p: float, surplus: float) -> str:
    if surplus >= 0.9:
        return "surplus"
    return "adequate" if p >= 0.9 else "tight" if p >= 0.5 else "short"


def rows_of(run: PlanRun) -> list[dict[str, str]]:
    return [r for r in run.table("adequacy_detail") if r["goal_model"] and r["verdict"] != "not_tested"]


def is_held(row: dict[str, str]) -> bool:
    """No trend of the stock is known: it stays as counted, which foretells nothing."""
    return (row["variable"], row["group"]) in (("beds", "infectious"), ("ambulances", "total"))


def test_every_figure_of_a_target_is_that_of_the_saved_draws(run: PlanRun):
    names = ("p_enough", "p_enough_norm", "p_reached", "p_capacity", "required_p50", "available_p50")
    compared = dict.fromkeys((*names, "ratio_p50", "projected_p50"), 0)
    for row in rows_of(run):
        found = recomputed(run, row)
        for name in compared:
            if row[name]:
                assert name != "p_reached" or not is_held(row), (row["indicator_id"], row["year"])
                want = pytest.approx(found[name], rel=PRINTED, abs=2e-6)
                assert float(row[name]) == want, (row["indicator_id"], row["scope"], row["year"], name)
                compared[name] += 1
            elif is_held(row):  # no trend of its own, so none that could reach the target
                assert name in ("p_reached", "projected_p50") or name not in found, (
                    row["indicator_id"],
                    name,
                )
            elif name in found:  # empty where nothing is claimed, no target stands or no stock is known
                at = row["indicator_id"], row["year"], name
                if row["verdict"] == "national_pattern":
                    assert name in ("p_enough", "p_enough_norm", "p_reached"), at
                    continue
                assert name == "p_reached", at
                assert (
                    row["verdict"] == "no_target" or "no count of the place's own stock" in row["reason"]
                ), at
    assert min(compared[n] for n in names[:4]) > 0, compared


def test_every_verdict_is_that_of_the_saved_draws(run: PlanRun):
    """By use or by outcome, by norm, and which threshold lies within two standard errors."""
    judged = 0
    for row in rows_of(run):
        at = row["indicator_id"], row["scope"], row["year"]
        found = recomputed(run, row)
        p = found.get("p_enough", found.get("p_reached", math.nan))
        if row["verdict"] not in ("short", "tight", "adequate", "surplus"):
            assert not row["on_the_line"], at
            continue
        judged += 1
        # where much of the residents' care is given elsewhere, more than is used here is no surplus
        surplus = 0.0 if "own_share" in row["special"].split() else found.get("surplus", 0.0)
        assert row["verdict"] == verdict(p, surplus), at
        # a norm is a floor: above it is no surplus
        norm = verdict(found["p_enough_norm"], 0.0) if "p_enough_norm" in found else ""
        assert row["verdict_norm"] == norm, at
        error = float(row["p_enough_mcse"] or row["p_reached_mcse"])
        n = run.results.sizes["draw"] - 1
        if not row["unit"].endswith("live births"):  # Jeffreys: half a draw of each kind added
            a, b = n * p + 0.5, n * (1 - p) + 0.5
            want = math.sqrt(a * b / (a + b + 1)) / (a + b)
            assert error == pytest.approx(want, rel=1e-4, abs=1e-6), at
        near = [name for name, limit in (("adequate", 0.9), ("tight", 0.5)) if abs(p - limit) < LINE * error]
        assert row["on_the_line"].split() == near, at
    assert judged


@pytest.mark.slow  # the runs of all plans
def test_every_kind_of_test_is_among_the_plans(plan_runs):
    found = {row["test"] for name in PLANS for row in rows_of(plan_runs(name))}
    assert found == set(KINDS)
