"""Replications: theory inside the intervals, same numbers at any worker count, nothing lost."""

import math
from dataclasses import replace

import numpy as np
import pytest

from sim.errors import ParameterError
from sim.hospital import Clock, Pattern, PoolSpec, Precision, System, Wave, erlang, run
from sim.hospital.replicate import Job, find_warm_up, in_turn, of_series
from sim.hospital.replication import FIGURES
from sim.hospital.statistics import mean_interval, share_interval, stream
from sim.hospital.system import sample_units
from sim.hospital.warmup import mser5

WEEK = (1.4, 1.2, 1.14, 1.06, 1.0, 0.66, 0.54)


def pool(name="ward", beds=40, load=36.0, mean=6.0, **more):
    return PoolSpec(name, beds, load * 365 / mean, mean, **more)


def system(*pools, days=None, warm_up=60, **more):
    return System(pools, Clock(2025, warm_up, days), **more)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("shape", ["exponential", "lognormal", "weibull", "deterministic", "gamma"])
def test_loss_is_erlang_b_whatever_the_shape_of_the_stay(shape):
    cv = {"exponential": 1.0, "deterministic": 0.0}.get(shape, 1.5)
    beds, load = 30, 27.0
    done = run(system(pool(beds=beds, load=load, cv=cv, shape=shape), days=1500), seed=11, replications=8)
    blocked, used = (done.figure("ward", f) for f in ("blocked", "occupancy"))
    assert blocked.holds(float(erlang.erlang_b(load, beds)))
    assert used.holds(float(erlang.occupancy(load, beds)))
    assert blocked.half_width < 0.012
    assert done.figure("ward", "full_time").holds(float(erlang.erlang_b(load, beds)))  # PASTA


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("beds", "load"), [(2, 1.2), (10, 8.0), (300, 291.0)])
def test_delay_is_mmc_at_small_and_large_c(beds, load):
    given = pool(beds=beds, load=load, mean=4.0, shape="exponential", elective_share=1.0)
    done = run(system(given, days=3000 if beds < 50 else 900, warm_up=120), seed=1, replications=6)
    wait = done.figure("ward", "wait")
    assert wait.holds(float(erlang.mean_wait(load, beds, 4.0)))
    assert done.figure("ward", "occupancy").holds(load / beds)


@pytest.mark.slow
def test_loss_of_a_large_unit():
    done = run(system(pool(beds=1500, load=1490.0), days=1000), seed=2, replications=6)
    assert done.figure("ward", "blocked").holds(float(erlang.erlang_b(1490.0, 1500)))


def test_published_stroke_unit():
    # Monks et al. (2016), BMC Health Serv Res 16:530, doi:10.1186/s12913-016-1789-4: acute stroke
    # unit, four kinds of patients; printed probability of delay by beds 0.14, 0.09, 0.06, 0.02.
    kinds = {"stroke_rehab": (1.2, 0.24 + 0.63, 7.4, 8.61), "stroke_esd": (1.2, 0.13, 4.6, 4.8)}
    kinds |= {"tia": (9.3, 1, 1.8, 2.3), "neuro": (3.6, 1, 4.0, 5.0), "other": (3.2, 1, 3.8, 5.2)}
    rates = {k: share / gap for k, (gap, share, _, _) in kinds.items()}
    total = sum(rates.values())
    mean = sum(rates[k] * kinds[k][2] for k in kinds) / total
    square = sum(rates[k] * (kinds[k][2] ** 2 + kinds[k][3] ** 2) for k in kinds) / total
    cv = math.sqrt(square - mean**2) / mean
    for beds, printed in ((10, 0.14), (11, 0.09), (12, 0.06), (14, 0.02)):
        unit = PoolSpec("stroke", beds, total * 365, mean, cv)
        blocked = run(system(unit, days=5 * 365), seed=5, replications=10).figure("stroke", "blocked")
        assert blocked.low - 0.005 <= printed <= blocked.high + 0.005  # printed to two digits


def test_littles_law_and_the_flow_balance_on_a_system_with_routes():
    given = (
        pool(
            "big",
            300,
            270.0,
            8.0,
            unit_beds=100,
            elective_share=0.5,
            transfers=1,
            boards=True,
            patience=30.0,
            elective=Pattern(weekday=WEEK),
            overflow=("small",),
        ),
        pool("small", 40, 33.0, 5.0, unit_beds=20, overflow=("big",), transfers=1),
    )
    done = run(system(*given, discharge=(11.0, 2.0)), seed=1, replications=6)
    for name in ("big", "small"):
        gap = done.figure(name, "little_gap")
        assert abs(gap.mean) < 0.01
    small = {f: done.figure("small", f).mean for f in FIGURES}
    parts = small["transferred"] + small["overflowed"] + small["boarded"] + small["turned_away"]
    assert small["blocked"] == pytest.approx(parts, abs=1e-9)
    assert small["transferred"] > 0 < small["overflowed"]


def test_weekday_pattern_given_is_the_pattern_found():
    ward = pool(
        beds=4000,
        load=600,
        mean=1e-6,
        shape="deterministic",
        elective_share=1.0,
        elective=Pattern(weekday=WEEK),
    )
    ward = replace(ward, admissions=200_000)
    from sim.hospital.replication import draw_patients
    from sim.hospital.system import build_sample

    given = system(ward, warm_up=0, days=364)
    patients, _ = draw_patients(given, build_sample(given), 1, 0)
    weekday = (patients.arrival.astype(int) + 2) % 7  # 1 January 2025 is a Wednesday
    found = np.bincount(weekday, minlength=7) / (patients.arrival.size / 7)
    assert found == pytest.approx(WEEK, abs=0.03)


def test_a_job_is_its_series_whoever_runs_it_and_its_key_is_its_input():
    given = system(pool(beds=12, load=10.0))
    job = Job(given, 4, 1)
    (alone,) = in_turn([job])
    again = of_series(job.compute())
    assert np.array_equal(again.figures, alone.figures, equal_nan=True)
    assert np.array_equal(again.daily, alone.daily)
    others = [Job(given, 4, 2), Job(given, 5, 1), Job(system(pool(beds=13, load=10.0)), 4, 1)]
    assert len({one.key for one in (job, Job(given, 4, 1), *others)}) == 4
    assert run(given, seed=4, replications=2).replications[1].daily.tolist() == alone.daily.tolist()


def test_the_runner_that_is_handed_in_gets_every_job():
    asked = []

    def mapped(jobs):
        asked.extend((job.seed, job.replication) for job in jobs)
        return in_turn(jobs)

    given = system(pool(beds=12, load=10.0))
    goal = Precision(occupancy=1e-9, blocked=1e-9, batch=2, most=3)
    assert not run(given, seed=4, precision=goal, mapped=mapped).precise
    assert asked == [(4, 0), (4, 1), (4, 2)]
    find_warm_up(given, seed=4, pilots=1, days=30, mapped=mapped)
    assert len(asked) == 4


def test_common_random_numbers_pair_two_plans():
    few, many = (system(pool(beds=b, load=28.0)) for b in (30, 32))
    a = [r.figures[0, FIGURES.index("blocked")] for r in in_turn([Job(few, 1, k) for k in range(8)])]
    b = [r.figures[0, FIGURES.index("blocked")] for r in in_turn([Job(many, 1, k) for k in range(8)])]
    c = [r.figures[0, FIGURES.index("blocked")] for r in in_turn([Job(many, 2, k) for k in range(8)])]
    paired = mean_interval(np.subtract(a, b)).half_width
    assert paired < 0.5 * mean_interval(np.subtract(a, c)).half_width


def test_replications_until_the_interval_is_narrow():
    goal = Precision(occupancy=0.01, blocked=0.01, batch=5, most=60)
    done = run(system(pool(beds=20, load=17.0)), seed=1, precision=goal)
    assert done.precise
    assert len(done.replications) % 5 == 0
    assert done.figure("ward", "blocked").half_width <= 0.01
    with pytest.raises(ParameterError, match="1 replications"):
        run(system(pool()), seed=1, replications=1)


def test_streams_are_named_and_apart():
    same = stream(1, "a", 0).random(3)
    assert np.array_equal(same, stream(1, "a", 0).random(3))
    assert not np.array_equal(same, stream(1, "b", 0).random(3))
    assert not np.array_equal(same, stream(1, "a", 1).random(3))


def test_mser_finds_the_end_of_a_transient():
    rng = np.random.default_rng(1)
    series = 1 - np.exp(-np.arange(300) / 12) + rng.normal(0, 0.03, 300)
    cut = mser5(series)
    assert 20 <= cut.days <= 70
    assert cut.settled
    assert not mser5(np.arange(300.0)).settled
    with pytest.raises(ParameterError, match="7 days"):
        mser5(np.ones(7))
    warm = find_warm_up(system(pool(cv=1.0, elective_share=0.5, patience=30.0)), seed=1, pilots=3)
    assert warm.days % 7 == 0
    assert 7 <= warm.days <= 105


def test_intervals():
    assert mean_interval([1.0, 2.0, 3.0]).half_width == pytest.approx(4.303 * 1 / math.sqrt(3), rel=1e-3)
    # Wilson's interval for 0 of 10: 0 to 0.2775
    assert share_interval(0, 10).high == pytest.approx(0.2775, abs=1e-4)


@pytest.mark.slow
def test_the_sample_keeps_the_load_per_bed_and_the_size_of_units():
    pools = (
        pool("ter", 12_000, 10_000.0, unit_beds=900),
        pool("sec", 10_000, 8_000.0, unit_beds=250),
        pool("icu", 270, 200.0, unit_beds=20),
    )
    counts = sample_units(pools)
    assert counts[0] == 2
    assert 2 <= counts[1] <= 40 * 2 / 13 + 1
    done = run(system(*pools), seed=1, replications=2)
    for given in pools:
        expected = float(erlang.occupancy(given.load / given.units, round(given.beds / given.units)))
        assert done.figure(given.name, "occupancy").mean == pytest.approx(expected, rel=0.03)


def test_a_wave_fills_beds_at_its_time():
    per_day = tuple(3.0 * math.exp(-0.5 * ((d - 30) / 9) ** 2) for d in range(61))
    calm = system(pool(beds=60, load=20.0))
    hit = system(replace(calm.pools[0], wave=Wave(per_day, 8.0, 0.9, first=60)))
    a, b = (run(s, seed=1, replications=3) for s in (calm, hit))
    extra = (b.daily("ward") - a.daily("ward")).mean(axis=0) * 60
    assert abs(extra[:60]).max() < 1e-9  # same patients before
    assert extra.argmax() == pytest.approx(60 + 30 + 5, abs=8)
    assert extra.sum() == pytest.approx(sum(per_day) * 8.0, rel=0.15)


@pytest.mark.parametrize(
    ("pools", "message"),
    [
        ([dict(beds=0)], "ward . 0 beds . 1 bed or more"),
        (
            [dict(beds=30, load=36.0, elective_share=1.0)],
            "load 36.0 >= 30 beds and nobody leaves the line",
        ),
        ([dict(beds=30, load=36.0, boards=True)], "give a patience, or turn away"),
        ([dict(mean=-3.0)], "mean stay -3 days"),
        ([dict(cv=math.nan)], "CV of the stay nan"),
        ([dict(overflow=("moon",))], "overflow to 'moon'"),
        ([dict(), dict()], "stands twice"),
        (
            [dict(elective=Pattern(weekday=(2.0,) * 7))],
            "weekday . averages 2.0000 . a pattern averages 1",
        ),
        ([dict(elective_share=1.3)], "elective share 1.3"),
    ],
)
def test_refusals(pools, message):
    with pytest.raises(ParameterError, match=message):
        system(*(pool(**p) for p in pools))


def test_overload_with_a_stop_runs_and_one_without_is_said():
    lossy = run(system(pool(beds=10, load=20.0)), seed=1, replications=2)
    assert lossy.figure("ward", "blocked").mean > 0.45
    endless = pool(beds=10, load=20.0, elective_share=1.0)
    assert not endless.settles
    assert run(system(endless, allow_unsettled=True), seed=1, replications=2).replications
