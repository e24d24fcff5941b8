from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import small
import xarray as xr
from paths import read_rows

from sim.errors import ConfigError, RunError
from sim.params import Sampler
from sim.params.record import Correlation
from sim.run import pipeline
from sim.run.kept import reduce
from sim.run.setup import Setup
from sim.sweeps import folder as sweepfile
from sim.sweeps import outputs, steered
from sim.sweeps import sweep as sweeps
from sim.sweeps.factors import parse_factors, parse_groups, taken
from sim.sweeps.output_names import parse_outputs
from sim.sweeps.outputs import evaluate
from sim.sweeps.plan_rows import Asked, asked_of
from sim.sweeps.steering import choose, steer

OVER = ["inpatient.alos", "mortality.e0_path_error", "inpatient.net_inflow=0.01:0.05"]
KNOWN = {
    "beds_required": ("total", "icu"),
    "beds_available": ("total", "icu"),
    "managed_required": ("elderly_65",),
    "nurses_required": ("total",),
    "doctors_required": ("total",),
    "births": ("total", "female", "male"),
    "tfr": (),
    "alos": ("tertiary", "primary"),
}


@pytest.fixture(scope="module")
def setup(tmp_path_factory: pytest.TempPathFactory) -> Setup:
    return small.setup(tmp_path_factory.mktemp("sweep"), 4, end=2022, test_years=[2022])


# names of outputs


def labels(*texts: str) -> list[str]:
    return [o.label for o in parse_outputs(texts, KNOWN, range(2020, 2026), (2025,))]


def test_output_names_and_years():
    assert labels("beds_ratio") == ["beds_ratio.total@2025"]
    assert labels("beds_gap.icu@2021,2022") == ["beds_gap.icu@2021", "beds_gap.icu@2022"]
    assert labels("births@2024..2025") == ["births.total@2024", "births.total@2025"]
    assert len(labels("births@all")) == 6
    assert labels("nurses_required/doctors_required") == ["nurses_required/doctors_required@2025"]
    assert labels("*_required@2021") == [
        "beds_required.total@2021",
        "doctors_required.total@2021",
        "nurses_required.total@2021",
    ]
    assert labels("beds_required.*@2020") == ["beds_required.total@2020", "beds_required.icu@2020"]
    assert labels("births.male/births.female") == ["births.male/births.female@2025"]
    assert labels("tf?") == ["tfr@2025"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("bed_ratio", r"no series 'bed_ratio' \| did you mean 'beds_ratio'"),
        ("beds_requird", "did you mean 'beds_required'"),
        ("beds_required.icy", "no group 'icy'.*did you mean 'icu'"),
        ("managed_required", "no group 'total'.*write managed_required.elderly_65"),
        ("births@1999", r"no year 1999 \| 2020..2025"),
        ("births@soon", "'soon' is not a year"),
        ("births@2025..2021", "reversed"),
        ("births + deaths", r"'births \+ deaths' is no series"),
        ("births.nonsense/births", "births has no group 'nonsense'"),
        ("tfr.male", "tfr has no groups, so no 'male'"),
        ("births - beds_required", "takes bed from person"),
        ("alos.tertiary+primary", "alos is a mean"),
        ("beds_per_1000:ratio", "the experiment has no plan"),
        ("zzz*", "fits no series"),
    ],
)
def test_unknown_outputs_are_refused(text: str, message: str):
    with pytest.raises(ConfigError, match=message):
        labels(text)


def test_output_values_by_hand():
    years = [2020, 2021]
    beds = xr.DataArray(
        [[[10.0, 20.0]], [[30.0, 0.0]]],
        {"year": years, "bed_group": ["total"], "draw": [0, 1]},
        ("year", "bed_group", "draw"),
    )
    kept = {"beds_required": beds, "beds_available": beds + 6}
    known = outputs.known_series(kept)
    wanted = parse_outputs(["beds_ratio@all", "beds_gap@2021"], known, years, ())
    values = evaluate(wanted, kept)
    np.testing.assert_allclose(values[:, 0], [1.6, 1.3])
    np.testing.assert_allclose(values[:, 1], [1.2, np.nan])
    np.testing.assert_allclose(values[:, 2], [6, 6])


# rows of the plan


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Setup:
    folder = tmp_path_factory.mktemp("planned")
    return small.setup(folder, 20, end=2026, plan="anyang_14fyp", test_years=[2026])


@pytest.fixture(scope="module")
def rows(planned: Setup) -> dict[str, Asked]:
    parameters = planned.parameters["reference", "410500"]
    kept = steered.series(parameters, (), np.empty((1, 0)), planned.years, planned.targets)
    return asked_of(planned, parameters, kept)


def of_plan(rows: dict[str, Asked], *texts: str) -> list[outputs.Output]:
    known = {**KNOWN, "beds_projected": ("total",)}
    return list(parse_outputs(texts, known, range(2020, 2027), (2026,), rows))


def test_rows_of_the_plan_by_name(rows: dict[str, Asked]):
    both = of_plan(rows, "beds_per_1000:ratio")
    assert [o.label for o in both] == ["beds_per_1000:ratio@2025", "beds_per_1000:ratio@2026"]
    (late,) = of_plan(rows, "beds_per_1000@2026:required")
    assert (late.label, late.unit) == ("beds_per_1000:required@2026", "per 1000")
    (gap,) = of_plan(rows, "beds_per_1000:gap@2025")
    assert gap.unit == "bed"
    assert len(of_plan(rows, "*:enough@2025")) > 10
    assert [o.name for o in of_plan(rows, "ambulance*:reached@2025")] == [
        "ambulance_population_ratio.urban:reached",
        "ambulance_population_ratio.counties:reached",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("beds_per_100:ratio", "no testable row 'beds_per_100'.*did you mean 'beds_per_1000'"),
        ("beds_per_1000:rato", "nothing is called 'rato'.*did you mean 'ratio'"),
        ("beds_per_1000:ratio@2022", "the target is for 2025, not yet for 2022"),
        ("beds_per_1000:ratio@2050", r"no year 2050 \| 2020..2026"),
        ("beds_per_1000", r"is a row of the plan \| write beds_per_1000:required\|"),
        ("bed_per_1000", r"is not an output \| write beds_per_1000:"),
        ("infant_mortality:ratio", "an outcome has no need.*it has available, reached"),
        ("ambulance_population_ratio:reached", r"write ambulance_population_ratio.urban or"),
        ("beds_per_1000:ratio:2025", "write INDICATOR:WHAT@YEAR"),
    ],
)
def test_unknown_rows_of_the_plan_are_refused(rows: dict[str, Asked], text: str, message: str):
    with pytest.raises(ConfigError, match=message):
        of_plan(rows, text)


# what is moved


def test_factors_with_their_own_or_a_stated_range(setup: Setup):
    parameters = setup.parameters["reference", "410500"]
    texts = ["inpatient.net_inflow", "inpatient.alos=x0.9:x1.1", "workforce.nurses_per_bed=x0.5:x2"]
    own, stated, cell = parse_factors(texts, parameters, {})
    assert (own.kind, stated.kind, stated.low, stated.high) == ("range", "times", 0.9, 1.1)
    sampler = Sampler(parameters, setup.years, 1)
    moved = steer(sampler, [stated, cell], np.array([[0.0, np.nan], [1.0, 1.0], [np.nan, 0.0]]))
    base = sampler.block([0])["inpatient.alos"].isel(draw=0, drop=True)
    low, high, central = (moved["inpatient.alos"].isel(draw=k, drop=True) for k in range(3))
    np.testing.assert_allclose(low.transpose(*base.dims), 0.9 * base)
    np.testing.assert_allclose(high.transpose(*base.dims), 1.1 * base)
    np.testing.assert_array_equal(central.transpose(*base.dims), base)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("inpatient.also", "no parameter 'inpatient.also'.*did you mean 'inpatient.alos'"),
        ("inpatient.alos=10:8", "the range is reversed: 10:8.*write 8:10"),
        ("inpatient.alos=8:8", "is empty"),
        ("inpatient.alos=a:b", "not all numbers"),
        ("inpatient.alos=5:6:7", "two ends, both values or both multiples.*write NAME=LOW:HIGH"),
        ("inpatient.alos=x0.9:9", "two ends, both values or both multiples"),
        ("inpatient.alos=0.9:x1.1", "two ends, both values or both multiples"),
        ("mortality.e0_change", "has no range.*write mortality.e0_change=LOW:HIGH"),
        ("migration.method=profil", "no method 'profil'.*did you mean 'profile'"),
        ("migration.method=none", "one value alone moves nothing"),
        ("migration.method=none,none", "none stands twice"),
        ("inpatient.alos=8,8.0", "8.0 stands twice"),
        ("adequacy.tight", "no stage reads adequacy.tight"),
    ],
)
def test_unknown_factors_are_refused(setup: Setup, text: str, message: str):
    with pytest.raises(ConfigError, match=message):
        parse_factors([text], setup.parameters["reference", "410500"], {})


def test_groups_are_refused_where_they_clash():
    assert parse_groups(["a=x.y,x.z"]) == {"a": ("x.y", "x.z")}
    with pytest.raises(ConfigError, match="is not NAME=a,b"):
        parse_groups(["a"])
    with pytest.raises(ConfigError, match=r"x\.y belongs to 'a' too"):
        sweeps.check_groups({"a": ("x.y",), "b": ("x.y",)})


def test_a_method_is_chosen_by_name(setup: Setup):
    parameters = setup.parameters["reference", "410500"]
    changed = choose(parameters, [("migration.method", "none")])
    assert str(changed["migration.method"].data.item()) == "none"


@pytest.mark.parametrize(
    "method", [*(pytest.param(m, marks=pytest.mark.slow) for m in ("sobol", "morris")), "lhs"]
)
def test_a_named_method_is_a_discrete_factor(setup: Setup, method: str):
    """Every run has the output that its own choice gives, beside a number that moves too."""
    over = ["migration.method", "inpatient.alos=x0.9:x1.1"]
    plan = sweeps.plan_sweep(setup, method=method, over=over, of=["births", "beds_required"], n=8)
    points = taken(plan.design, plan.factors)
    choices = plan.factors[0].choices
    assert set(points[:, 0]) == set(range(len(choices)))
    values = np.empty((len(points), 2))
    for block, rows in sweeps.blocks_of(plan, 256):
        values[rows] = block.compute()["values"].values
    parameters = setup.parameters["reference", "410500"]
    for place, choice in enumerate(choices):
        chosen = choose(parameters, [("migration.method", choice)])
        rows = np.flatnonzero(points[:, 0] == place)
        alone = steered.series(chosen, plan.factors[1:], points[rows, 1:], setup.years)
        np.testing.assert_array_equal(values[rows], evaluate(plan.outputs, alone)[1 : 1 + len(rows)])
    assert len(set(values[:, 0])) == len(choices)  # births follow the migrants, not the length of stay


def test_runs_are_listed_as_spans():
    assert steered.spans([0, 1, 2, 3, 7, 9, 10]) == "0..3, 7, 9..10"
    assert steered.spans([4]) == "4"


def test_faults_of_what_is_moved_and_watched_come_together(setup: Setup):
    with pytest.raises(ConfigError, match=r"(?s)is reversed.*no parameter 'a.b'.*no series 'nix'"):
        sweeps.plan_sweep(setup, over=["inpatient.alos=9:8", "a.b"], of=["nix"])


def test_a_named_method_may_belong_to_a_group_unless_it_is_walked(setup: Setup):
    over, group = ["migration.method", "inpatient.alos"], ["both=migration.method,inpatient.alos"]
    plan = sweeps.plan_sweep(setup, method="sobol", over=over, of=["births"], n=8, groups=group)
    assert plan.design.factors == ("both",)
    with pytest.raises(ConfigError, match=r"migration.method takes a list.*lhs, morris or sobol"):
        sweeps.plan_sweep(setup, method="oat", over=over, of=["births"], groups=group)


def test_morris_reads_distributions_short_of_their_ends(setup: Setup):
    """Its levels 0 and 1 are not the ends of a distribution, which may lie at infinity."""
    over = ["inpatient.alos", "inpatient.net_inflow=0.01:0.05"]
    plan = sweeps.plan_sweep(setup, method="morris", over=over, of=["births"], n=8)
    points = taken(plan.design, plan.factors)
    np.testing.assert_allclose(np.unique(points[:, 0]), [0.05, 0.35, 0.65, 0.95])
    np.testing.assert_allclose(np.unique(points[:, 1]), [0, 1 / 3, 2 / 3, 1])


def test_stages_computed_once_give_what_the_plain_chain_gives(setup: Setup):
    """Runs that share a population must not notice it."""
    parameters = setup.parameters["reference", "410500"]
    factors = parse_factors(OVER, parameters, {})
    rng = np.random.default_rng(1)
    points = rng.random((6, 3))
    points[3] = points[1]
    points[4, 1] = points[1, 1]
    points = np.concatenate([np.full((1, 3), np.nan), points, np.full((1, 3), np.nan)])
    params = steer(Sampler(parameters, setup.years, 0), factors, points)
    plain = reduce(pipeline.project(params, setup.years, range(8)), params)
    shared = steered.series(parameters, factors, points[1:-1], setup.years)
    assert set(plain) == set(shared)
    for name, array in plain.items():
        np.testing.assert_array_equal(shared[name].values, array.values, err_msg=name)


# the whole command


@pytest.fixture(scope="module")
def swept(setup: Setup, tmp_path_factory: pytest.TempPathFactory) -> Path:
    plan = sweeps.plan_sweep(setup, method="sobol", over=OVER, of=["beds_required"], n=8)
    return sweeps.sweep(plan, tmp_path_factory.mktemp("out"), charts=False)


def test_a_sweep_leaves_a_whole_folder(swept: Path):
    rows = read_rows(swept / "sensitivity.csv")
    assert {r["factor"] for r in rows} == {o.partition("=")[0] for o in OVER}
    assert {r["measure"] for r in rows} == {"first_order", "total"}
    assert all(float(r["low"]) <= float(r["value"]) <= float(r["high"]) for r in rows)
    with xr.open_dataset(swept / "sensitivity.nc") as saved:
        assert saved.sizes["run"] == 8 * 5
        assert saved["values"].dims == ("place", "run", "output")
        assert np.isfinite(saved["values"]).all()
    meta = json.loads((swept / "sweep.json").read_text(encoding="utf-8"))
    assert meta["runs"] == 40
    assert small.leftovers(swept.parent) == []


@pytest.mark.slow
def test_block_size_does_not_change_a_byte(setup: Setup, swept: Path, tmp_path: Path):
    plan = sweeps.plan_sweep(setup, method="sobol", over=OVER, of=["beds_required"], n=8)
    other = sweeps.sweep(plan, tmp_path, block_runs=10, charts=False)
    for name in ("sensitivity.csv", "sensitivity.nc"):
        assert (other / name).read_bytes() == (swept / name).read_bytes()


def test_a_sweep_that_fails_goes_on_where_it_stopped(
    setup: Setup, swept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    plan = sweeps.plan_sweep(setup, method="sobol", over=OVER, of=["beds_required"], n=8)

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(sweepfile, "write", full)
        with pytest.raises(RunError, match=r"No space left.*goes on from the finished blocks"):
            sweeps.sweep(plan, tmp_path, charts=False)
    monkeypatch.setattr(steered, "series", lambda *args: pytest.fail("computed again"))
    folder = sweeps.sweep(plan, tmp_path, charts=False)
    assert (folder / "sensitivity.csv").read_bytes() == (swept / "sensitivity.csv").read_bytes()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_chart_for_each_output(swept: Path, lang: str):
    from sim.charts.sweep import draw_sweep

    (path,) = draw_sweep(swept, lang=lang)
    assert path.name == f"sobol_beds_required.total_2022_{lang}.png"
    assert path.stat().st_size > 10_000


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "extra"),
    [
        ("oat", ["--over", "migration.method"]),
        ("grid", ["--over", "migration.method", "--n", "2"]),
        ("morris", ["--n", "4", "--group", "hospital=inpatient.alos,inpatient.net_inflow"]),
        ("lhs", ["--n", "16"]),
    ],
)
def test_every_method_from_the_command_line(
    cli: Callable[..., object], tmp_path: Path, method: str, extra: list[str]
):
    path = small.experiment(tmp_path, 4, end=2022, test_years=[2022])
    over = [f"--over={name}" for name in ("inpatient.alos", "inpatient.net_inflow")]
    done = cli(
        "sweep",
        path,
        "--method",
        method,
        *over,
        "--of",
        "beds_required",
        "--workers",
        1,
        "--out",
        tmp_path / "out",
        *extra,
    )
    assert done.code == 0, done.err  # type: ignore[attr-defined]
    folder = Path(done.out.strip().splitlines()[-1])  # type: ignore[attr-defined]
    assert "beds_required.total@2022" in done.out  # type: ignore[attr-defined]
    assert len(list((folder / "charts").glob(f"{method}_*.png"))) == 1


def test_a_sobol_size_that_is_no_power_of_two_is_said(setup: Setup):
    with pytest.raises(ConfigError, match="n = 100 is not a power of two"):
        sweeps.plan_sweep(setup, method="sobol", over=OVER, of=["births"], n=100)


def test_what_runs_draw_together_is_said_to_be_moved_apart(setup: Setup):
    names = ["inpatient.alos", "inpatient.net_inflow"]
    parameters = dict(setup.parameters["reference", "410500"])
    for name in names:
        old = parameters[name]
        spread = old.record.range.model_copy(update={"correlate": Correlation(group="g", rho=0.5)})  # type: ignore[union-attr]
        record = old.record.model_copy(update={"range": spread})
        parameters[name] = replace(old, record=record)
    linked = replace(setup, parameters={("reference", "410500"): parameters})
    plan = sweeps.plan_sweep(linked, method="oat", over=names, of=["births"])
    assert len(plan.notes) == 1
    assert f"--group g={','.join(names)}" in plan.notes[0]
    group = [f"g={','.join(names)}"]
    assert sweeps.plan_sweep(linked, method="oat", over=names, of=["births"], groups=group).notes == ()


def test_two_factors_that_move_one_cell_are_refused(setup):
    parameters = setup.parameters["reference", "410500"]
    texts = ["inpatient.alos=7:9", "inpatient.alos.tertiary=x0.9:x1.1"]
    with pytest.raises(ConfigError, match=r"'--over' sets inpatient.alos.tertiary twice .*leave each cell"):
        parse_factors(texts, parameters, {})
    apart = ["inpatient.alos.primary=5:6", "inpatient.alos.tertiary=x0.9:x1.1"]
    assert len(parse_factors(apart, parameters, {})) == 2


def test_stated_ends_need_no_place_for_the_range(setup):
    """An end where the parameter's own range would pass 100 %: the sweep does not use that range."""
    parameters = setup.parameters["reference", "410500"]
    factors = parse_factors(["inpatient.tertiary_share_of_hospital=50:98"], parameters, {})
    params = steer(Sampler(parameters, setup.years, 0), factors, np.array([[0.0], [1.0]]))
    found = params["inpatient.tertiary_share_of_hospital"]
    assert found.isel(draw=1).values == pytest.approx(0.98)
