"""Stocks, growth, staff and plans written out year by year, on parameters among which none is neutral."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr
from generic_world import YEARS, births, by, generic, people, plain, total
from hypothesis import given, settings
from hypothesis import strategies as st
from sampling import examples

from sim.catalogue.programmes import PROGRAMMES, WITH_CLIENT
from sim.errors import ParameterError
from sim.supply import coverage, facilities, growth, plan_path, stock_flow, stocks, workforce
from sim.supply.growth import Distance, slowing, steps, yearly_growth
from sim.year import DAYS_PER_YEAR

P = generic()
GONE = np.array(YEARS)[:, None] - 2020.0
PEOPLE = people()
N = plain(PEOPLE, "year", "sex", "age")
ALL = N.sum(axis=(1, 2))
YEAR = PEOPLE.year


def same(found: Any, want: Any, *dims: str) -> None:
    np.testing.assert_allclose(plain(found, *dims), want, rtol=1e-10)


def number(value: Any) -> xr.DataArray:
    return xr.DataArray(value)


def yearly(*values: float) -> xr.DataArray:
    return xr.DataArray(list(values), {"year": YEARS[: len(values)]}, ("year",))


def fades(growth_: str, half_life: str) -> np.ndarray:
    decay = np.log(2) / plain(half_life)
    return np.exp(plain(growth_) * (1 - np.exp(-decay * GONE)) / decay)


# --- growth -------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(
    far=st.floats(0.01, 0.5), near=st.floats(0.01, 0.5), away=st.floats(-1, 1), since=st.integers(2019, 2024)
)
def test_a_region_nears_the_nation_by_a_share_of_its_distance(
    far: float, near: float, away: float, since: int
):
    nation, moved = yearly(0.05, 0.04, 0.03, 0.02), yearly(0.0, 0.01, -0.02, 0.01)
    pace, swing = number(0.01), yearly(0.0, 0.002, -0.001, 0.003)
    found = yearly_growth(
        YEAR, nation, pace, swing, Distance(number(near), number(away), since, moved, number(far))
    )
    own, apart = [], away
    for t in range(4):
        g = 0.01 + float(swing[t])
        if YEARS[t] > since:
            g -= near * min(max(apart, -far), far)
            apart += g - float(moved[t])
        own.append(g + float(nation[t]))
    np.testing.assert_allclose(found.transpose("year", ...), own, rtol=1e-12)
    plainly = yearly_growth(YEAR, nation, pace, swing)
    np.testing.assert_allclose(plainly, 0.01 + swing + nation)


@settings(max_examples=25, deadline=None)
@given(top=st.floats(0.5, 2.0), since=st.integers(2019, 2024))
def test_growth_slows_by_the_share_of_the_way_that_is_left(top: float, since: int):
    g, moved = yearly(0.3, 0.25, 0.2, 0.4), yearly(0.0, -0.01, 0.02, 0.01)
    found = slowing(g, number(1.0), number(top), since, moved)
    now, want = 1.0, []
    for t in range(4):
        here = float(g[t])
        if YEARS[t] > since:
            left = max(top - now, 0.0) / (top - 1.0) if top > 1.0 else 0.0
            here *= left
            now *= np.exp(here - float(moved[t]))
        want.append(here)
    np.testing.assert_allclose(found, want, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("form", growth.FORMS)
@pytest.mark.parametrize("own_people", [True, False])
def test_the_form_of_a_trend_by_name(form: str, own_people: bool):
    own = P | {"supply.trend_form": number(form), "supply.beds_density_year": number(2021)}
    mine = PEOPLE.sum(("sex", "age")) if own_people else None
    found = growth.growth_of("beds", YEAR, own, mine)
    parts = {
        k: P[f"supply.beds_{k}"]
        for k in ("growth", "density", "ceiling", "pace", "swing", "relative", "farthest")
    }
    nations = steps(P["supply.nation_people"])
    nation = slowing(parts["growth"], parts["density"], parts["ceiling"], 2021, nations)
    want = plain(nation, "year")
    if form != "nation":
        moved = 0.0 * nation if mine is None else steps(mine) - nations
        away = None
        if form == "nearing":
            away = Distance(P["supply.nearing"], parts["relative"], 2020, moved, parts["farthest"])
        want = plain(yearly_growth(YEAR, nation, parts["pace"], parts["swing"], away), "year")
    same(found, want, "year")
    late = growth.nation_growth("beds", YEAR, own | {"supply.beds_density_year": number(2010)})
    same(
        late,
        plain(slowing(parts["growth"], parts["density"], parts["ceiling"], 2020, nations), "year"),
        "year",
    )


def test_steps_are_logs_from_the_year_before():
    found = steps(yearly(100.0, 110.0, 99.0, 99.0))
    np.testing.assert_allclose(found, [0, np.log(1.1), np.log(0.9), 0], atol=1e-12)


# --- stocks -------------------------------------------------------------------------------------


def known(*values: float) -> xr.DataArray:
    """Counts per head to some year; the last one after it, which nobody reads."""
    array = xr.DataArray([*values, *values[-1:] * (4 - len(values))], {"year": YEARS}, ("year",))
    return array.assign_coords(known_to=YEARS[len(values) - 1])


def test_a_stock_is_counted_then_grows_from_its_newest_count():
    one = PEOPLE.isel(draw=0, drop=True)
    n = one.sum(("sex", "age")).values
    rise = yearly(0.9, 0.1, 0.2, 0.3)
    found = stocks.paced(one, number(0.01), rise)
    np.testing.assert_allclose(found, n[0] * 0.01 * np.exp([0, 0.1, 0.3, 0.6]), rtol=1e-12)
    found = stocks.paced(one, known(0.01, 0.02), rise)
    np.testing.assert_allclose(
        found, [n[0] * 0.01, n[1] * 0.02, *(n[1] * 0.02 * np.exp([0.2, 0.5]))], rtol=1e-12
    )
    found = stocks.projected(one, known(0.01, 0.02), number(0.1), number(3.0), first_age=60)
    old = one.sel(age=slice(60, 100)).sum(("sex", "age")).values
    decay = np.log(2) / 3
    index = np.exp(0.1 * (1 - np.exp(-decay * np.arange(4))) / decay)
    want = [old[0] * 0.01, old[1] * 0.02, *(old[1] * 0.02 * index[2:] / index[1])]
    np.testing.assert_allclose(found, want, rtol=1e-12)
    assert stocks.newest(known(0.01, 0.02), one.year) == 2021
    assert stocks.newest(number(0.01), one.year) == 2020
    assert stocks.newest(number(0.01).assign_coords(known_to=2015), one.year) == 2020
    counted = stocks.counted(one.sum(("sex", "age")), known(0.01, 0.02))
    np.testing.assert_array_equal(np.isnan(counted), [False, False, True, True])
    with pytest.raises(ParameterError, match="base"):
        stocks.projected(one, number(-0.01), number(0.0), number(1.0))
    with pytest.raises(ParameterError, match="base"):
        stocks.paced(one, number(-0.01), rise)


def test_beds_slots_and_vehicles():
    own = P | {"supply.trend_form": number("pace")}
    beds = facilities.beds(PEOPLE, own)
    rise = plain(growth.growth_of("beds", YEAR, own), "year")
    rise[0] = 0.0
    all_ = ALL[0] * plain("supply.beds_base") * np.exp(np.cumsum(rise, axis=0))
    same(beds["total"], all_, "year")
    primary, private = (all_ * plain(f"supply.{k}_bed_share") for k in ("primary", "private"))
    same(beds["primary"], primary, "year")
    same(beds["private"], private, "year")
    same(beds["public"], all_ - private, "year")
    city = np.maximum(all_ - private - primary, 0) * plain("inpatient.city_share_of_public")
    same(beds["city_public"], city, "year")
    same(beds["county_primary"], all_ - private - city, "year")
    flat = ALL[0] * np.ones((4, 1))
    same(beds["infectious"], flat * plain("supply.infectious_beds_base"), "year")
    icu = ALL[0] * plain("supply.icu_beds_base") * fades("supply.icu_growth", "supply.beds_half_life")
    same(beds["icu"], icu, "year")
    same(facilities.ambulances(PEOPLE, P), flat * plain("supply.ambulances_base"), "year")
    slots = ALL[0] * plain("supply.childcare_slots_base")
    slots = slots * fades("supply.childcare_slots_growth", "supply.childcare_half_life")
    same(facilities.childcare_slots(PEOPLE, P), slots, "year")
    care = N[0, :, 60:].sum(axis=(0, 1)) * plain("supply.care_beds_base")
    care = care * fades("supply.care_beds_growth", "supply.beds_half_life")
    found = facilities.care_beds(PEOPLE, P)
    homes = care * plain("supply.institution_share_of_care_beds")
    same(found["total"], care, "year")
    same(found["institution"], homes, "year")
    same(found["nursing_type"], homes * plain("supply.nursing_type_share", "year"), "year")
    born = births()
    newborn = plain(born, "year", "sex")[0].sum(axis=0) * plain("supply.newborn_beds_base")
    newborn = newborn * fades("supply.newborn_beds_growth", "supply.beds_half_life")
    same(facilities.newborn_beds(born, P), newborn, "year")
    days, stock = by("level", "tertiary", "secondary", "primary"), by("bed_group", "total", "primary", "icu")
    use = facilities.occupancy(days, stock, P)
    d, s = plain(days, "year", "level"), plain(stock, "year", "bed_group")
    for name, part, i in (("total", d.sum(axis=1), 0), ("primary", d[:, 2], 1)):
        want = part / (s[:, i] * plain("inpatient.open_share") * DAYS_PER_YEAR)
        same(use.sel(bed_group=name), want, "year")


# --- programmes ---------------------------------------------------------------------------------

STAFF = {
    c: total(20 + i, 5e3) for i, c in enumerate(("gps", "nurses", "public_health_staff", "village_doctors"))
}
STAFF["doctors"] = STAFF["gps"] + total(30, 9e3)


def hours() -> np.ndarray:
    cadres = [str(c) for c in P["coverage.programme_time"].programme_cadre.values]
    time = plain("coverage.primary_share", "programme_cadre") * plain(
        "coverage.programme_time", "programme_cadre"
    )
    posts = {k: plain(v, "year") for k, v in STAFF.items()}
    posts["other_doctors"] = posts["doctors"] - posts["gps"]
    full = sum(posts[c] * time[i] for i, c in enumerate(cadres))
    return full * plain("workforce.available_hours") * plain("coverage.programme_part")


def test_hours_for_programmes():
    same(coverage.programme_hours(STAFF, P), hours(), "year")
    fewer = STAFF | {"doctors": STAFF["gps"] * 0.5}
    none = STAFF | {"doctors": STAFF["gps"]}
    same(coverage.programme_hours(fewer, P), plain(coverage.programme_hours(none, P), "year"), "year")


NEED = by("programme", *PROGRAMMES, seed=40, size=2e4)
DOCTORS = total(41, 2e3)
PLACES = {"most": total(42, 3e3), "enrolled": total(43, 3e3)}


@pytest.mark.parametrize("method", coverage.METHODS)
@pytest.mark.parametrize("plenty", [0.3, 30.0])
def test_who_is_covered_by_each_limit(method: str, plenty: float):
    own = P | {"coverage.method": number(method)}
    covered = 1 - P["coverage.uncovered"]
    need = plain(NEED, "year", "programme")
    names = list(PROGRAMMES)
    each = P["workforce.management_hours"]
    in_use = sum(
        need[:, names.index(r.id)]
        * plain(covered.sel(programme=r.id, drop=True))
        * plain(each.sel(client=r.client, drop=True))
        for r in WITH_CLIENT
    )
    there = total(44, 1.0) * xr.DataArray(in_use * plenty, {"year": YEARS, "draw": [0, 1]}, ("year", "draw"))
    capacity, reached, used = coverage.managed_available(NEED, there, DOCTORS, PLACES, own)
    same(used, in_use, "year")
    room = plain(there, "year") / in_use
    if method == "calibrated":
        room = room / room[:1] / plain("coverage.hours_in_use")
    same(coverage.room(there, used, own), room, "year")
    growth_ = fades("coverage.donations_growth", "supply.staff_half_life")
    visits = plain(DOCTORS, "year") * plain("coverage.tcm_in_primary") * plain("workforce.available_hours")
    minutes = plain(P["workforce.minutes_per_visit"].sel(level="primary", drop=True))
    visits = visits * plain("workforce.patient_share") * 60 / minutes
    for i, (name, row) in enumerate(PROGRAMMES.items()):
        n = need[:, i]
        share = plain(covered.sel(programme=name, drop=True)) if name in covered.programme.values else None
        if row.limit == "donors":
            most = here = n * plain("coverage.donations_per_donor_age") * growth_
        elif row.limit == "tcm_doctors":
            most = here = visits
        elif row.limit == "slots":
            most = plain(PLACES["most"], "year")
            here = np.minimum(plain(PLACES["enrolled"], "year"), most)
        elif row.limit == "hours":
            most, here = n * np.minimum(share * room, 1), n * share * np.minimum(room, 1)
        else:
            closing = plain(P["coverage.gap_closing"].sel(programme=name, drop=True))
            most = here = n * (1 - (1 - share) * np.exp(-closing * GONE))
        same(capacity[name], most, "year")
        same(reached[name], here, "year")


def test_no_room_is_made_of_no_hours_or_of_nobody():
    one, none = yearly(1.0, 2.0, 0.5, 1.0), yearly(0.0, 1.0, 1.0, 0.0)
    wisn = {"coverage.method": number("wisn"), "coverage.hours_in_use": number(0.8)}
    np.testing.assert_allclose(coverage.room(one, none, wisn), [0, 2, 0.5, 0])
    index = wisn | {"coverage.method": number("calibrated")}
    np.testing.assert_allclose(coverage.room(one, one, index), 1.25)
    np.testing.assert_allclose(coverage.room(none, one, index), 0.0)  # none to begin with
    tiny = yearly(0.5, 0.5, 0.25, 0.5)  # below one hour, above none
    np.testing.assert_allclose(coverage.room(one, tiny, wisn), [2, 4, 2, 2])
    with pytest.raises(ParameterError, match=r"coverage\.method"):
        coverage.room(one, one, wisn | {"coverage.method": number("guess")})
    with pytest.raises(ParameterError, match="covered"):
        coverage.hours_in_use(NEED, 1.5 + 0.0 * P["coverage.uncovered"], P)


# --- staff --------------------------------------------------------------------------------------

FIRST = 40  # first age of the made table
AGES = np.arange(FIRST, FIRST + 30)


def flow(seed: int, **changes: Any) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    entry = rng.uniform(0, 1, (2, 2, 30)) * (AGES < 50)
    retirement = np.array([[55.0, 60.0], [55.25, 60.25], [55.5, 60.5], [56.0, 61.0], [56.0, 61.5]])
    return {
        "start": rng.uniform(1, 9, (2, 2, 30, 2)) * (AGES < 68)[:, None],
        "growth": rng.uniform(-0.02, 0.08, (2, 2)),
        "half_life": np.array([3.0, 5.0]),
        "attrition": rng.uniform(0.0, 0.05, (2, 2)),
        "stay": rng.uniform(0.2, 0.8, (2, 2)),
        "leave": np.array([0.1, 0.3]),
        "retirement": retirement,
        "entry": entry / entry.sum(axis=(1, 2), keepdims=True),
        "ages": AGES,
        "multiplicative": False,
    } | changes


def by_people(i: dict[str, Any], c: int, d: int) -> dict[str, list[float]]:
    """One cadre and draw, each age and sex by itself."""
    flag = {k: bool(np.broadcast_to(i.get(k, False), 2)[c]) for k in ("multiplicative", "exact", "net")}
    goal = i.get("goal")

    def at_work(year: int, s: int, age: float) -> float:
        retired = i["retirement"][year, s]
        below = min(max(retired - age, 0.0), 1.0)
        return below + (1 - below) * i["stay"][c, d] * np.exp(-i["leave"][d] * max(age - retired, 0.0))

    def older(staff: np.ndarray, year: int, before: int) -> np.ndarray:
        later = np.zeros_like(staff)
        for s in range(2):
            for a in range(29):
                then, now = at_work(before, s, AGES[a]), at_work(year, s, AGES[a + 1])
                share = min(now / then, 1.0) if then > 0 else 0.0
                later[s, a + 1] = staff[s, a] * share * (1 - i["attrition"][c, d])
        return later

    staff = i["start"][c, :, :, d].copy()
    still = staff.copy()  # had the retirement age not moved
    first = staff.sum()
    leaving = 1 - older(staff, 0, 0).sum() / first if first > 0 else 0.0
    out = {"headcount": [first], "entrants": [0.0], "leavers": [0.0]}
    for t in range(1, len(i["retirement"])):
        before = staff.sum()
        fade = 2.0 ** (-(t - 0.5) / i["half_life"][d])
        g = i["growth"][c, d] * fade
        want = (leaving + g) * (before if flag["multiplicative"] else min(first, before))
        there = older(staff, t, t - 1)
        unmoved = older(still, 0, 0)
        count = None if goal is None or np.isnan(goal[t, c, d]) else goal[t, c, d]
        if flag["net"]:
            grown = still.sum() * (1 + g)
            want = grown - unmoved.sum()
            if count is None and grown < unmoved.sum():
                there, unmoved = (x * max(grown, 0) / max(unmoved.sum(), 1e-300) for x in (there, unmoved))
        if count is not None:
            want = count - there.sum()
            if flag["exact"] and count < there.sum():
                there = there * max(count, 0) / there.sum()
        enter = max(want, 0.0)
        out["entrants"].append(enter)
        out["leavers"].append(max(before - there.sum(), 0.0))
        staff = there + enter * i["entry"][c]
        still = staff.copy() if count is not None else unmoved + enter * i["entry"][c]
        out["headcount"].append(staff.sum())
    return out


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 999),
    multiplicative=st.booleans(),
    net=st.booleans(),
    exact=st.booleans(),
    counted=st.sampled_from(["none", "more", "fewer", "later", "nobody"]),
)
def test_staff_age_leave_retire_and_enter(
    seed: int, multiplicative: bool, net: bool, exact: bool, counted: str
):
    i = flow(
        seed,
        multiplicative=np.array([multiplicative, not multiplicative]),
        net=np.array([net, False]),
        exact=exact,
    )
    if counted != "none":
        goal = np.full((5, 2, 2), np.nan)
        at = 3 if counted == "later" else 1
        goal[at] = (
            i["start"].sum(axis=(1, 2)) * {"more": 1.2, "fewer": 0.6, "later": 0.9, "nobody": 0.0}[counted]
        )
        i["goal"] = goal
    found = stock_flow.run_stock_flow(**i)
    for c in range(2):
        for d in range(2):
            for name, want in by_people(i, c, d).items():
                np.testing.assert_allclose(
                    getattr(found, name)[:, c, d], want, rtol=1e-9, atol=1e-9, err_msg=name
                )


def test_a_shrinking_net_stock_lets_people_go_and_one_of_nobody_stays():
    found = stock_flow.run_stock_flow(**flow(1, growth=np.full((2, 2), -0.5), net=True))
    want = by_people(flow(1, growth=np.full((2, 2), -0.5), net=True), 0, 0)
    np.testing.assert_allclose(found.headcount[:, 0, 0], want["headcount"], rtol=1e-9)
    i = flow(1)
    none = stock_flow.run_stock_flow(**(i | {"start": i["start"] * 0}))
    assert not none.headcount.any()
    assert not none.entrants.any()


def test_a_count_of_nobody_leaves_nobody():
    gone = np.full((5, 2, 2), np.nan)
    gone[2] = 0.0
    done = stock_flow.run_stock_flow(**flow(1, goal=gone, exact=True))
    assert not done.headcount[2].any()
    np.testing.assert_allclose(done.leavers[2], done.headcount[1])
    part = stock_flow.run_stock_flow(**flow(1, goal=gone + 0.25, exact=True))
    np.testing.assert_allclose(part.headcount[2], 0.25)


def test_growth_fades_in_the_middle_of_each_year_by_its_own_half_life():
    middle = np.arange(4) - 0.5
    np.testing.assert_allclose(
        stock_flow._fading(np.array([2.0, 4.0]), 4), 2.0 ** (-middle[:, None] / [2, 4])
    )
    flat = np.full((4, 1, 2), 3.0)
    np.testing.assert_allclose(stock_flow._fading(flat, 4)[:, 0], 2.0 ** (-middle[:, None] / 3 * np.ones(2)))
    own = np.array([2.0, 1.0, 4.0, 8.0])[:, None, None] * np.ones((4, 1, 2))
    halved = [None, 0.5 / 1, 1.0 + 0.5 / 4, 1.25 + 0.5 / 8]
    found = stock_flow._fading(own, 4)[:, 0, 0]
    np.testing.assert_allclose(found[1:], [2.0**-h for h in halved[1:] if h is not None])


def test_cadres_are_taken_so_many_at_a_time_and_each_once():
    for cadres, numbers in ((12, 10), (12, 98_304), (12, 40_000), (3, 10**7), (1, 1)):
        cuts = stock_flow._some_at_a_time(cadres, numbers)
        assert [k for c in cuts for k in range(c.start, c.stop)] == list(range(cadres))
        assert len(cuts) == min(cadres, int(np.ceil(cadres * numbers / 98_304)))


@pytest.mark.parametrize(
    ("name", "factor"),
    [
        ("start", -1),
        ("attrition", 99),
        ("stay", 9),
        ("leave", -1),
        ("retirement", 0),
        ("entry", 2),
        ("half_life", 0),
        ("growth", np.nan),
    ],
)
def test_what_no_staff_can_be_is_refused(name: str, factor: float):
    i = flow(1)
    with pytest.raises(ParameterError, match=name):
        stock_flow.run_stock_flow(**(i | {name: i[name] * factor}))


def test_an_inflow_reaches_a_target_in_either_form():
    for base, target, years, leave in ((100.0, 150.0, 5, 0.1), (0.0, 30.0, 3, 0.2), (100.0, 80.0, 4, 0.0)):
        k, stock = workforce.yearly_inflow(base, target, years, leave), base
        for _ in range(years):
            stock = stock * (1 - leave) + k
        assert stock == pytest.approx(target)
    assert workforce.yearly_inflow(100.0, 121.0, 2, 0.3, "multiplicative") == pytest.approx(0.1)
    with pytest.raises(ParameterError, match="from a stock of 0"):
        workforce.yearly_inflow(0.0, 5.0, 2, 0.1, "multiplicative")
    assert workforce.yearly_inflow(0.5, 1.0, 1, 0.1, "multiplicative") == pytest.approx(1.0)
    for bad in ((-1.0, 5.0, 2, 0.1), (1.0, -5.0, 2, 0.1), (1.0, 5.0, 0, 0.1), (1.0, 5.0, 2, 1.1)):
        with pytest.raises(ParameterError):
            workforce.yearly_inflow(*bad)
    with pytest.raises(ParameterError, match="form"):
        workforce.yearly_inflow(1.0, 5.0, 2, 0.1, "guess")


def test_ages_lean_by_the_tilt_and_entrants_come_around_their_age():
    tables = P | {"workforce.age_tilt": number(0.3)}
    share = P["workforce.age_share"].isel(draw=0, drop=True)
    tables["workforce.age_share"] = share
    tables |= {
        f"workforce.{k}": P[f"workforce.{k}"].isel(draw=0, drop=True)
        for k in ("female_share", "female_entrants")
    }
    ages = workforce.working_ages(tables)
    some = share.age.values[(share.values > 0).any(axis=share.dims.index("cadre"))]
    np.testing.assert_array_equal(ages, np.arange(some[0], some[-1] + 1))
    (found,) = workforce.age_profile(tables, ["nurses"], 1)
    own = share.sel(cadre="nurses", age=ages).values * np.exp(0.3 * (ages - ages[0]) / 10)
    women = float(tables["workforce.female_share"].sel(cadre="nurses"))
    np.testing.assert_allclose(found[0, :, 0], women * own / own.sum())
    np.testing.assert_allclose(found[1, :, 0], (1 - women) * own / own.sum())
    tables |= {
        "workforce.entry_width": number(2.0),
        "workforce.entry_age": 0 * tables["workforce.female_share"] + 30.0,
    }
    (entry,) = workforce.entry_profile(tables, ["nurses"])
    women = float(tables["workforce.female_entrants"].sel(cadre="nurses"))
    near = np.abs(ages - 30) <= 2
    np.testing.assert_allclose(entry[0], women * near / 5)
    np.testing.assert_allclose(entry[1], (1 - women) * near / 5)


def test_a_part_of_a_cadre_leaves_as_the_whole_does():
    def path(*values: float) -> xr.DataArray:
        return xr.DataArray(
            [[list(values)]], {"cadre": ["doctors"], "draw": [0], "year": YEARS}, ("cadre", "draw", "year")
        )

    whole = {
        "headcount": path(100, 110, 104, 130),
        "entrants": path(0, 15, 0, 30),
        "leavers": path(0, 5, 6, 4),
    }
    share = yearly(0.5, 0.6, 0.4, 0.5)
    done = workforce._with_part(
        {k: v.transpose("year", "cadre", "draw") for k, v in whole.items()}, "part", "doctors", share
    )
    head = [50, 66, 41.6, 65]
    leave = [0, 3, 2.4, 2]
    change = [0, 16, -24.4, 23.4]
    enter = [max(c + out, 0) for c, out in zip(change, leave, strict=True)]
    found = {k: v.sel(cadre="part").values[:, 0] for k, v in done.items()}
    np.testing.assert_allclose(found["headcount"], head)
    np.testing.assert_allclose(found["entrants"], enter)
    np.testing.assert_allclose(found["leavers"], [e - c for e, c in zip(enter, change, strict=True)])


def test_staff_are_counted_per_head_of_whom_they_serve():
    found = workforce.counted_staff(PEOPLE, P)
    rural = ALL * (1 - plain("population.urban_share", "year"))
    for cadre, served in {
        "nurses": ALL,
        "village_doctors": rural,
        "care_workers": N[:, :, 60:].sum(axis=(1, 2)),
    }.items():
        first = plain(found.sel(cadre=cadre), "year")[0]
        np.testing.assert_allclose(first, served[0] * plain(f"supply.{cadre}_base"))


# --- plans --------------------------------------------------------------------------------------

RUN = np.arange(2020.0, 2031.0)


@settings(max_examples=examples(60), deadline=None)
@given(
    due=st.integers(2018, 2034),
    since=st.integers(2017, 2032),
    after=st.sampled_from(["hold_ratio", "hold_count", "trend"]),
    known_trend=st.booleans(),
)
def test_a_plan_is_trend_then_straight_then_what_follows(due: int, since: int, after: str, known_trend: bool):
    goal = (100 + 3 * np.arange(11.0))[:, None] * np.array([1.0, 1.1])
    trend = (60 + 2 * np.arange(11.0) ** 1.2)[:, None] * np.array([1.0, 0.9])
    found = plan_path.plan_path(RUN, goal, due, trend if known_trend else None, after, since)
    base = since if 2020 < since < due and since <= 2030 else 2020
    last = min(due, 2030)
    want = np.full_like(goal, np.nan)
    for t, year in enumerate(RUN):
        if due <= 2020:
            at = 0
        at = int(last - 2020) if due > 2020 else 0
        if year < due and due > 2020:
            if not known_trend:
                want[t] = np.nan
            elif year < base:
                want[t] = trend[t]
            else:
                weight = (year - base) / (due - base)
                want[t] = trend[int(base - 2020)] * (1 - weight) + goal[at] * weight
        elif due > 2030:
            want[t] = goal[t]
        elif t <= at:
            want[t] = goal[t]
        elif after == "hold_count":
            want[t] = goal[at]
        elif after == "trend" and known_trend:
            want[t] = goal[at] + trend[t] - trend[at]
        else:
            want[t] = goal[t]
    if due < 2020:  # a target of before the run holds from its first year
        want[0] = goal[0]
    np.testing.assert_allclose(found, want, rtol=1e-12)


def groups(**values: float) -> dict[str, xr.DataArray]:
    return {
        k: xr.DataArray([[v, 2 * v]] * 2, {"year": [2020, 2021], "draw": [0, 1]}, ("year", "draw"))
        for k, v in values.items()
    }


def one(found: dict[str, xr.DataArray]) -> dict[str, float]:
    return {k: float(v[0, 0]) for k, v in found.items()}


TREND = {
    "total": 100.0,
    "tertiary": 30.0,
    "secondary": 50.0,
    "primary": 20.0,
    "public": 70.0,
    "private": 30.0,
    "icu": 3.0,
}


def agreed(stated: dict[str, float]) -> dict[str, float]:
    from sim.groups import stacked

    trend = stacked("bed_group", groups(**TREND))
    return one(plan_path.as_one("beds", groups(**(TREND | stated)), trend, set(stated)))


def test_parts_of_all_beds_keep_their_share_and_owners_add_up():
    assert agreed({}) == TREND
    more = agreed({"total": 120.0})
    assert more == pytest.approx({k: v * 1.2 for k, v in TREND.items()} | {"icu": 3.0})
    stated = agreed({"total": 120.0, "primary": 50.0})
    assert (stated["primary"], stated["secondary"]) == (50.0, pytest.approx(60.0))
    both = agreed({"public": 80.0, "private": 40.0})
    assert both["total"] == 120.0
    left = agreed({"total": 120.0, "private": 40.0})
    assert (left["private"], left["public"], left["total"]) == pytest.approx((40.0, 80.0, 120.0))
    over = agreed({"total": 120.0, "private": 150.0})
    assert (over["private"], over["public"]) == (120.0, 0.0)
    apart = agreed({"total": 120.0, "public": 100.0, "private": 50.0})
    assert (apart["public"], apart["private"]) == pytest.approx((80.0, 40.0))
    alone = agreed({"private": 40.0})
    assert (alone["total"], alone["public"]) == pytest.approx((110.0, 70.0))
    none = agreed({"total": 120.0, "public": 0.0, "private": 0.0})
    assert (none["public"], none["private"]) == (60.0, 60.0)
    assert plan_path.as_one("beds", groups(icu=1.0), None, {"icu"})["icu"][0, 0] == 1.0


def test_who_is_free_shares_what_is_left_as_their_trend_does():
    whole, left = groups(x=100.0)["x"], groups(x=30.0)["x"]
    parts = groups(a=10.0, b=20.0, c=5.0)
    found = one(plan_path._shared(parts, ["a", "b"], left, whole, ["c"]))
    assert found == pytest.approx({"a": 10.0, "b": 20.0, "c": 70.0})
    found = one(plan_path._shared(parts, [], left, whole, ["b", "c"]))
    assert found == pytest.approx({"b": 80.0, "c": 20.0})
    few = one(plan_path._shared(groups(a=0.1, b=0.3, c=5.0), ["a", "b"], left, whole, ["c"]))
    assert few == pytest.approx({"a": 7.5, "b": 22.5, "c": 70.0})  # of less than one as of more
    empty = one(plan_path._shared(groups(a=0.0, b=0.0, c=5.0), ["a", "b"], left, whole, ["c"]))
    assert empty == pytest.approx({"a": 15.0, "b": 15.0, "c": 70.0})
    assert one({"x": plan_path._sum(parts, ["a", "b", "c"])}) == {"x": 35.0}
