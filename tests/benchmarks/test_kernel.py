"""Speed of the projection kernel, as ratios within one run: `pytest --benchmark-only -s`.

Bytes that must move for given rates: survival ratios and fertility read once, population and births
written once. The triad a = b + s c moves 24 bytes per element, in pieces that stay in cache.
"""

import os
import time
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from sim.demography.kernel import blocks, project_block
from sim.demography.mortality import solve_shift
from sim.demography.parity import project_parity
from sim.lifetable import mx_to_sx

YEARS, BLOCK = 30, 256
AGE = np.arange(101)


def given_rates(draws, years=YEARS):
    """Base, survival ratios, fertility and sex ratio for a block of draws."""
    rng = np.random.default_rng(0)
    mx = np.minimum(5e-5 * np.exp(0.09 * AGE), 0.6)[None, None, :, None]
    mx = mx * np.exp(rng.normal(0, 0.05, (years, 2, 1, draws)))
    asfr = 0.1 * np.exp(-(((np.arange(10, 55) - 28) / 6.0) ** 2))[None, :, None]
    asfr = asfr * np.exp(rng.normal(0, 0.05, (years, 1, draws)))
    base = 1e4 * np.exp(-AGE / 90)[None, :, None] * np.ones((2, 1, draws))
    return base, mx, {"sx": mx_to_sx(mx), "asfr": asfr, "srb": np.full((1, 1), 1.06)}


def best(function, repeats=5):
    """Shortest of some runs, seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)


def triad_bytes_per_second(elements=16_000_000, piece=8192):
    a, b, c = np.zeros(elements), np.ones(elements), np.ones(elements)

    def triad():
        for i in range(0, elements, piece):
            s = slice(i, i + piece)
            np.multiply(c[s], 3.0, out=a[s])
            np.add(a[s], b[s], out=a[s])

    return 24 * elements / best(triad, 3)


def xarray_loop(base, rates, years):
    """The plain way: one draw, labelled arrays, one year after the other."""
    coords = {"sex": ["female", "male"], "age": AGE}
    population = xr.DataArray(base, dims=("sex", "age"), coords=coords)
    sx = xr.DataArray(rates["sx"][..., 0], dims=("year", "sex", "age"), coords=coords)
    asfr = xr.DataArray(rates["asfr"][..., 0], dims=("year", "age"), coords={"age": AGE[10:55]})
    srb, found = 1.06, [population]
    share = xr.DataArray([1 / (1 + srb), srb / (1 + srb)], dims="sex", coords={"sex": coords["sex"]})
    for year in range(years):
        s = sx.isel(year=year)
        aged = population.shift(age=1, fill_value=0.0)
        aged = aged + population.where(population["age"] == 100, 0.0)
        end = aged * s
        women = 0.5 * (population + end).sel(sex="female").sel(age=slice(10, 54))
        births = (women * asfr.isel(year=year)).sum("age") * share
        end = xr.where(end["age"] == 0, births * s.sel(age=0), end)
        found.append(end)
        population = end
    return xr.concat(found, "year").transpose("year", "sex", "age")


def report(benchmark, **figures):
    benchmark.extra_info.update({k: round(float(v), 4) for k, v in figures.items()})
    print("\n" + "\n".join(f"  {k.replace('_', ' '):45s} {v:14.4g}" for k, v in figures.items()))


def test_kernel_against_plain_xarray_and_the_triad(benchmark):
    base, _, rates = given_rates(BLOCK)
    out = project_block(base, **rates, deaths=False)
    benchmark(project_block, base, **rates, deaths=False, out=out)
    kernel = best(lambda: project_block(base, **rates, deaths=False, out=out), 20) / BLOCK / YEARS
    plain_years = 5
    plain = best(lambda: xarray_loop(base[..., 0], rates, plain_years), 3) / plain_years
    same = xarray_loop(base[..., 0], rates, plain_years).values
    np.testing.assert_allclose(out.population[: plain_years + 1, ..., 0], same, rtol=1e-12)
    large = 2000
    base, _, rates = given_rates(large)
    out = project_block(base, **rates, deaths=False)
    seconds = best(lambda: project_block(base, **rates, deaths=False, out=out))
    moved = rates["sx"].nbytes + rates["asfr"].nbytes + out.population.nbytes + out.births.nbytes
    moved += out.births_by_age.nbytes
    triad = triad_bytes_per_second()
    report(
        benchmark,
        kernel_draw_years_per_second=1 / kernel,
        times_faster_than_an_xarray_loop=plain / kernel,
        triad_gigabytes_per_second=triad / 1e9,
        share_of_triad_for_given_rates=moved / seconds / triad,
        bound_draw_years_per_second=triad * large * YEARS / moved,
    )
    assert plain / kernel > 1000
    assert moved / seconds / triad > 0.2


def test_cost_per_draw_year_is_flat(benchmark):
    """Every size projects 100,000 draws in all, in turns; least processor time of a turn."""
    base, _, rates = given_rates(BLOCK)
    prepared = {}

    def project(draws):
        for part in blocks(draws, BLOCK):
            n = part.stop - part.start
            if n not in prepared:
                cut = {k: np.ascontiguousarray(v[..., :n]) for k, v in rates.items()}
                first = np.ascontiguousarray(base[..., :n])
                prepared[n] = first, cut, project_block(first, **cut, deaths=False)
            first, cut, out = prepared[n]
            project_block(first, **cut, deaths=False, out=out)

    sizes, work = (100, 1_000, 10_000, 100_000), 100_000
    seconds = dict.fromkeys(sizes, np.inf)
    for _ in range(6):
        for draws in sizes:
            start = time.process_time()
            for _ in range(work // draws):
                project(draws)
            seconds[draws] = min(seconds[draws], time.process_time() - start)
    benchmark.pedantic(project, args=(10_000,), rounds=3)
    cost = {d: s / work / YEARS * 1e9 for d, s in seconds.items()}
    spread = max(cost.values()) / min(cost.values())
    figures = {f"nanoseconds_per_draw_year_{d}_draws": c for d, c in cost.items()}
    report(benchmark, **figures, largest_over_smallest=spread)
    assert spread < 2.0


def test_rates_made_from_draws(benchmark):
    """Death rates of each draw: survival in the kernel, and beside it the exponential's floor."""
    base, mx, rates = given_rates(BLOCK)
    rates.pop("sx")
    logs, target = np.log(mx), np.empty_like(mx)
    out = project_block(base, mx=mx, **rates)
    benchmark(project_block, base, mx=mx, **rates, out=out)
    with_mx = best(lambda: project_block(base, mx=mx, **rates, out=out), 10)
    floor = best(lambda: np.exp(logs, out=target), 10)
    rng = np.random.default_rng(1)
    reference = np.broadcast_to(mx[0, ..., 0], (15, 2, 101))
    e0 = 78 + rng.normal(0, 1, (15, 2, 1000))
    shift = {m: best(lambda m=m: solve_shift(reference, e0, m), 2) for m in ("logit", "lee_carter")}
    report(
        benchmark,
        draw_years_per_second=BLOCK * YEARS / with_mx,
        exp_alone_draw_years_per_second=BLOCK * YEARS / floor,
        share_of_exp_floor=floor / with_mx,
        seconds_to_hit_e0_logit_15_years_1000_draws=shift["logit"],
        seconds_to_hit_e0_lee_carter_15_years_1000_draws=shift["lee_carter"],
    )
    assert shift["logit"] < 2.0


def test_fertility_by_parity(benchmark):
    curve = np.exp(-0.5 * ((np.arange(101) - 28) / 5.0) ** 2)
    curve[[*range(15), *range(50, 101)]] = 0.0
    shares = np.zeros((101, 4))
    shares[:, 0] = 1.0
    hazards = curve[:, None] * np.array([0.12, 0.15, 0.06, 0.08])
    tfr = np.random.default_rng(1).uniform(1.0, 1.4, (YEARS + 1, BLOCK))
    run = benchmark(project_parity, shares, hazards, tfr)
    seconds = best(lambda: project_parity(shares, hazards, tfr))
    assert run.shares.shape[-1] == BLOCK
    report(benchmark, draw_years_per_second=BLOCK * YEARS / seconds)


def test_world(benchmark):
    folder = os.environ.get("HEALTHPLAN_WPP")
    file = Path(folder or ".") / "wpp2024_world.npz"
    if not folder or not file.exists():
        pytest.skip("HEALTHPLAN_WPP names no folder with wpp2024_world.npz: world not timed")
    z = np.load(file, allow_pickle=True)

    def last(name):
        return np.ascontiguousarray(np.moveaxis(z[name].astype(float), 0, -1))

    base = np.maximum(last("jan1_2024")[::-1], 0.0)
    flows = {
        "mx": last("mx_derived")[:, ::-1],
        "net_migration": last("mig")[:, ::-1],
        "asfr": last("asfr_derived"),
        "srb": last("srb"),
    }
    flows = {k: np.ascontiguousarray(v) for k, v in flows.items()}
    block = benchmark(project_block, base, **flows, out_migration="cap")
    middle = 0.5 * (block.population[26] + block.population[27])
    published = np.moveaxis(z["pop_mid"][:, list(z["year_pop"]).index(2050), ::-1], 0, -1)
    error = np.abs(middle.sum((0, 1)) / published.sum((0, 1)) - 1) * 100
    large = published.sum((0, 1)) > 1e6
    seconds = best(lambda: project_block(base, **flows, out_migration="cap"))
    report(
        benchmark,
        countries=base.shape[-1],
        seconds_2024_to_2100=seconds,
        country_years_per_second=base.shape[-1] * 77 / seconds,
        median_error_percent_2050=np.median(error[large]),
        largest_error_percent_2050=error[large].max(),
    )
    assert error[large].max() < 0.05
