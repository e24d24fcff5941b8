"""`healthplan stress`: a saved run's planned beds put under daily load; a CSV table and a netCDF file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import xarray as xr

from sim.config.experiment import STRESS_YEARS
from sim.errors import ConfigError, fault, raise_all
from sim.hospital import Mapped, Precision, System, find_warm_up, run
from sim.hospital.stress import CurvePoint, bed_curve
from sim.hospital.surge import Epidemic
from sim.intact import added
from sim.run.again import setup_again
from sim.run.leftovers import REPLICATIONS
from sim.run.setup import Setup
from sim.run.work import taken_up
from sim.store import open_run
from sim.stress import inputs, rows, waves
from sim.stress.inputs import Place
from sim.stress.netcdf import FACTORS, Answer, dataset
from sim.stress.replications import kept_in
from sim.stress.rows import Row
from sim.stress.rules import RULES
from sim.textfile import pick
from sim.writing import whole, write_rows

CURVE_REPLICATIONS = 3
NORMAL = "none"

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """What is put under load, and how: of the command, else of the run's own experiment."""

    scenario: str
    years: tuple[int, ...]
    surge: str | None
    replications: int | None
    """Exactly so many; None: until the intervals are narrow, `most` at the most."""
    most: int
    seed: int
    own_seed: bool

    @property
    def stem(self) -> str:
        """Name of the files: another year, wave, scenario, number or seed has files of its own."""
        parts = ["hospital", self.scenario, *map(str, self.years), self.surge or "normal"]
        if self.replications is not None:
            parts.append(f"{self.replications}_replications")
        if self.own_seed:
            parts.append(f"seed_{self.seed}")
        return "_".join(parts)


@dataclass(frozen=True)
class Stressed:
    """What a stress test found, and where it stands."""

    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    """What has changed since the run: parameters, schema."""
    table: Path
    charts: tuple[Path, ...]


def stress(
    run_dir: Path,
    years: Sequence[int] = (),
    surge: str | None = None,
    replications: int | None = None,
    workers: int = 1,
    *,
    scenario: str | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    charts: bool = True,
    lang: str = "zh",
) -> Stressed:
    """Stress the planned beds of a saved run.

    Writes `<stem>.csv`, `<stem>.nc` and charts into the run folder (the stem says scenario, years
    and wave); finished replications are kept in its folder .hospital, so that a test broken off
    goes on where it was.  What is stressed is what the run's own record says, whatever has become
    of its experiment file; parameters are those of the files as they are now, and the notes say
    which have changed.
    years, surge, seed: None or empty = the experiment's.  replications: None = until the intervals
    are narrow, at most the experiment's number.  scenario: the run's first by default.
    Raises ConfigError for a folder that is no run, an unknown year, wave or scenario.
    """
    saved = open_run(run_dir)
    setup, notes = setup_again(saved)
    asked = ask(setup, years, surge, replications, scenario, seed)
    say = progress or (lambda _: None)
    kept = saved.path / REPLICATIONS
    mapped = kept_in(kept, workers)
    answers: list[Answer] = []
    drawn: list[Path] = []
    with taken_up(kept):
        with saved.results() as results:
            for place, region in _places(setup, saved.path, results.load(), asked):
                say(f"{region} {place.year}")
                answers += _answer(place, region, setup, asked, mapped)
        found = [{"scenario": asked.scenario, **row} for answer in answers for row in answer.rows]
        table = saved.path / f"{asked.stem}.csv"
        data = dataset(answers).assign_attrs(
            scenario=asked.scenario, run=saved.path.name, Conventions="CF-1.10"
        )
        with added(saved.path) as made:
            write_rows(made / table.name, rows.COLUMNS, found)
            with whole(made / f"{asked.stem}.nc") as part:
                data.to_netcdf(part, engine="netcdf4")
        if charts:
            from sim.charts.hospital import draw_hospital

            drawn = draw_hospital(saved.path, asked.stem, lang=lang)
    return Stressed(tuple(found), tuple(notes), table, tuple(drawn))


def ask(
    setup: Setup,
    years: Sequence[int] = (),
    surge: str | None = None,
    replications: int | None = None,
    scenario: str | None = None,
    seed: int | None = None,
) -> Asked:
    """What is asked for, the experiment's settings where nothing is.

    Raises ConfigError for a scenario or a year that the run has not got.
    """
    settings = setup.experiment.hospital
    chosen = pick("--scenario", scenario, setup.scenarios)
    wanted = tuple(sorted(set(years or _own_years(setup))))
    span = f"{setup.years[0]} to {setup.years[-1]}"
    place = "--year" if years else "hospital.years of the experiment"
    raise_all(
        ConfigError,
        [fault(place, f"year {y} is not in the run", span) for y in wanted if y not in setup.years],
    )
    return Asked(
        chosen,
        wanted,
        surge if surge is not None else settings.surge,
        replications,
        settings.replications,
        setup.experiment.draws.seed if seed is None else seed,
        seed is not None,
    )


def _own_years(setup: Setup) -> Sequence[int]:
    """The experiment's years; of the default those of the run, its last year if there is none."""
    own = setup.experiment.hospital.years
    if own != STRESS_YEARS:
        return own
    return [y for y in own if y in setup.years] or [setup.years[-1]]


def _places(setup: Setup, folder: Path, results: xr.Dataset, asked: Asked) -> Iterator[tuple[Place, str]]:
    for year in asked.years:
        for region in setup.regions:
            at = results.sel(scenario=asked.scenario, region=region.code)
            by_rule = inputs.reported(folder, asked.scenario, region.code, year)
            planned = by_rule | inputs.planned(at, setup.targets, year)
            yield Place(at, planned, setup.parameters[asked.scenario, region.code], year), region.code


def _answer(place: Place, region: str, setup: Setup, asked: Asked, mapped: Mapped) -> list[Answer]:
    asked_wave = waves.epidemic(place, asked.surge) if asked.surge else None  # its name is known before days
    system = inputs.build_system(place, setup.root / "parameters" / "national" / RULES)
    warm = find_warm_up(system, seed=asked.seed, mapped=mapped)
    system = replace(system, clock=replace(system.clock, warm_up=warm.days))
    settle = "" if warm.settled else "warm-up: MSER-5 found no flat part in half of the pilot"
    curve = _curve(place, system, asked.seed, mapped)
    cases: list[tuple[str, System, Epidemic | None]] = [(NORMAL, system, None)]
    if asked_wave is not None:
        cases.append((asked_wave.name, waves.with_wave(system, place, asked_wave), asked_wave))
    answers = []
    for name, case, wave_or_none in cases:
        result = run(
            case,
            seed=asked.seed,
            replications=asked.replications,
            precision=Precision(most=asked.most),
            mapped=mapped,
        )
        found = list(rows.simulated(result, settle))
        found += rows.needed(place, system, curve) if wave_or_none is None else rows.waves(case)
        found += rows.ambulances(place, wave_or_none is not None)
        labels = {"region": region, "year": place.year, "surge": name}
        own_curve = tuple(curve) if wave_or_none is None else ()
        own_rows = tuple({**labels, **row} for row in found)
        answers.append(Answer(region, place.year, name, result, warm.days, own_curve, own_rows))
    return answers


def _curve(place: Place, system: System, seed: int, mapped: Mapped) -> list[CurvePoint]:
    levels = {p.name: inputs.service_level(place, p.name) for p in system.pools}
    return bed_curve(system, FACTORS, levels, seed=seed, replications=CURVE_REPLICATIONS, mapped=mapped)
