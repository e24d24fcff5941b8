"""What follows once results.nc stands: tables, verdicts and charts, from the saved file alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import xarray as xr

from sim import turns
from sim.adequacy import (
    population_basis,
    questions,
    revise,
    standards,
)
from sim.adequacy.case import Swings
from sim.adequacy.indicators import assess
from sim.argument_kinds import looked_at
from sim.arguments import choice_faults, refuse, whole_faults
from sim.catalogue.language import LANGS
from sim.drivers import decompose, influence, life_expectancy, policy_births
from sim.intact import fingerprints
from sim.run import apart, runner
from sim.run.bands import MCSE_TABLE, SERIES_TABLE, drawn_series, write_bands
from sim.run.cases import cases
from sim.run.costs import of_run, write_costs
from sim.run.given import write_given
from sim.run.jobs import Jobs, results_stand, side_by_side
from sim.run.part_tables import write_parts
from sim.run.pool import Phase, unsaid
from sim.run.setup import Setup
from sim.run.side_by_side import write_places
from sim.saved.row_table import as_read, printed, write_printed
from sim.store import open_results
from sim.writing import joined, write_json, write_rows

WRITTEN = (
    "results.nc",
    "adequacy.csv",
    "adequacy_detail.csv",
    "timeseries.csv",
    "influence.csv",
    "decomposition.csv",
    "parameters.csv",
    "audit.csv",
    "places.csv",
    "parts.nc",
    "parts.csv",
    "parts_gap.csv",
    "parts_alone.nc",
    "timeseries_mcse.csv",
    "standards.csv",
    "basis.csv",
    "costs.csv",
    "decomposition.json",
    "policy_births.csv",
    "e0_goal.csv",
    "revise.csv",
)
"""Tables of a run whose fingerprints run.json states; of revise.csv `revise` states it anew."""


MOST_DRAWN = 60
"""Regions of a run up to which it draws charts and writes a workbook."""
TABLES, CHARTS = "tables", "charts"


@looked_at
@turns.one_run
def run_experiment(
    setup: Setup,
    out: Path | str,
    *,
    workers: int = 1,
    charts: bool = True,
    lang: str = "zh",
    phase: Phase = unsaid,
    **options: Any,
) -> Path:
    """Run an experiment, with all its tables and (unless charts=False) charts; returns its folder.

    Charts show the first region; a run of more than MOST_DRAWN has none, nor a workbook, unless
    `plot` is asked for them.  lang: of charts and workbook.  phase: told of the phases after the
    projection, `tables` and `charts`.  workers, options (block_draws, progress, executor, until_mcse): as
    of `runner.run`.
    Raises ConfigError for a folder that cannot be written to, and ParameterError for an unknown language and
    for blocks or workers below 1, before anything is computed.  Threads of one process take turns.
    """
    refuse(choice_faults("lang", lang, LANGS), whole_faults("workers", workers, 1))
    few = len(setup.regions) <= MOST_DRAWN
    drawn = partial(draw, lang=lang, phase=phase) if charts and few else None
    tables = Tables(phase)
    return runner.run(setup, out, workers=workers, early=tables.begun, tables=tables, charts=drawn, **options)


class Tables:
    """`write_tables` of a run, begun before its results.nc stands with what takes the experiment alone."""

    def __init__(self, phase: Phase) -> None:
        self._phase = phase
        self._jobs: Jobs | None = None

    @contextmanager
    def begun(self, setup: Setup, folder: Path, workers: int) -> Iterator[None]:
        """While the results are put together, and then the tables made of them."""
        if workers == 1 or setup.experiment.results.series:
            yield
            return
        with Jobs(_jobs(setup, folder), workers) as jobs:
            self._jobs = jobs
            yield

    def __call__(self, setup: Setup, folder: Path, workers: int) -> dict[str, Any]:
        """What run.json says of them."""
        return write_tables(setup, folder, workers, phase=self._phase, begun=self._jobs)


def _jobs(setup: Setup, folder: Path) -> list[Callable[[], Any]]:
    """The tables of a run of all series, in shares; their first things take no results."""
    jobs: list[Callable[[], Any]] = [partial(_series, setup, folder), partial(_verdicts, setup, folder)]
    return [*jobs, partial(_parts, setup, folder)] if setup.parts else jobs


def write_tables(
    setup: Setup,
    folder: Path,
    workers: int = 1,
    phase: Phase = unsaid,
    begun: Jobs | None = None,
) -> dict[str, Any]:
    """The tables of a run folder, those of the verdicts beside the others on two processes.

    timeseries (and its _mcse), influence, standards, decomposition (and .json), basis, adequacy,
    adequacy_detail, revise, costs (with a plan), policy_births, e0_goal, parameters, audit; places of
    a run with several regions, parts and parts_gap of one with parts.  Returns what run.json says of
    them: `central_outside_band`, the series whose central line leaves its own P10-P90, `parts_gap`,
    how far the parts alone are from the whole in the last year, and `files`, fingerprints.
    begun: the same, begun before the results stood.
    """
    if setup.experiment.results.series:
        return _tables_of_some(setup, folder, workers, partial(phase, TABLES))
    if begun is not None:
        begun.stand()
    if len(setup.regions) > 1:
        write_places(setup, folder)
    outside, *rest = side_by_side(_jobs(setup, folder), workers, partial(phase, TABLES), begun)
    gaps = rest[1:]
    told = {"parts_gap": gaps[0]} if gaps else {}
    return {"central_outside_band": outside, **told, "files": fingerprints(folder, WRITTEN)}


def _series(setup: Setup, folder: Path) -> list[dict[str, Any]]:
    """What the projection says, apart from verdicts; returns the series outside their band."""
    write_given(setup, folder)
    write_rows(folder / "e0_goal.csv", life_expectancy.COLUMNS, life_expectancy.goal_rows(setup))
    decomposed = list(decompose.decomposition_rows(setup))
    results_stand()
    with open_results(folder / "results.nc") as results:
        outside = write_bands(folder, results, setup.experiment.results.years)
        rows = standards.standard_rows(cases(setup, results))
        write_rows(folder / "standards.csv", standards.COLUMNS, rows)
        _write_decomposition(setup, results, folder, decomposed)
        added = policy_births.policy_rows(results)
        write_rows(folder / "policy_births.csv", policy_births.COLUMNS, added)
    return outside if setup.experiment.draws.n else []


def _tables_of_some(
    setup: Setup, folder: Path, workers: int, told: Callable[[int, int], None]
) -> dict[str, Any]:
    """Of a run that stores some series: what they are, and from which parameters; no row of verdicts.

    The bands of each series are written apart and then put together, so that many places take all
    workers and little memory.
    """
    with open_results(folder / "results.nc") as results:
        names = drawn_series(results)
    jobs: list[Callable[[], Any]] = [partial(_bands_of, setup, folder, name) for name in names]
    jobs.append(partial(write_given, setup, folder))
    if len(setup.regions) > 1:
        jobs.append(partial(write_places, setup, folder))
    found = side_by_side(jobs, workers, told)[: len(names)]
    for table_name in (SERIES_TABLE, MCSE_TABLE):
        joined(folder / table_name, [folder / f"{name}.{table_name}" for name in names])
    write_printed(folder, [])
    outside = [row for own in found for row in own] if setup.experiment.draws.n else []
    return {"central_outside_band": outside, "files": fingerprints(folder, WRITTEN)}


def _bands_of(setup: Setup, folder: Path, name: str) -> list[dict[str, Any]]:
    with open_results(folder / "results.nc") as results:
        return write_bands(folder, results[[name]], setup.experiment.results.years, f"{name}.")


def _verdicts(setup: Setup, folder: Path) -> None:
    """The verdicts, what they rest on, and the targets that would hold."""
    swings: dict[str, Swings] = {}

    def measured() -> Iterator[Swings]:
        for own in influence.each(setup):
            if setup.plan is not None:  # only cases read them again
                swings[own.region] = own
            yield own

    write_rows(folder / "influence.csv", influence.COLUMNS, influence.rows(measured()))
    results_stand()
    with open_results(folder / "results.nc") as results:
        found = list(cases(setup, results, swings))
        rows = assess(found)
        on_bases = population_basis.basis_rows(found)
        population_basis.note_effects(rows, on_bases)
        if found:
            write_costs(setup, folder, found, of_run(rows))
        rows += questions.need_rows(found, on_bases)
        write_rows(folder / "basis.csv", population_basis.COLUMNS, map(population_basis.printed, on_bases))
        lines = [printed(row) for row in rows]
        write_printed(folder, lines)
        series = {(case.scenario, case.region): case.measures for case in found}
        revised = revise.revised_rows(lambda *place: series[place], as_read(lines))
        revise.write(folder, revised)


def _parts(setup: Setup, folder: Path) -> list[dict[str, Any]]:
    """The tables of the parts; returns the gaps of the last year."""
    results_stand()
    return write_parts(setup, folder)


def _write_decomposition(
    setup: Setup, results: xr.Dataset, folder: Path, decomposed: Iterable[Mapping[str, Any]]
) -> None:
    """decomposition.csv and what it says of itself; decomposed: the rows of what moves a need."""
    years = sorted({*setup.experiment.test_years, setup.years[-1]} - {setup.years[0]})
    rows = chain(decomposed, decompose.scenario_rows(results, years))
    write_rows(folder / "decomposition.csv", decompose.COLUMNS, rows)
    write_json(folder / "decomposition.json", decompose.describe(setup))


def draw(folder: Path, workers: int = 1, lang: str = "zh", phase: Phase = unsaid) -> None:
    """Charts and the workbook of a run folder in a language, side by side on `workers` processes."""
    count = 4 * workers  # shares small enough to end together, and to be told of
    page = partial(_draw_share, folder, lang, slice(-1, None))  # it alone takes as long as six others
    charts = [partial(_draw_share, folder, lang, slice(i, -1, count)) for i in range(count)]
    apart.done([partial(_write_book, folder, lang), page, *charts], workers, partial(phase, CHARTS))


def _draw_share(folder: Path, lang: str, share: slice) -> None:
    from sim.charts import chart_names, draw_charts

    names = chart_names(folder)[share]
    if names:
        draw_charts(folder, names, lang=lang)


def _write_book(folder: Path, lang: str) -> None:
    from sim.report import write_workbook

    write_workbook(folder, lang)
