"""From an experiment file to everything a run needs: regions, parameters of each scenario."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sim.argument_kinds import looked_at
from sim.arguments import choice_faults, refuse, whole_faults
from sim.config import Experiment, find_root, read_experiment, revalidated
from sim.config.standard import scenario_remedy
from sim.errors import ConfigError, ParameterError, fault, raise_all
from sim.known.words import PARTS
from sim.params import Parameter
from sim.places import Region, list_regions
from sim.plan import Plan
from sim.plan.rulebook import Rulebook
from sim.plan.targets import PlanTarget
from sim.plan.tests import TestRule
from sim.run import pipeline
from sim.run.acting import idle_faults
from sim.run.counted import Entry, tables_given
from sim.run.places import Asked, asked_parts, lacking_over, named_regions, of_places
from sim.run.planned import misread_tables, read_plan
from sim.run.scenario import first_year


@dataclass(frozen=True)
class Setup:
    """A resolved experiment."""

    experiment: Experiment
    root: Path
    file: Path
    regions: tuple[Region, ...]
    scenarios: tuple[str, ...]
    parameters: Mapping[tuple[str, str], Mapping[str, Parameter]]
    """(scenario, region code) -> parameters by dotted name."""
    targets: tuple[PlanTarget, ...] = ()
    """Resource targets of the plan."""
    plan: Plan | None = None
    rules: Mapping[tuple[str, str], TestRule] = field(default_factory=dict)
    """How each indicator is tested."""
    settings: tuple[tuple[str, Any], ...] = ()
    log: tuple[str, ...] = field(default=())
    """Each replacement and override, old -> new."""
    parts: tuple[Region, ...] = ()
    """What the one region is divided into, where the experiment asks for it."""
    part_parameters: Mapping[tuple[str, str], Mapping[str, Parameter]] = field(default_factory=dict)
    """(scenario, code of the part) -> parameters by dotted name."""
    left_out: tuple[tuple[str, str, float], ...] = ()
    """Code, name and residents of 2020 of parts whose census says too little to project them."""
    counted: tuple[Entry, ...] = ()
    """Local counts, and what each changed."""
    first: int | None = None
    """Year of the base population; the experiment's base where that is later is the end of history."""
    rulebook: Rulebook = field(default_factory=Rulebook)
    """What the plan is judged by beside the tests of its indicators."""

    @property
    def years(self) -> tuple[int, ...]:
        """Model years, that of the base population first."""
        base = self.experiment.years.base
        return tuple(range(base if self.first is None else self.first, self.experiment.years.end + 1))

    @property
    def history(self) -> tuple[int, ...]:
        """Years after the base population that are history: the same in every scenario."""
        return tuple(y for y in self.years[1:] if y <= self.experiment.years.base)


@looked_at
def set_up(
    file: Path | str,
    *,
    settings: Sequence[tuple[str, Any]] = (),
    scenarios: Sequence[str] = (),
    changes: Mapping[str, Any] | None = None,
    experiment: Experiment | None = None,
    known: Sequence[str] = (),
    only: Collection[str] | None = None,
    workers: int = 1,
) -> Setup:
    """Read an experiment and everything it names.

    settings: `--set` pairs; they win over overrides, which win over parameter sets.
    scenarios: run only these, of the experiment or of the standard set.
    changes: fields of the experiment to replace (draws, ...).
    experiment: taken instead of what `file` holds (a saved run's own); `file` then says only
    where the working folder is.  known: tables of local counts, `FILE` or `CODE=FILE`, that stand
    before those that the experiment names.  only: of the tables named, counts of people, use or
    supply alone.  workers: processes that set up many places.
    Raises ConfigError or ParameterError with every fault.
    """
    file = Path(file)
    refuse(whole_faults("workers", workers, 1), *(choice_faults("only", part, PARTS) for part in only or ()))
    experiment = _stated(experiment or read_experiment(file, scenarios), changes, known, str(file))
    root = find_root(file.parent)
    chosen = _chosen_scenarios(experiment, scenarios, str(file), root)
    listed = list_regions(root)
    faults: list[str] = []
    regions = named_regions(experiment, root, file, listed, faults)
    plan, rules, targets, rulebook = read_plan(experiment, root, file, faults)
    parts, left_out = asked_parts(experiment, root, file, listed, faults)
    kind = ConfigError if faults else ParameterError
    asked = partial(Asked, experiment, root, file, chosen, listed, tuple(settings), only)
    whole, of_parts = of_places(asked(False), regions, workers), of_places(asked(True), parts, workers)
    raise_all(kind, list(dict.fromkeys([*faults, *whole.faults, *of_parts.faults])))
    log = tuple(dict.fromkeys([*whole.log, *of_parts.log]))
    told = (tuple(settings), log, parts, of_parts.parameters, left_out, tuple(whole.counted))
    first = first_year(next(iter(whole.parameters.values()), None))
    base = (experiment, root, file, tuple(regions), chosen, whole.parameters, targets, plan, rules)
    setup = Setup(*base, *told, first, rulebook)
    _check(setup, whole.lacking | of_parts.lacking)
    return setup


def _stated(
    experiment: Experiment, changes: Mapping[str, Any] | None, known: Sequence[str], place: str
) -> Experiment:
    """An experiment with some fields replaced, and tables of counts beside those that it names."""
    changed = dict(changes or {})
    refuse(*(choice_faults("changes", name, tuple(Experiment.model_fields)) for name in changed))
    if known:
        changed["known"] = {**experiment.known, **tables_given(known, experiment.regions)}
    return revalidated(experiment.model_copy(update=changed), place) if changed else experiment


def _chosen_scenarios(
    experiment: Experiment, wanted: Sequence[str], place: str, root: Path
) -> tuple[str, ...]:
    unknown = [name for name in dict.fromkeys(wanted) if name not in experiment.scenarios]
    remedies = {name: scenario_remedy(name, list(experiment.scenarios), root) for name in unknown}
    told = [fault(f"{place}: scenarios", f"no scenario '{n}'", remedy) for n, remedy in remedies.items()]
    raise_all(ConfigError, told)
    return tuple(dict.fromkeys(wanted)) or tuple(experiment.scenarios)


def _check(setup: Setup, lacking: Mapping[tuple[str, str], list[str]]) -> None:
    """The stages' parameters are all there, and cover the years.

    lacking: what each place lacks over the years from its own base year on.
    Raises ParameterError.
    """
    pipeline.check_chain()
    found: dict[str, set[str]] = {}
    for key, own in lacking.items():
        parameters = setup.parameters.get(key) or setup.part_parameters[key]
        if first_year(parameters) != setup.first:
            own = lacking_over(setup.experiment, parameters, setup.root, setup.file, setup.first)
        for line in own:
            found.setdefault(line, set()).add(key[1])
    raise_all(ParameterError, [_of_region(setup, line, codes) for line, codes in found.items()])
    asked = (setup.experiment, setup.years, setup.file, setup.root, setup.settings, setup.parameters)
    raise_all(ParameterError, idle_faults(*asked))
    if setup.plan is not None:
        misread = partial(misread_tables, setup.rules, setup.rulebook.needs, root=setup.root)
        faults = [f for given in setup.parameters.values() for f in misread(given)]
        raise_all(ConfigError, list(dict.fromkeys(faults)))


def _of_region(setup: Setup, line: str, codes: set[str]) -> str:
    """A fault with the places that have it, unless all of them do."""
    places = (*setup.regions, *setup.parts)
    named = [f"{r.code} {r.name_en}" for r in places if r.code in codes]
    return line if len(named) == len(places) else f"{', '.join(named)}: {line}"
