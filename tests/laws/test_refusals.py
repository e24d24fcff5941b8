"""What every public function refuses, with the name, the label and the value it says.

One row for each kind of wrong argument: dims, order of ages, units (per 1000, per cent), numbers that
are none, values out of range. A function that takes one of these gives a wrong number in silence.
"""

import numpy as np
import pytest
import xarray as xr
from stage_chain import STAGES, inputs, params

from sim.adequacy.gap import compare, quantiles
from sim.adequacy.verdict import Thresholds, judge
from sim.agegroups import split_groups
from sim.burden import dependency, outcomes, summary, utilisation
from sim.demand import childcare, elderly_care, emergency, inpatient, maternity, outpatient, programmes
from sim.demand import workforce as staff_demand
from sim.demography import arriaga, base_population, calibrate, census_base, goal, migration, past
from sim.demography.ccmpp import project_cohorts
from sim.demography.fertility import over_years, tfr_path
from sim.demography.kernel import project_block
from sim.demography.mortality import shift_to_e0, solve_shift
from sim.demography.parity import conditional_hazards, progression_ratios, project_parity
from sim.demography.policy import Policy
from sim.errors import ParameterError, SchemaError
from sim.hospital import arrivals, erlang, statistics, stays
from sim.lifetable import (
    ax_by_rule,
    e0_variance,
    infant_ax,
    life_columns,
    life_expectancy,
    life_table,
    lx_to_qx,
    mx_to_qx,
    qx_to_lx,
    qx_to_mx,
    survival_ratios,
    table_columns,
)
from sim.schema import SEXES
from sim.supply import coverage, stocks, workforce
from sim.trend import fading_growth

NAN, INF = float("nan"), float("inf")
AGE = np.arange(101)
SEX = list(SEXES)


def schedule(**changes):
    """Death rates by single age with some ages changed: _37=value."""
    mx = xr.DataArray(np.minimum(5e-5 * np.exp(0.09 * AGE) + 2e-4, 0.7), {"age": AGE}, ("age",))
    for key, value in changes.items():
        mx.loc[{"age": int(key[1:])}] = value
    return mx


def both(**changes):
    return xr.concat([schedule(), schedule(**changes)], xr.DataArray(SEX, dims="sex"))


def abridged():
    age = [0, 1, *range(5, 90, 5)]
    rates = [0.01, 0.0008, *np.minimum(4e-4 * np.exp(0.09 * (np.array(age[2:]) - 5)), 0.2)]
    return xr.DataArray(rates, {"age": age}, ("age",))


def ax_of(mx, **changes):
    years = xr.full_like(mx, 0.5)
    for key, value in changes.items():
        years.loc[{"age": int(key[1:])}] = value
    return years


def table(mx, **more):
    return life_table(mx, **({"sex": "female"} | more))


LIFE_TABLES = (
    (lambda: table(schedule()[::-1]), "mx: age . 99 follows 100 . rising labels"),
    (lambda: table(schedule().sel(age=sorted(AGE, key=str))), "mx: age . 11 follows 100"),
    (lambda: table(xr.concat([schedule(), schedule()[[5]]], "age")), "mx: age . 5 stands 2 times"),
    (lambda: table(schedule().drop_sel(age=37)), "mx: age . 38 follows 36: 2 years between narrower groups"),
    (lambda: table(schedule().drop_sel(age=99)), "mx: age . 100 follows 98"),
    (lambda: table(abridged().drop_sel(age=40)), "mx: age . 45 follows 35: 10 years"),
    (lambda: table(schedule().assign_coords(age=[str(a) for a in AGE])), "mx: age . label '0'"),
    (lambda: table(schedule().assign_coords(age=AGE + 0.0).where(AGE >= 0)[:1]), "fewer than two age groups"),
    (lambda: table(schedule(), n=5), "mx: age . n = 5, but ages 0 and 1 are 1 apart"),
    (lambda: table(abridged(), n=5), "n = 5, but ages 0 and 1 are 1 apart"),
    (lambda: table(schedule(), n=[1, 1]), r"n . \[1, 1\] for 101 age groups"),
    (lambda: table(schedule(), n=0), r"n . \[0\] for 101"),
    (lambda: table(schedule(), n=NAN), r"n . \[nan\]"),
    (lambda: table(schedule(), n=-1), r"n . \[-1\]"),
    (lambda: table(schedule().drop_vars("age")), "n . not given, and age has no labels"),
    (lambda: table(schedule(_37=-0.001)), "mx: age=37 . negative: -0.001"),
    (lambda: table(schedule(_40=NAN)), "mx: age=40 . not finite: nan"),
    (lambda: table(schedule(_41=INF)), "mx: age=41 . not finite: inf"),
    (lambda: table(schedule(_50=3.0)), "mx: age=50 . gives qx > 1: 3"),
    (lambda: table(schedule(_100=0.0)), "mx: age=100 . zero in the open group"),
    (lambda: table(schedule(_100=350.0)), "mx: age=100 .* 350 . per person-year, not per 1000"),
    (lambda: table(1000 * schedule()), "per person-year"),
    (lambda: life_table(both(_12=NAN)), "mx: age=12, sex=male . not finite"),
    (
        lambda: life_table(both(_12=-1.0).expand_dims(year=[2020, 2021])),
        "mx: year=2020, age=12, sex=male . negative: -1",
    ),
    (lambda: life_table(both(), sex="female"), "sex . 'female' beside mx's own dim"),
    (
        lambda: life_table(both().sel(sex="male"), sex="female"),
        "sex . 'female', but mx are rates of sex=male",
    ),
    (lambda: life_table(schedule()), "sex . not given"),
    (lambda: life_table(both().drop_vars("sex")), "mx: sex . has no labels"),
    (lambda: table(schedule(), sex="women"), "'women' unknown"),
    (lambda: table(schedule(), ax="keyfitz"), "rule 'keyfitz' unknown"),
    (lambda: table(schedule(), ax="greville"), "'greville' with other groups"),
    (lambda: table(abridged()[2:], ax="greville"), "'greville' from age 5 on"),
    (lambda: table(schedule(), ax=ax_of(schedule(), _37=NAN)), "ax: age=37 . not finite"),
    (lambda: table(schedule(), ax=ax_of(schedule(), _37=INF)), "ax: age=37 . not finite"),
    (lambda: table(schedule(), ax=ax_of(schedule(), _37=-0.1)), "ax: age=37 . negative: -0.1"),
    (lambda: table(schedule(), ax=ax_of(schedule(), _37=1.1)), "ax: age=37 . above the width n: 1.1"),
    (lambda: table(schedule(), ax=ax_of(schedule()).drop_sel(age=60)), r"ax: age . without \[60\]"),
    (lambda: table(schedule(), ax=xr.DataArray(0.5)), r"ax . dims \(\) without \['age'\]"),
    (lambda: table(schedule(), radix=0.0), "radix . not above 0"),
    (lambda: table(schedule(), radix=NAN), "radix . not finite"),
    (lambda: table(schedule().rename(age="x")), r"mx . dims \('x',\) without \['age'\]"),
    (lambda: table_columns(np.ones(3), np.ones(2), np.ones(3)), "shapes"),
    (lambda: table_columns(np.array([0.1, -0.1, 1]), np.full(3, 0.5), np.ones(3)), "mx: age=1 . negative"),
    (lambda: table_columns(np.array([0.1, 0.1, 1]), np.full(3, NAN), np.ones(3)), "ax: age=0 . not finite"),
    (
        lambda: table_columns(np.array([0.1, 3.0, 1]), np.full(3, 0.5), np.ones(3)),
        "mx: age=1 . gives qx > 1: 3",
    ),
    (lambda: life_expectancy(schedule(_37=NAN).values, "female"), "mx: age=37 . not finite"),
    (lambda: life_expectancy(schedule(_37=-1).values, "female"), "mx: age=37 . negative: -1"),
    (lambda: life_expectancy(schedule(_37=3).values, "female"), "gives qx > 1 at age 37"),
    (lambda: life_expectancy(schedule().values, "female", "greville"), "'greville' with single ages"),
    (lambda: life_columns(schedule()), r"mx . dims \('age',\) without \['sex'\]"),
    (lambda: life_columns(both().drop_sel(age=50)), "mx: age . 51 where 50 is due"),
    (lambda: life_columns(both(_37=NAN)), "mx: age=37 . not finite"),
    (lambda: life_columns(both(_100=0.0)), "zero in the open group"),
    (lambda: infant_ax(np.array([-0.1]), "male"), "m0: axis 0=0 . negative"),
    (lambda: ax_by_rule(np.array([0.1, NAN]), np.ones(2), "male"), "mx: age=1 . not finite"),
    (lambda: mx_to_qx(np.array([0.1, NAN]), np.array([0.5, 0.5])), "mx: axis 0=1 . not finite"),
    (lambda: mx_to_qx(np.array([-0.1]), np.array([0.5])), "mx: .* negative: -0.1"),
    (lambda: mx_to_qx(np.array([0.1]), np.array([NAN])), "ax: .* not finite"),
    (lambda: mx_to_qx(np.array([0.1]), np.array([1.5])), "ax: .* above the width n: 1.5"),
    (lambda: mx_to_qx(np.array([3.0]), np.array([0.5])), "qx: .* above 1: 1.2"),
    (lambda: mx_to_qx(np.array([0.1]), np.array([0.5]), 0.0), "n . not above 0"),
    (lambda: qx_to_mx(np.array([1.1]), np.array([0.5])), "qx: .* above 1: 1.1"),
    (lambda: qx_to_mx(np.array([NAN]), np.array([0.5])), "qx: .* not finite"),
    (lambda: qx_to_mx(np.array([1.0]), np.array([0.0])), "person-years lived"),
    (lambda: qx_to_lx(xr.DataArray([0.1, NAN, 1.0], dims="age")), "qx: age=1 . not finite"),
    (lambda: qx_to_lx(xr.DataArray([0.1, 1.0], {"age": [1, 0]}, ("age",))), "qx: age . 0 follows 1"),
    (lambda: lx_to_qx(xr.DataArray([1.0, 1.1, 0.4], dims="age")), "lx: age=0 . more survivors than"),
    (lambda: lx_to_qx(xr.DataArray([1.0, 0.0], dims="age")), "lx: age=1 . not above 0"),
    (lambda: survival_ratios(np.array([1.0, NAN, 0.5])), "Lx: axis 0=1 . not finite"),
    (lambda: survival_ratios(np.array([1.0, 0.9, 0.5]), n=0), "n . not above 0"),
    (lambda: e0_variance(table(schedule()), schedule().drop_sel(age=37)), r"deaths: age . without \[37\]"),
    (lambda: e0_variance(table(schedule()), schedule(_37=NAN)), "deaths: age=37 . not finite"),
)


def asfr(**changes):
    age = np.arange(15, 50)
    rates = xr.DataArray(0.1 * np.exp(-(((age - 28) / 6.0) ** 2)), {"age": age}, ("age",))
    for key, value in changes.items():
        rates.loc[{"age": int(key[1:])}] = value
    return rates


def people(**changes):
    array = xr.DataArray(np.full((2, 101), 1000.0), {"sex": SEX, "age": AGE}, ("sex", "age"))
    for key, value in changes.items():
        array.loc[{"age": int(key[1:])}] = value
    return array


def cohorts(**changes):
    given = {"population": people(), "mx": both(), "asfr": asfr(), "srb": 1.06} | changes
    return project_cohorts(given.pop("population"), **given)


E0 = xr.DataArray([80.0, 76.0], {"sex": SEX}, ("sex",))
SHARES = np.tile([0.4, 0.3, 0.2, 0.1], (101, 1))
HAZARDS = np.zeros((101, 4))
HAZARDS[20:40] = 0.05
YEARS = np.arange(2020, 2024)


def uptake(**changes):
    given = {"name": "p", "parity": 1, "start": 2021, "quantum": np.array([0.1]), "bulge": 0.0, "peak": 2.0}
    given |= {"ramp": 3.0, "uptake": np.ones(101)}
    return Policy(**(given | changes))


DEMOGRAPHY = (
    (lambda: cohorts(asfr=asfr().drop_sel(age=30)), "asfr: age . no rate at 30"),
    (lambda: cohorts(asfr=asfr().sel(age=slice(15, 44))), "asfr: age . no rate at 45, 46"),
    (lambda: cohorts(asfr=asfr(_30=NAN)), "asfr: age=30 . not finite"),
    (lambda: cohorts(asfr=asfr(_30=-0.1)), "asfr: age=30 . negative"),
    (lambda: cohorts(asfr=1000 * asfr()), "asfr: .* above 1: .* per person-year, not per 1000"),
    (lambda: cohorts(asfr=asfr().isel(age=[0, *range(35)])), "asfr: age . 15 stands 2 times"),
    (lambda: cohorts(mx=1000 * both()), "mx: .* more die than live: .* per person-year, not per 1000"),
    (lambda: cohorts(mx=both(_37=NAN)), "mx: sex=male, age=37 . not finite"),
    (lambda: cohorts(mx=both().drop_sel(age=37)), "mx: age .* differ from the population's"),
    (lambda: cohorts(srb=106.0), "srb . outside .* 106 . males per female birth; 1.06 is meant"),
    (lambda: cohorts(srb=NAN), "srb . outside"),
    (lambda: cohorts(population=people(_37=NAN)), "population: sex=female, age=37 . not finite"),
    (lambda: cohorts(population=people(_37=-5.0)), "population: sex=female, age=37 . negative: -5"),
    (lambda: cohorts(net_migration=people(_37=NAN)), "net_migration: sex=female, age=37 . not finite"),
    (lambda: cohorts(migration="middle"), "migration . 'middle' unknown"),
    (lambda: cohorts(n=0), "n . 0 . a whole number"),
    (
        lambda: shift_to_e0(xr.concat([abridged()] * 2, xr.DataArray(SEX, dims="sex")), E0),
        "mx: age . 5 where 2 is due",
    ),
    (lambda: shift_to_e0(both().drop_sel(age=50), E0), "mx: age . 51 where 50 is due"),
    (lambda: shift_to_e0(both()[:, ::-1], E0), "mx: age . 99 follows 100"),
    (lambda: shift_to_e0(both().drop_vars("age"), E0), "mx: age . has no labels"),
    (lambda: shift_to_e0(both(_37=-1), E0), "mx: sex=male, age=37 . negative"),
    (lambda: shift_to_e0(both(), E0 * NAN), "e0: sex=female . not finite"),
    (lambda: shift_to_e0(both(), E0.sel(sex=["male"])), r"e0: sex . without \['female'\]"),
    (lambda: shift_to_e0(both(), E0 * 2), "160 years is not reached"),
    (lambda: shift_to_e0(both(), E0, "brass"), "'brass' unknown"),
    (
        lambda: shift_to_e0(both(), E0, "lee_carter", improvement=schedule()[:50]),
        "improvement: age . without",
    ),
    (lambda: solve_shift(both().values, np.array([[80.0]])), "shape"),
    (lambda: solve_shift(both().values, np.array([[80.0], [NAN]])), "e0: axis 0=1, axis 1=0 . not finite"),
    (
        lambda: project_block(_base(), mx=_block(both()), asfr=_asfr(NAN), srb=_srb(1.06)),
        "asfr: .* not finite",
    ),
    (
        lambda: project_block(_base(), mx=_block(both(_5=-1)), asfr=_asfr(0.1), srb=_srb(1.06)),
        "sx or mx: .*age=5",
    ),
    (lambda: project_block(_base(), mx=_block(both()), asfr=_asfr(0.1), srb=_srb(-2)), "srb: .* negative"),
    (lambda: conditional_hazards(np.ones((5, 3)), np.ones((5, 4))), "shapes"),
    (
        lambda: conditional_hazards(np.full((101, 4), NAN), SHARES),
        "asfr_by_parity: age=0, parity=0 . not finite",
    ),
    (lambda: project_parity(SHARES, HAZARDS, np.array([[1.5], [NAN]])), "tfr: year=1, draw=0 . not finite"),
    (lambda: project_parity(SHARES, -HAZARDS, np.array([[1.5]])), "hazards: age=20, parity=0 . negative"),
    (lambda: project_parity(SHARES * 0.5, HAZARDS, np.array([[1.5]])), "shares, sum over parity"),
    (lambda: project_parity(SHARES, HAZARDS, np.array([[99.0]])), "women of these parities can have"),
    (lambda: progression_ratios(-HAZARDS), "hazards: .* negative"),
    (lambda: uptake(quantum=np.array([NAN])), "policy p . quantum nan"),
    (lambda: uptake(quantum=np.array([5.0])), "policy p . quantum 5"),
    (lambda: uptake(peak=NAN), "policy p . peak nan"),
    (lambda: uptake(uptake=np.full(101, -1.0)), "policy p: uptake: age=0 . negative"),
    (lambda: uptake(parity=3), "parity 3"),
    (
        lambda: over_years(xr.DataArray([1.0, 2], {"year": [2020, 2021]}, ("year",)), YEARS, 1),
        "years 2020..2021",
    ),
    (lambda: over_years(xr.DataArray([1.0], {"sex": ["male"]}, ("sex",)), YEARS, 1), "dims"),
    (
        lambda: tfr_path({k: xr.DataArray(NAN) for k in _TFR} | _WPP, YEARS, 1),
        "fertility.tfr: year=0, draw=0 . not finite",
    ),
    (
        lambda: tfr_path(_COUNTED | {"fertility.reference_path": xr.DataArray("count")}, YEARS, 1),
        "fertility.reference_path . 'count' unknown",
    ),
    (
        lambda: tfr_path(_COUNTED | {"fertility.marriages": _counted(0.0)}, YEARS, 1),
        "fertility.marriages: axis 0=0 . not above 0",
    ),
    (lambda: migration.rogers_castro(AGE, {"a1": 1.0}), "rogers_castro . parameters"),
    (lambda: migration.rogers_castro(AGE, migration.STANDARD | {"c": NAN}), "not finite"),
    (lambda: migration.profile(np.full((2, 3), NAN), np.ones((2, 3))), "rates below 0 or all 0"),
    (lambda: migration.profile(np.ones((2, 3)), np.ones((2, 4))), "shapes"),
    (
        lambda: migration.net_migrants(_flow(NAN), _flow(1), _flow(1), _flow(1), _flow(1)),
        "level: .* not finite",
    ),
    (
        lambda: migration.net_migrants(_flow(1), _flow(-1), _flow(1), _flow(1), _flow(1)),
        "inflow: .* negative",
    ),
    (lambda: split_groups(np.ones(2), [5, 0], 9, np.ones(10)), r"first ages \[5, 0\]"),
    (lambda: split_groups(np.array([1.0, NAN]), [0, 5], 9, np.ones(10)), "groups: axis 0=1 . not finite"),
    (lambda: base_population.spread_open(-1.0, 5.0, np.ones(101), 85, 5), "total . negative"),
    (lambda: base_population.spread_open(1.0, 5.0, np.ones(50), 85, 5), "start 85, width 5, 50 ages"),
    (lambda: base_population.move_forward(AGE * 1.0, AGE * NAN, 0.2, 1.0), "mx: age=0 . not finite"),
    (lambda: base_population.move_forward(AGE * 1.0, AGE * 0.0, 1.2, 1.0), "part 1.2"),
    (
        lambda: census_base.children_factor(np.ones(10), np.zeros(2), [0, 5], 10),
        "national: group=0 . not above 0",
    ),
    (lambda: census_base.children_factor(np.ones(10), np.ones(2), [5, 0], 10), r"first ages \[5, 0\]"),
    (lambda: past.run_past(SHARES, HAZARDS, np.array([NAN]), [], 2010), "tfr: year=0 . not finite"),
    (lambda: calibrate.Observation(2021, "births", NAN), "births of 2021 . not finite"),
    (lambda: calibrate.Observation(2021, "births", -5.0), "births of 2021 . negative"),
    (
        lambda: calibrate.fit_region({}, [calibrate.Observation(2021, "birth", 5.0)], 2021, **TRUST),
        "'birth' unknown",
    ),
    (
        lambda: calibrate.fit_region({}, [], 2021, **TRUST | {"trust_births": 80.0}),
        "trust_births . above 1: 80",
    ),
    (lambda: arriaga.e0_difference_by_age(schedule(), schedule()[:50], sex="male"), "after: age . without"),
    (
        lambda: arriaga.tables_difference_by_age(table(schedule()), table(schedule(), radix=1e5)),
        "radix 1 and 100000",
    ),
    (lambda: arriaga.deaths_averted(both(), both().drop_sel(age=4), people()), r"after: age . without \[4\]"),
    (
        lambda: arriaga.deaths_averted(both(), both(), people(_4=NAN)),
        "person_years: sex=female, age=4 . not finite",
    ),
    (
        lambda: goal.e0_goal(both(), both()[:, :50], 80, people(), both().expand_dims(cause=["a"]), 1.1),
        "after: age",
    ),
    (
        lambda: goal.e0_goal(both(), both(), 80, people(), 30 + both().expand_dims(cause=["a"]), 1.1),
        "add up to 30",
    ),
)
_TFR = tuple(f"fertility.{n}" for n in ("tfr", "tfr_error", "tfr_ratio", "tfr_change", "tfr_floor"))
_WPP = {"fertility.reference_path": xr.DataArray("wpp")}


def _counted(value):
    return xr.DataArray([value], {"at_year": [2020]}, ("at_year",))


_COUNTED = {k: xr.DataArray(1.0) for k in (*_TFR, "fertility.marriage_effect", "fertility.return")} | {
    "fertility.reference_path": xr.DataArray("counted"),
    "fertility.tfr_counted": _counted(1.2),
    "fertility.marriages": _counted(8.0),
}


def _base():
    return np.full((2, 101, 1), 100.0)


def _block(mx):
    return mx.values[None, ..., None]


def _asfr(value):
    return np.full((1, 45, 1), value)


def _srb(value):
    return np.full((1, 1), float(value))


def _flow(value):
    return np.full((1, 1), float(value))


def groups(n=8, **changes):
    rates = np.full(n, 0.005)
    for key, value in changes.items():
        rates[int(key[1:])] = value
    return xr.DataArray(rates, dims="age_group")


FLAT = xr.full_like(schedule(), 0.1)
TRUST = {"trust_births": 0.8, "recent": 3}
POPULATION = inputs("burden")["population"]
CASES, LEVELS = ("a", "b"), ["tertiary", "secondary", "primary"]


def causes(share, names=CASES):
    return xr.DataArray([share] * len(names), {"cause": list(names)}, ("cause",))


BURDEN = (
    (lambda: summary.premature_mortality(groups(7)), "rates: age_group . 7 groups . 8: 30-34 to 65-69"),
    (lambda: summary.premature_mortality(groups(9)), "rates: age_group . 9 groups"),
    (lambda: summary.premature_mortality(groups(_3=NAN)), "rates: age_group=3 . not finite"),
    (lambda: summary.premature_mortality(groups(_3=-0.1)), "rates: age_group=3 . negative"),
    (
        lambda: summary.premature_mortality(1000 * groups()),
        "rates: .* above 0.4: 5 . per person-year, not per 1000",
    ),
    (lambda: summary.premature_mortality(groups().rename(age_group="age")), "without .*age_group"),
    (
        lambda: summary.healthy_life_expectancy(schedule(), FLAT.drop_sel(age=50)),
        r"disability: age . without \[50\]",
    ),
    (
        lambda: summary.healthy_life_expectancy(*(a.drop_sel(age=50) for a in (schedule(), FLAT))),
        "51 follows 49",
    ),
    (lambda: summary.healthy_life_expectancy(schedule(_50=NAN), FLAT), "lived: age=50 . not finite"),
    (
        lambda: summary.healthy_life_expectancy(schedule(), 100 * FLAT),
        "disability: .* above 1: 10 .*not per cent",
    ),
    (
        lambda: summary.years_of_life_lost(people(), schedule().drop_sel(age=50)),
        r"standard: age . without \[50\]",
    ),
    (
        lambda: summary.years_of_life_lost(people().drop_sel(age=50), schedule()),
        r"standard: age . with \[50\] besides",
    ),
    (
        lambda: summary.years_of_life_lost(people(_50=NAN), schedule()),
        "deaths: sex=female, age=50 . not finite",
    ),
    (lambda: summary.years_of_life_lost(people(_50=-1.0), schedule()), "deaths: .* negative: -1"),
    (
        lambda: summary.ncd_rates(people().drop_sel(age=44), both(), both().expand_dims(ncd=["a"])),
        r"without \[44\]",
    ),
    (lambda: summary.combined_weight(causes(0.2), causes(0.1, ("a",))), r"weight: cause . without \['b'\]"),
    (lambda: summary.combined_weight(causes(20.0), causes(0.1)), "prevalence: .*not per cent"),
    (lambda: dependency.dependent_elderly(POPULATION[:, :, :-1], POPULATION, params()), r"without \[100\]"),
    (lambda: utilisation.level_shares(xr.DataArray(30.0), xr.DataArray(0.4)), "primary . above 1: 30"),
    (
        lambda: utilisation.level_shares(xr.DataArray(0.3), xr.DataArray(NAN)),
        "tertiary_of_hospital . not finite",
    ),
    (
        lambda: utilisation.visits(POPULATION[:, :1], POPULATION, params()),
        r"population: sex . without \['male'\]",
    ),
    (
        lambda: outcomes.mortality_of_the_young(
            POPULATION.year, _with("outcomes.child_mortality_change", NAN)
        ),
        "child_mortality_change . not finite",
    ),
)


def _with(name, value):
    return dict(params()) | {name: xr.DataArray(value)}


def series(value, **dims):
    sizes = {"year": [2020, 2021], **dims, "draw": [0]}
    return xr.DataArray(np.full([len(v) for v in sizes.values()], float(value)), sizes, tuple(sizes))


SEVERITY = {"severity": ["mild", "moderate", "severe"]}
ONE = xr.DataArray(1.0)
DEMAND = (
    (
        lambda: inpatient.beds_from_bed_days(ONE, xr.DataArray(85.0), ONE),
        "occupancy . above 1: 85 .*not per cent",
    ),
    (lambda: inpatient.beds_from_bed_days(ONE, xr.DataArray(0.0), ONE), "occupancy . not above 0"),
    (lambda: inpatient.beds_from_bed_days(-ONE, ONE, ONE), "bed_days . negative"),
    (lambda: inpatient.beds_from_bed_days(ONE, ONE, 0 * ONE), "open_share . not above 0"),
    (
        lambda: inpatient.beds_by_norm(POPULATION.drop_sel(age=3), params()),
        r"population: age . without \[3\]",
    ),
    (lambda: inpatient.case_mix(POPULATION.drop_sel(age=3), params()), r"admissions: age . without \[3\]"),
    (lambda: childcare.slots(POPULATION.drop_sel(age=1), params()), r"population: age . without \[1\]"),
    (
        lambda: childcare.enrolled(POPULATION.drop_sel(sex="male"), params()),
        r"population: sex . without \['male'\]",
    ),
    (lambda: childcare.staff(series(5, age=[0, 1]), params()), r"slots_by_age: age . without \[2\]"),
    (lambda: childcare.staff(series(-5, age=[0, 1, 2]), params()), "slots_by_age: .* negative"),
    (
        lambda: elderly_care.institution_users(POPULATION, series(5, severity=["mild"]), params()),
        "dependent: severity",
    ),
    (
        lambda: elderly_care.institution_users(POPULATION, _dependent(1e9), params()),
        "less the dependent: .* negative",
    ),
    (
        lambda: elderly_care.home_care(series(5, **SEVERITY), series(6, **SEVERITY), params()),
        "dependent less users",
    ),
    (lambda: elderly_care.care_beds(series(NAN, **SEVERITY), params()), "users: .* not finite"),
    (
        lambda: elderly_care.care_workers(series(5, **SEVERITY), -series(1), params()),
        "home_hours: .* negative",
    ),
    (lambda: elderly_care.care_beds_by_norm(POPULATION[..., :60, :], params()), r"without \[60, 61, 62\]"),
    (lambda: emergency.peak_share(ONE, 0 * ONE), "half_width . not above 0"),
    (lambda: emergency.peak_share(ONE * NAN, ONE), "stay . not finite"),
    (lambda: emergency.vehicles_by_use(ONE, "rural", params()), "'rural' unknown"),
    (
        lambda: emergency.epidemic_beds(-ONE, ONE, {"ward": ONE, "icu": ONE}, params()),
        "normal_infectious . negative",
    ),
    (lambda: emergency.ambulances(POPULATION.drop_sel(age=3), params()), r"without \[3\]"),
    (lambda: emergency.epidemic_peak(POPULATION.drop_sel(age=3), params()), r"without \[3\]"),
    (lambda: maternity.deliveries(series(5, sex=["female"]), params()), r"births: sex . without \['male'\]"),
    (lambda: maternity.deliveries(series(NAN, sex=SEX), params()), "births: .* not finite"),
    (lambda: maternity.midwives(-ONE, params()), "deliveries . negative"),
    (lambda: maternity.high_risk_births(-series(5, age=[30]), params()), "births_by_age: .* negative"),
    (lambda: outpatient.community_centres(POPULATION.drop_sel(age=3), params()), r"without \[3\]"),
    (
        lambda: programmes.managed(xr.Dataset({"population": POPULATION.drop_sel(age=3)}), params()),
        r"without \[3\]",
    ),
    (lambda: staff_demand.methods("wisn", ONE), "total . 'wisn' unknown"),
    (lambda: staff_demand.nurses_by_norms(ONE * NAN, ONE, params()), "per_resident . not finite"),
)


def _dependent(value):
    years = {"year": POPULATION.year.values, **SEVERITY, "draw": [0]}
    return xr.DataArray(np.full([len(v) for v in years.values()], value), years, tuple(years))


def flow(**changes):
    """Ten cadre members of 40, flat entrants at 25."""
    entry = np.zeros((1, 2, 55))
    entry[:, :, 5] = 0.5
    start = np.zeros((1, 2, 55, 1))
    start[:, :, 20] = 5.0
    given = {"start": start, "growth": _flow(0.01), "half_life": _flow(8), "attrition": _flow(0.02)}
    given |= {
        "stay": _flow(0.2),
        "leave": np.array([0.3]),
        "retirement": np.full((3, 2), 60.0),
        "entry": entry,
        "ages": np.arange(20, 75),
    }
    return workforce.run_stock_flow(**(given | changes), multiplicative=False)


SUPPLY = (
    (lambda: flow(start=np.full((1, 2, 55, 1), -1.0)), "start: cadre=0, sex=0, age=0, draw=0 . negative"),
    (lambda: flow(attrition=_flow(2.0)), "attrition: .* above 1: 2 .*not per cent"),
    (lambda: flow(growth=_flow(NAN)), "growth: .* not finite"),
    (lambda: flow(half_life=_flow(0)), "half_life: .* not above 0"),
    (lambda: flow(stay=_flow(-0.1)), "stay: .* negative"),
    (lambda: flow(leave=np.array([NAN])), "leave: draw=0 . not finite"),
    (lambda: flow(retirement=np.full((3, 2), NAN)), "retirement: .* not finite"),
    (lambda: flow(entry=np.full((1, 2, 55), 0.5)), "entry, sum over sex and age"),
    (
        lambda: workforce.yearly_inflow(0, 10, 5, 0.1, "multiplicative"),
        "multiplicative growth from a stock of 0",
    ),
    (lambda: workforce.yearly_inflow(1, 10, 5, 0.1, "growth"), "'growth' unknown"),
    (lambda: workforce.yearly_inflow(1, 10, 0, 0.1), "years . not above 0"),
    (lambda: workforce.yearly_inflow(1, 10, 5, 10.0), "leaving_rate . above 1: 10"),
    (lambda: workforce.yearly_inflow(-1, 10, 5, 0.1), "base . negative"),
    (lambda: stocks.projected(POPULATION.drop_sel(age=3), ONE, ONE, ONE), r"population: age . without \[3\]"),
    (lambda: stocks.projected(POPULATION, -ONE, ONE, ONE), "base . negative"),
    (lambda: stocks.projected(POPULATION, ONE, ONE, 0 * ONE), "half_life . not above 0"),
    (lambda: fading_growth(POPULATION.year, ONE * NAN, ONE), "growth . not finite"),
    (lambda: fading_growth(POPULATION.year, ONE, -ONE), "half_life . not above 0"),
    (lambda: coverage.hours_in_use(ONE, ONE * 50, params()), "covered . above 1: 50"),
    (lambda: coverage.hours_in_use(-ONE, ONE, params()), "required . negative"),
)
RNG = np.random.default_rng(1)
HOSPITAL = (
    (lambda: erlang.mean_wait(5, 8, -1.0), "mean_service . not above 0"),
    (lambda: erlang.mean_wait(5, 8, 1.0, -1.0), "cv . negative"),
    (lambda: erlang.erlang_b(NAN, 8), "load nan"),
    (lambda: erlang.load_for_blocking(8, 5.0), "target 5"),
    (lambda: erlang.load_at_occupancy(85.0, 8), "target 85"),
    (lambda: erlang.LoadPattern((1.0, NAN), (0.5, 0.5)), "pattern has a negative or non-finite"),
    (lambda: stays.draw_stays(RNG, 5, 0.0, 1.0), "mean stay 0"),
    (lambda: stays.draw_stays(RNG, 5, NAN, 1.0), "mean stay nan"),
    (lambda: stays.draw_stays(RNG, 5, 5.0, -1.0), "CV of the stay -1"),
    (lambda: stays.draw_residuals(RNG, 5, 5.0, 1.0, "normal"), "shape 'normal' unknown"),
    (lambda: stays.lognormal_parameters(-5.0, 1.0), "mean stay -5"),
    (lambda: stays.weibull_parameters(5.0, 0.01), "CV 0.01 too far"),
    (lambda: stays.weibull_parameters(5.0, NAN), "CV of the stay nan"),
    (lambda: stays.survival_days(5.0, 1.0, 0), "days . below 1"),
    (lambda: arrivals.arrival_times(RNG, np.array([1.0, -1.0]), (1.0,) * 24), "daily: day=1 . negative"),
    (lambda: arrivals.arrival_times(RNG, np.array([1.0]), (1.0,) * 23), "23 hours"),
    (lambda: arrivals.daily_rates(arrivals.Clock(2025), NAN, arrivals.Pattern()), "nan a year"),
    (lambda: statistics.share_interval(5, 0), "5 of 0"),
    (lambda: statistics.share_interval(5, 3), "5 of 3"),
    (lambda: statistics.mean_interval([1.0, 2.0], 95.0), "confidence . 95"),
    (lambda: statistics.bed_time(np.array([2.0]), np.array([1.0]), [0, 1]), "ends before it starts"),
    (lambda: statistics.bed_time(np.array([1.0]), np.array([2.0]), [1, 0]), "edges that rise"),
)
AT = Thresholds(0.9, 0.5, 1.2, 0.9)
ADEQUACY = (
    (lambda: quantiles(np.ones(5), (50.0,)), "quantile . above 1: 50"),
    (lambda: quantiles(np.ones(0)), "no draws"),
    (lambda: compare(np.ones(5), np.ones(4), 1.2), r"\(5,\) draws of need, \(4,\)"),
    (lambda: compare(np.array([1.0, NAN]), np.ones(2), 1.2), "required: draw=1 . not finite"),
    (lambda: compare(np.array([1.0, -1.0]), np.ones(2), 1.2), "required: draw=1 . negative"),
    (lambda: compare(np.ones(2), np.array([NAN, 1.0]), 1.2), "available: draw=0 . not finite"),
    (lambda: judge(90.0, 0.0, AT), "p_enough . above 1: 90"),
    (lambda: judge(0.9, NAN, AT), "p_surplus . not finite"),
)


@pytest.mark.parametrize(
    ("call", "text"),
    [*LIFE_TABLES, *DEMOGRAPHY, *BURDEN, *DEMAND, *SUPPLY, *HOSPITAL, *ADEQUACY],
    ids=lambda v: "",
)
def test_refused_by_name_label_and_value(call, text):
    with pytest.raises(ParameterError, match=text.replace(" . ", r" \| ")):
        call()


# --- whole stages ---------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda d: d.drop_sel(age=50), r"population: age .*each once"),
        (lambda d: d.isel(age=[*range(101), 5]), r"population: age"),
        (lambda d: d.drop_sel(sex="male"), r"population: sex"),
        (lambda d: d.assign_coords(sex=["women", "men"]), r"population: sex"),
        (lambda d: d.isel(year=[0, 2, 3]), r"years \[2020, 2022, 2023\]"),
        (lambda d: d.isel(year=slice(None, None, -1)), "years that follow one another"),
        (lambda d: d.assign(population=d["population"] * NAN), "population: not finite at year=2020"),
        (lambda d: d.assign(population=-d["population"]), "population: .*< 0 at year=2020"),
        (lambda d: d.assign(population=d["population"].isel(sex=0, drop=True)), "population: dims"),
        (lambda d: d.drop_vars("population"), "population is missing"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_a_stage_refuses_inputs_that_are_not_the_models(stage, change, text):
    module = STAGES[stage]
    wrong = change(inputs(stage)[list(module.READS)])
    with pytest.raises(SchemaError, match=text):
        module.project(wrong, {n: params()[n] for n in module.PARAMETERS})


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_refuses_parameters_that_are_no_numbers_or_of_other_years(stage):
    module, state = STAGES[stage], inputs(stage)[list(STAGES[stage].READS)]
    own = {n: params()[n] for n in module.PARAMETERS}
    numbers = [n for n in own if own[n].dtype.kind == "f"]
    for name in numbers[:: max(1, len(numbers) // 8)]:
        bad = own[name].copy(deep=True)
        bad[(0,) * bad.ndim] = NAN
        with pytest.raises(ParameterError, match=rf"{name}.*not finite"):
            module.project(state, own | {name: bad})
        missing = {k: v for k, v in own.items() if k != name}
        with pytest.raises(ParameterError, match=f"no parameter '{name}'"):
            module.project(state, missing)
        other = own[name].isel(year=0, drop=True) if "year" in own[name].dims else own[name]
        other = other.expand_dims(year=[2020, 2021])
        with pytest.raises(ParameterError, match=rf"{name} .*years 2020..2021"):
            module.project(state, own | {name: other})
