"""TEST FIXTURE: a made-up run folder. Its figures describe no city and come from no model."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from paths import read_rows

from sim.intact import RUN_FORMAT, write_meta
from sim.plan.targets import Target
from sim.saved.row import Row
from sim.saved.row_table import write
from sim.schema import AGE_GROUPS, RESOURCES

YEARS = np.arange(2020, 2036)
SCENARIOS = {"reference": 0.0, "low_fertility": -0.25, "high_fertility": 0.25, "three_child": 0.12}
TARGET_YEAR = 2030  # later years are not judged
# resource: need in 2020, need's growth a year, supply in 2020, supply's growth a year
STOCKS = {
    "beds": (31000, 0.022, 31500, 0.012),
    "doctors": (16400, 0.015, 16300, 0.02),
    "tcm_doctors": (2900, 0.02, 2800, 0.02),
    "nurses": (17500, 0.03, 15200, 0.035),
    "gps": (1700, 0.02, 1205, 0.03),
    "pharmacists": (2400, 0.01, 1205, 0.02),
    "public_health_staff": (4600, 0.01, 3830, 0.01),
    "care_workers": (6000, 0.05, 2500, 0.04),
    "childcare_slots": (31000, -0.06, 6190, 0.14),
    "care_beds": (41000, 0.04, 24000, 0.03),
    "ambulances": (190, 0.005, 150, 0.02),
}
INDICATORS = [
    # id, zh, en, unit, baseline, target, resource
    ("beds_per_1000", "每千人口床位数", "Beds per 1000 population", "per 1000", 5.76, 5.76, "beds"),
    (
        "doctors_per_1000",
        "每千人口执业（助理）医师",
        "Practising (assistant) physicians per 1000 population",
        "per 1000",
        2.98,
        3.6,
        "doctors",
    ),
    (
        "nurses_per_1000",
        "每千人口注册护士",
        "Registered nurses per 1000 population",
        "per 1000",
        2.78,
        4.3,
        "nurses",
    ),
    (
        "gps_per_10000",
        "每万人口全科医生",
        "General practitioners per 10000 population",
        "per 10000",
        2.2,
        3.93,
        "gps",
    ),
    (
        "pharmacists_per_1000",
        "每千人口药师（士）",
        "Pharmacists per 1000 population",
        "per 1000",
        0.22,
        0.54,
        "pharmacists",
    ),
    (
        "childcare_slots_per_1000",
        "每千人口托位数",
        "Under-3 childcare slots per 1000 population",
        "per 1000",
        1.13,
        4.5,
        "childcare_slots",
    ),
    (
        "childcare_slots_total",
        "托位总数",
        "Under-3 childcare slots, total",
        "slots",
        np.nan,
        23870,
        "childcare_slots",
    ),
    ("life_expectancy", "人均期望寿命", "Life expectancy at birth", "years", 77.83, 78.83, ""),
    (
        "maternal_mortality",
        "孕产妇死亡率",
        "Maternal mortality ratio",
        "per 100000 live births",
        19.42,
        9.5,
        "",
    ),
    (
        "premature_ncd_mortality",
        "重大慢性病过早死亡率",
        "Premature mortality from major non-communicable diseases (probability, ages 30-70)",
        "%",
        np.nan,
        15,
        "",
    ),
]

NORMS = {"beds_per_1000": "short", "nurses_per_1000": "adequate"}
NOT_JUDGED = (  # id, zh, en, unit, verdict, what services can carry
    ("tfr", "总和生育率", "Total fertility rate", "births per woman", "no_target", ""),
    ("elderly_rate", "老年人健康管理率", "Health management, age 65+", "%", "national_pattern", 81.4),
)


def row(scenario: str, region: str, year: int, name: str, zh: str, en: str, unit: str, **fields: Any) -> Row:
    """A row of adequacy.csv."""
    return Row("anyang_14fyp", region, scenario, name, zh, en, year, unit, **fields)


def _not_judged(
    scenario: str, region: str, year: int, name: str, zh: str, en: str, unit: str, verdict: str, most: Any
) -> Row:
    """A row of what is no target, or rests on nothing local: in no tally and no chart of verdicts."""
    return row(
        scenario,
        region,
        year,
        name,
        zh,
        en,
        unit,
        available_p50=1.3,
        p_reached=0.01,
        verdict=verdict,
        level_short_year="2026",
        capacity_p50=most or None,
        target_year=TARGET_YEAR,
        test="ratio",
        group="total",
    )


def results(
    draws: int = 60,
    region: str = "410500",
    scenarios: Mapping[str, float] = SCENARIOS,
    last: int = 2035,
) -> xr.Dataset:
    """A results.nc as the run folder holds it, with `draws` + central, to the year `last`."""
    rng = np.random.default_rng(5)
    names = list(scenarios)
    YEARS = np.arange(2020, last + 1)
    t = (YEARS - YEARS[0])[None, :, None]
    shift = np.array(list(scenarios.values()))[:, None, None]
    noise = np.cumsum(rng.normal(0, 0.012, (1, YEARS.size, draws + 1)), axis=1)
    noise[:, 0] = 0
    noise[..., 0] = 0
    births = 48000 * np.exp(-0.045 * t) * (1 + shift * np.minimum(t / 5, 1)) * np.exp(4 * noise)
    coords = {"scenario": names, "region": [region], "year": YEARS, "draw": np.arange(draws + 1)}
    data: dict[str, xr.DataArray] = {}

    def put(name: str, values: np.ndarray, units: str, dim: str = "", groups: tuple[str, ...] = ()) -> None:
        dims = ("scenario", "region", "year", *([dim] if dim else []), "draw")
        array = xr.DataArray(values[:, None], dims=dims)
        if dim:
            array = array.assign_coords({dim: list(groups)})
        data[name] = array.assign_attrs(units=units, long_name=name, long_name_zh=name)

    by_sex = np.stack([births, births / 2.06, births - births / 2.06], axis=2)
    put("births", by_sex, "person", "newborn_sex", ("total", "female", "male"))
    put("deaths", 36000 * np.exp(0.015 * t) * np.exp(noise) + 0 * shift, "person")
    start = {
        "total": 5_482_000,
        "0-2": 165_000,
        "0-14": 1_200_000,
        "0-15": 1_270_000,
        "15-59": 3_180_000,
        "16-59": 3_110_000,
        "60+": 1_060_000,
        "65+": 770_000,
        "80+": 130_000,
    }
    growth = {
        "total": -0.004,
        "0-2": -0.04,
        "0-14": -0.03,
        "0-15": -0.03,
        "15-59": -0.006,
        "16-59": -0.006,
        "60+": 0.028,
        "65+": 0.033,
        "80+": 0.04,
    }
    young = {"0-2": 1.0, "0-14": 0.6, "0-15": 0.55, "total": 0.1}
    people = np.stack(
        [
            start[g]
            * np.exp(growth[g] * t)
            * (1 + young.get(g, 0) * shift * np.minimum(t / 5, 1))
            * np.exp(noise * (3 * young.get(g, 0.2)))
            for g in AGE_GROUPS
        ],
        axis=2,
    )
    put("population_group", people, "person", "age_group", tuple(AGE_GROUPS))
    age = np.arange(101)
    shape = np.exp(-((age[None, :] - 34 - (YEARS - 2020)[:, None]) ** 2) / 400) * 0.6 + np.exp(
        -(((age - 58) / 26) ** 4)
    )
    shape = shape * np.exp(-np.maximum(age - 70, 0) / 9)
    shape[:, :6] *= np.exp(-0.03 * (YEARS - 2020))[:, None] * 0.75
    shape *= 5_482_000 / 2 / shape.sum(axis=1, keepdims=True)
    both = np.stack([shape, shape * (1.05 - 0.0025 * age)], axis=1)
    central = np.broadcast_to(both, (len(names), 1, *both.shape)).copy()
    data["population_central"] = xr.DataArray(
        central, dims=("scenario", "region", "year", "sex", "age"), attrs={"units": "person"}
    ).assign_coords(sex=["female", "male"], age=age)
    for resource, (need, rate, stock, pace) in STOCKS.items():
        row = RESOURCES[resource]
        spread = np.exp(noise * 2 + 0.05 * rng.normal(size=draws + 1) * (np.arange(draws + 1) > 0))
        total = need * np.exp(rate * t) * spread * (1 + 0.2 * shift)
        supply = stock * np.exp(pace * t) * np.exp(noise) + 0 * shift
        groups = row.groups if row.group_dim else ()
        if resource == "beds":
            groups = (*groups, "infectious_normal", "icu_normal")
        factor = 1 - 0.17 * np.arange(len(groups)) if groups else 1.0
        if row.group_dim == "staff_method":
            factor = np.array([1.0, 0.9, 1.0, 1.12])
        if resource == "beds":  # parts by level and by type add up to the total
            share = {"total": 1.0, "tertiary": 0.5, "secondary": 0.3, "primary": 0.2, "general": 0.6}
            factor = np.array([share.get(g, 0.4 / 7) for g in groups])
        if row.group_dim:
            put(
                f"{resource}_required",
                total[:, :, None] * np.maximum(factor, 0.05)[:, None],
                row.units,
                row.group_dim,
                groups,
            )
            put(
                f"{resource}_available",
                supply[:, :, None],
                row.units,
                f"{row.group_dim}_stock",
                ("total",),
            )
            data[f"{resource}_available"] = data[f"{resource}_available"].rename(
                {f"{row.group_dim}_stock": row.group_dim}
            )
        else:
            put(f"{resource}_required", total, row.units)
    cadres = ("doctors", "nurses")
    flow = np.stack([900 * np.exp(noise), 1400 * np.exp(noise)], axis=2) * (1 + 0 * shift[..., None])
    put("staff_entrants", flow, "person", "cadre", cadres)
    put("staff_leavers", 0.4 * flow, "person", "cadre", cadres)
    put("beds_required_norm", 5.9 / 1000 * people[:, :, 0], "bed")
    # group coordinates differ between need and supply (only total is known), so they are joined
    data = {
        k: v.reindex(
            {
                d: data[k.replace("_available", "_required")][d].values
                for d in v.dims
                if str(d).endswith(("group", "method"))
            }
        )
        if k.endswith("_available")
        else v
        for k, v in data.items()
    }
    return xr.Dataset(data, coords=coords).assign_coords(
        region_name=("region", ["安阳市"]), region_name_en=("region", ["Anyang"])
    )


def adequacy(run: xr.Dataset, region: str = "410500", tested: tuple[int, ...] = (2025, 2035)) -> list[Row]:
    """Rows of adequacy.csv that fit `results`."""
    rows: list[Row] = []
    rng = np.random.default_rng(9)
    for scenario in map(str, run["scenario"].values):
        for year in tested:
            where = {"scenario": scenario, "region": region, "year": year}
            rows += [_judged(run, where, one, rng) for one in INDICATORS]
            rows += [_not_judged(scenario, region, year, *one) for one in NOT_JUDGED]
            said = {"target": "1", "reason": "not modelled", "test": "ratio", "group": "total"}
            names = ("中医药文化基地", "TCM culture bases", "count")
            rows += [row(scenario, region, year, f"other_{i}", *names, **said) for i in range(40)]
    return rows


def _judged(run: xr.Dataset, where: dict[str, Any], one: tuple[Any, ...], rng: np.random.Generator) -> Row:
    """A target on the need of the run; later than the target year without a verdict."""
    name, zh, en, unit, baseline, target, resource = one
    made = row(*where.values(), name, zh, en, unit, target=f"{target:g}", target_year=TARGET_YEAR)
    made.baseline = f"{baseline}" if baseline == baseline else ""
    made.population_basis = "resident" if unit.startswith("per 1") else ""
    ruled = {"test": "ratio", "variable": resource, "group": "total", "scale": ""}
    stated = {"goal": float(target), "year": TARGET_YEAR, "sense": ">=", "unit": unit, "factor": 1.0}
    made.hold(Target(indicator=name, scope="", **ruled, **stated), "resident")
    if resource:
        people = run["population_group"].sel(where | {"age_group": "total"}).isel(draw=slice(1, None))
        need = run[f"{resource}_required"].sel(where).isel(draw=slice(1, None))
        need = need.sel({d: "total" for d in need.dims if d != "draw"})
        per = people / float(unit.split()[1]) if unit.startswith("per ") else 1.0
        quantiles = (need / per).quantile((0.1, 0.5, 0.9), "draw").values
        made.required_p10, made.required_p50, made.required_p90 = map(float, quantiles)
        made.available_p50, made.ratio_p50 = float(target), float(target / quantiles[1])
        made.p_enough = float((target >= need / per).mean())
    else:
        made.p_enough = float(rng.uniform())
    ratio, p = made.ratio_p50 or 1.0, made.p_enough
    made.verdict = "surplus" if ratio > 1.2 else "adequate" if p >= 0.9 else "tight" if p >= 0.5 else "short"
    made.p_reached, made.grade = float(rng.uniform()), "BCD"[len(name) % 3]
    if name in NORMS:
        made.verdict_norm, made.need_norm_p50, made.p_enough_norm = NORMS[name], float(target), 0.5
    if name == "nurses_per_1000":
        made.on_the_line = "adequate tight"
    if resource and ratio < 1:
        made.level_short_year = made.first_short_year = str(TARGET_YEAR)
    if made.year > TARGET_YEAR:
        made.verdict, made.verdict_norm, made.on_the_line, made.p_reached = "no_target", "", "", None
    return made


def write_run(
    folder: Path,
    draws: int = 60,
    *,
    scenarios: Mapping[str, float] = SCENARIOS,
    tested: tuple[int, ...] = (2025, 2035),
    last: int = 2035,
    titles: Mapping[str, Mapping[str, str]] | None = None,
) -> Path:
    """A made-up run folder at `folder`; without a plan if no year is tested.

    titles: of scenarios that have a name, by language.
    """
    folder.mkdir(parents=True, exist_ok=True)
    run = results(draws, scenarios=scenarios, last=last)
    run.to_netcdf(folder / "results.nc")
    write(folder, adequacy(run, tested=tested))
    meta = {
        "format": RUN_FORMAT,
        "run_id": "20250101-synthetic",
        "experiment": {
            "name": "made_up",
            "plan": "anyang_14fyp" if tested else None,
            "title": {"zh": "虚构规划", "en": "Made-up plan"} if tested else None,
            "titles": titles or {},
        },
        "sources": {"census": {"title_zh": "虚构普查", "title_en": "Made-up census"}},
        "regions": [{"code": "410500", "name_zh": "安阳市", "name_en": "Anyang"}],
        "seed": 5,
    }
    write_meta(folder, meta)
    timeseries = ["scenario,region,variable,group,year,unit,central,p10,p50,p90"]
    births = run["births"].sel(newborn_sex="total")
    for scenario in scenarios:
        for year in run["year"].values:
            v = births.sel(scenario=scenario, region="410500", year=year).values
            q = np.quantile(v[1:], (0.1, 0.5, 0.9))
            timeseries.append(
                f"{scenario},410500,births,total,{year},person,{v[0]:.3f}," + ",".join(f"{x:.3f}" for x in q)
            )
    (folder / "timeseries.csv").write_text("\n".join(timeseries) + "\n", encoding="utf-8")
    return folder


def write_extras(folder: Path) -> Path:
    """revise.csv and decomposition.csv to a folder of write_run, with hard cases in them."""
    rows = read_rows(folder / "adequacy_detail.csv")
    head = ("region", "scenario", "indicator_id", "scope", "year", "unit", "location")
    revised = []
    for row in rows:
        for k, p in enumerate(("0.8", "0.9", "0.95")):
            if row["verdict"] != "not_tested" and row["ratio_p50"]:
                now = float(row["target"]) / float(row["ratio_p50"])
                most = 4.0 if row["indicator_id"] == "gps_per_10000" else 1.0  # beyond the chart's edge
                value = now * most * (1 + 0.04 * k)
                line = {name: row.get(name, "") for name in head}
                revised.append(
                    line | {"p": p, "revised": value, "proposed": f"{value:.2f}", "kind": "recruit"}
                )
    _write(folder / "revise.csv", (*head, "p", "revised", "proposed", "kind"), revised)
    parts = {"size": -2600.0, "structure": 9e3, "rates": -1.4e-12, "policy": 0.0}
    columns = ("resource", "group", "factor", "region", "scenario", "year", "change")
    where = {"region": "410500", "scenario": "reference", "year": 2035, "group": "total"}
    changes = [
        where | {"resource": resource, "factor": factor, "change": change}
        for resource in ("beds", "nurses")
        for factor, change in parts.items()
    ]
    _write(folder / "decomposition.csv", columns, changes)
    return folder


def _write(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
