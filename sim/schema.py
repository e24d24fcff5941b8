"""The data model: dimensions, one row per variable, and the check that closes every stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import xarray as xr

from sim.arrays import all_within
from sim.catalogue import bases, bed_groups, cadres, groups, programmes
from sim.errors import SchemaError, fault, raise_all
from sim.labelled import concat

Kind = Literal["stock", "flow", "rate", "index"]

SEXES = ("female", "male")
AGES = tuple(range(101))  # completed years; 100 = 100 and over
LEVELS = bed_groups.LEVELS
BED_GROUPS = tuple(bed_groups.BED_GROUPS)
PARITIES = ("0", "1", "2", "3+")
ORDERS = ("1", "2", "3+")
SEVERITIES = ("mild", "moderate", "severe")
STAFF_METHODS = groups.ids("staff_method")
AGE_GROUPS: dict[str, tuple[int, int]] = {
    "total": (0, 100),
    "0-2": (0, 2),
    "0-14": (0, 14),
    "0-15": (0, 15),
    "15-59": (15, 59),
    "16-59": (16, 59),
    "60+": (60, 100),
    "65+": (65, 100),
    "80+": (80, 100),
}
PATIENT_AGES: dict[str, tuple[int, int]] = {
    "0-14": (0, 14),
    "15-44": (15, 44),
    "45-64": (45, 64),
    "65-74": (65, 74),
    "75+": (75, 100),
}
"""Groups by age in which bed-days are shown."""


def ages(group: str) -> slice:
    """The single ages of an age group, to select with."""
    return slice(*AGE_GROUPS[group])


@dataclass(frozen=True)
class Variable:
    """One row of the schema: what a variable is, in which unit, within which bounds."""

    name: str
    dims: tuple[str, ...]
    units: str
    long_name: str
    long_name_zh: str
    kind: Kind
    low: float | None = 0.0
    high: float | None = None


def _row(
    name: str,
    dims: str,
    units: str,
    en: str,
    zh: str,
    kind: Kind,
    low: float | None = 0.0,
    high: float | None = None,
) -> Variable:
    return Variable(name, tuple(dims.split()), units, en, zh, kind, low, high)


_ROWS: tuple[Variable, ...] = (
    # demography
    _row("population", "year sex age draw", "person", "resident population", "常住人口", "stock"),
    _row("deaths", "year sex age draw", "person", "deaths", "死亡人数", "flow"),
    _row("net_migration", "year sex age draw", "person", "net migrants", "净迁移", "flow", None),
    _row("births", "year sex draw", "person", "births", "出生人数", "flow"),
    _row("births_by_order", "year order draw", "person", "births by order", "分孩次出生", "flow"),
    _row("births_by_age", "year age draw", "person", "births by mother's age", "按母亲年龄出生", "flow"),
    _row("women_by_parity", "year age parity draw", "person", "women by parity", "分孩次妇女", "stock"),
    _row("tfr", "year draw", "child per woman", "total fertility rate", "总和生育率", "rate", 0, 12),
    _row(
        "tfr_by_order", "year order draw", "child per woman", "TFR by order", "分孩次总和生育率", "rate", 0, 9
    ),
    _row("e0", "year sex_total draw", "year", "life expectancy at birth", "人均期望寿命", "index", 20, 110),
    _row("mx", "year sex age draw", "1/year", "central death rate", "死亡率", "rate"),
    # burden
    _row("admissions", "year sex age draw", "admission", "admissions of residents", "居民住院人次", "flow"),
    _row("admissions_level", "year level draw", "admission", "admissions by level", "分级住院人次", "flow"),
    _row("visits", "year level draw", "visit", "outpatient visits", "诊疗人次", "flow"),
    _row("dependent_elderly", "year severity draw", "person", "dependent people 65+", "失能老人", "stock"),
    _row("cases", "year cause draw", "case", "people with the disease", "患病人数", "stock"),
    _row(
        "premature_ncd_mortality",
        "year draw",
        "1",
        "30q70 of four NCDs",
        "重大慢性病过早死亡率",
        "index",
        0,
        1,
    ),
    _row(
        "premature_ncd_deaths",
        "year ncd draw",
        "person",
        "deaths at ages 30-69 from four NCDs",
        "30—69岁四类慢病死亡人数",
        "flow",
    ),
    _row("hale", "year draw", "year", "healthy life expectancy", "健康预期寿命", "index", 0, 110),
    _row("yll", "year draw", "year of life", "years of life lost", "寿命损失年", "flow"),
    _row("yld", "year draw", "year of life", "years lived with disability", "伤残损失年", "flow"),
    _row("daly", "year draw", "year of life", "disability-adjusted life years", "伤残调整寿命年", "flow"),
    _row("infant_mortality", "year draw", "1", "infant deaths per live birth", "婴儿死亡率", "rate", 0, 1),
    _row(
        "u5_mortality", "year draw", "1", "under-5 deaths per live birth", "5岁以下儿童死亡率", "rate", 0, 1
    ),
    _row(
        "maternal_mortality", "year draw", "1", "maternal deaths per live birth", "孕产妇死亡率", "rate", 0, 1
    ),
    # kept by a run
    _row(
        "population_group",
        "year age_group draw",
        "person",
        "resident population by age group",
        "分年龄组常住人口",
        "stock",
    ),
    _row("population_basis", "year basis draw", "person", "population by basis", "各口径人口", "stock"),
    _row(
        "population_central",
        "year sex age",
        "person",
        "resident population by sex and age, draw 0",
        "分性别年龄常住人口（中心值）",
        "stock",
    ),
    # demand
    _row("bed_days", "year level draw", "bed-day", "bed-days used", "住院床日", "flow"),
    _row("alos", "year level draw", "day", "average length of stay", "平均住院日", "index", 0, 400),
    _row(
        "admissions_type",
        "year bed_type draw",
        "admission",
        "admissions by kind of bed",
        "分类住院人次",
        "flow",
    ),
    _row(
        "bed_days_type",
        "year bed_type draw",
        "bed-day",
        "bed-days used by kind of bed",
        "分类住院床日",
        "flow",
    ),
    _row(
        "bed_days_patient",
        "year patient_group draw",
        "bed-day",
        "bed-days used by sex and age of the patient",
        "分性别年龄住院床日",
        "flow",
    ),
    _row("deliveries", "year draw", "birth", "deliveries", "分娩数", "flow"),
    _row(
        "high_risk_births", "year draw", "birth", "births to mothers at risk by age", "高龄产妇分娩", "flow"
    ),
    _row(
        "informal_care_hours_required",
        "year draw",
        "hour",
        "hours of care that families give dependent people at home",
        "家庭照护小时需求",
        "flow",
    ),
    _row(
        "epidemic_peak",
        "year epidemic_group draw",
        "person",
        "patients on the peak day of the epidemic",
        "疫情高峰在院患者",
        "stock",
    ),
    _row(
        "beds_stress",
        "year stress_group draw",
        "bed",
        "infectious-disease and intensive care beds at the epidemic peak by named severity",
        "疫情高峰传染病与重症床位（按严重程度情景）",
        "stock",
    ),
    # supply
    _row(
        "programme_hours",
        "year side draw",
        "hour",
        "hours of basic public health programmes: staff have (available), clients take at present coverage (in_use)",
        "基本公共卫生服务工时：可提供、现有覆盖所需",
        "flow",
    ),
    _row(
        "bed_occupancy",
        "year bed_group draw",
        "1",
        "bed-days used over open bed-days expected",
        "预计病床使用率",
        "index",
    ),
    _row("staff_entrants", "year cadre draw", "person", "staff who enter", "新进人员", "flow"),
    _row("staff_leavers", "year cadre draw", "person", "staff who leave", "离职退休人员", "flow"),
)


@dataclass(frozen=True)
class Resource:
    """Something a plan provides: beds, doctors, slots. Has `<name>_required` and `_available`."""

    name: str
    units: str
    long_name: str
    long_name_zh: str
    group_dim: str | None
    groups: tuple[str, ...] = ("total",)
    held: tuple[str, ...] = ()
    """Groups of whose stock no trend is known: it stays as counted, which foretells nothing."""


def _grouped(name: str, units: str, en: str, zh: str, dim: str, held: tuple[str, ...] = ()) -> Resource:
    return Resource(name, units, en, zh, dim, groups.ids(dim), held)


RESOURCES: dict[str, Resource] = {
    r.name: r
    for r in (
        Resource(
            "beds", "bed", "hospital and primary-care beds", "床位", "bed_group", BED_GROUPS, bed_groups.HELD
        ),
        *(Resource(c.id, "person", c.en, c.zh, "staff_method", STAFF_METHODS) for c in cadres.ROWS),
        _grouped("childcare_slots", "slot", "childcare slots", "托位", "childcare_group"),
        _grouped("care_beds", "bed", "elderly-care beds", "养老床位", "care_group"),
        Resource("newborn_beds", "bed", "newborn beds", "新生儿床位", None),
        Resource("home_care_hours", "hour", "home-care hours", "居家照护小时", None),
        _grouped("ambulances", "vehicle", "ambulances", "救护车", "ambulance_group", held=("total",)),
        _grouped(
            "community_health_centres",
            "institution",
            "community health centres",
            "社区卫生服务中心",
            "chc_group",
        ),
        Resource("managed", "person", "people under management", "健康管理人数", "programme"),
    )
}


def _resource_rows() -> tuple[Variable, ...]:
    rows = []
    for r in RESOURCES.values():
        dims = ("year", r.group_dim, "draw") if r.group_dim else ("year", "draw")
        sides = (
            ("required", "needed", "需求"),
            ("available", "if the plan is carried out", "规划供给"),
            ("projected", "expected from the trend", "趋势供给"),
        )
        for side, en, zh in sides:
            rows.append(
                Variable(
                    f"{r.name}_{side}",
                    dims,
                    r.units,
                    f"{r.long_name} {en}",
                    f"{r.long_name_zh}{zh}",
                    "stock",
                )
            )
    covered_dims = ("year", "programme", "draw")
    rows.append(
        Variable("managed_covered", covered_dims, "person", "people covered", "健康管理覆盖人数", "stock")
    )
    for name in ("beds", "care_beds"):
        r = RESOURCES[name]
        assert r.group_dim is not None
        en, zh = f"{r.long_name} by national norm", f"按国家标准{r.long_name_zh}"
        dims = ("year", r.group_dim, "draw")
        rows.append(Variable(f"{name}_required_norm", dims, r.units, en, zh, "stock"))
    return tuple(rows)


VARIABLES: dict[str, Variable] = {v.name: v for v in (*_ROWS, *_resource_rows())}

SUMMED = ("deaths", "net_migration", "admissions")  # a run keeps their sum over sex and age
NOT_KEPT = ("population", "mx", "births_by_age", "women_by_parity", "population_central")
"""Variables of the stages that a run keeps for no draw, or for the central one alone."""
WAVE_SEVERITIES = ("mild", "winter_2022", "severe")  # of emergency.severity_named
LABELS: dict[str, tuple[str, ...]] = {
    "level": LEVELS,
    "severity": SEVERITIES,
    "order": ORDERS,
    "age_group": tuple(AGE_GROUPS),
    "sex_total": ("both", *SEXES),
    "newborn_sex": ("total", *SEXES),
    "basis": tuple(row.id for row in bases.OF_RESIDENTS),
    "bed_type": bed_groups.KINDS,
    "bed_group": (*BED_GROUPS, *(g.normal for g in bed_groups.ROWS if g.peak)),
    "patient_group": tuple(f"{sex}_{group}" for sex in SEXES for group in PATIENT_AGES),
    "epidemic_group": ("ward", "icu"),
    "stress_group": (
        *(f"{kind}_{wave}" for wave in WAVE_SEVERITIES for kind in ("infectious", "icu")),
        "icu_convertible",
    ),
    "side": ("available", "in_use"),
    "cadre": cadres.IDS,
    "programme": programmes.IDS,
}
"""Groups along each dimension of a saved series."""
OPEN_LABELS = ("cause", "ncd")  # the disease parameters say which groups these have


def kept_dims(name: str) -> tuple[str, ...]:
    """Dims of a variable as a run keeps it."""
    if name in SUMMED:
        return ("year", "draw")
    if name == "births":
        return ("year", "newborn_sex", "draw")
    return VARIABLES[name].dims


def kept_labels(
    open_labels: Mapping[str, tuple[str, ...]] | None = None,
) -> dict[str, tuple[str, ...] | None]:
    """Series of a saved run -> the groups that each may have, () for none.

    open_labels: groups along the dimensions of OPEN_LABELS, which stand in the parameters; None
    stands for them where they are not known yet.
    """
    found: dict[str, tuple[str, ...] | None] = {}
    known: Mapping[str, tuple[str, ...]] = {**LABELS, **(open_labels or {})}
    own = {r.group_dim: r.groups for r in RESOURCES.values() if r.group_dim}
    for name in VARIABLES:
        if name not in NOT_KEPT:
            dims = [d for d in kept_dims(name) if d not in ("year", "draw")]
            found[name] = known.get(dims[0], own.get(dims[0])) if dims else ()
    return found


def checked(name: str, array: xr.DataArray, stage: str = "") -> xr.DataArray:
    """`array` as the schema's variable `name`: dims in order, finite, in bounds; units set.

    Raises SchemaError that names the variable, the value and the first cell at fault.
    """
    place = f"sim.{stage}" if stage else "sim"
    variable = VARIABLES.get(name)
    if variable is None:
        raise SchemaError(fault(place, f"{name}: no such variable in schema.py", "add its row"))
    if set(array.dims) != set(variable.dims):
        wrong = f"{name}: dims {tuple(array.dims)}"
        raise SchemaError(fault(place, wrong, f"want {variable.dims}"))
    if array.dims != variable.dims:
        array = array.transpose(*variable.dims)
    faults = _value_faults(variable, array, place)
    raise_all(SchemaError, faults)
    out = array.rename(name)
    out.attrs = attributes(variable)
    return out


def attributes(variable: Variable) -> dict[str, str]:
    """CF-like attributes of a variable."""
    cell = {"stock": "year: point (31 December)", "flow": "year: sum"}.get(variable.kind)
    attrs = {
        "units": variable.units,
        "long_name": variable.long_name,
        "long_name_zh": variable.long_name_zh,
        "kind": variable.kind,
    }
    if cell:
        attrs["cell_methods"] = cell
    return attrs


def _value_faults(variable: Variable, array: xr.DataArray, place: str) -> list[str]:
    values = np.asarray(array.values)
    if values.size == 0:
        return [fault(place, f"{variable.name}: has no cells", "")]
    low = -np.inf if variable.low is None else variable.low
    high = np.inf if variable.high is None else variable.high
    if all_within(values, low, high):
        return []
    if not np.isfinite(values).all():
        at = _first(array, ~np.isfinite(values))
        return [fault(place, f"{variable.name}: not finite at {at}", "")]
    faults = []
    if variable.low is not None and values.min() < variable.low:
        at = _first(array, values < variable.low)
        value = values[values < variable.low][0]
        faults.append(fault(place, f"{variable.name}: {value:g} < {variable.low:g} at {at}", ""))
    if variable.high is not None and values.max() > variable.high:
        at = _first(array, values > variable.high)
        value = values[values > variable.high][0]
        faults.append(fault(place, f"{variable.name}: {value:g} > {variable.high:g} at {at}", ""))
    return faults


def _first(array: xr.DataArray, mask: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> str:
    index = np.argwhere(mask)[0]
    return ", ".join(
        f"{dim}={array[dim].values[i] if dim in array.coords else i}"
        for dim, i in zip(array.dims, index, strict=True)
    )


def person_years(population: xr.DataArray) -> xr.DataArray:
    """Person-years lived in each year from stocks at year end: mean of the stocks around it.

    population: person, with dim year.  Returns person-years, same dims; the base year, which has
    no stock before it, takes its own year-end stock.
    """
    stocks = np.moveaxis(population.values, population.dims.index("year"), 0)
    lived = stocks.astype(float)
    lived[1:] += stocks[:-1]
    lived[1:] *= 0.5
    mean = population.copy(data=np.moveaxis(lived, 0, population.dims.index("year"))).rename(None)
    mean.attrs = {}
    return mean


def age_groups(array: xr.DataArray) -> xr.DataArray:
    """Sums over the reporting age groups; dim age becomes age_group (sexes are added up too)."""
    both = array.sum("sex", skipna=False) if "sex" in array.dims else array
    parts = [both.sel(age=slice(a, b)).sum("age", skipna=False) for a, b in AGE_GROUPS.values()]
    groups = concat(parts, "age_group", list(AGE_GROUPS))
    return groups.transpose(..., "age_group", "draw") if "draw" in groups.dims else groups
