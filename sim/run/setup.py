"""From an experiment file to everything a run needs: regions, parameters of each scenario."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sim.adequacy import Thresholds
from sim.catalogue import bases
from sim.config import Experiment, find_root, read_experiment, revalidated
from sim.config.standard import scenario_remedy
from sim.errors import ConfigError, ParameterError, SimError, fault, raise_all
from sim.params import Parameter, Sampler, conflicts, override
from sim.params.catalogue import role_faults
from sim.params.units import unit
from sim.places import Region, divide, find_region, list_regions, read_place
from sim.plan import Plan, load_plan
from sim.plan.floors import load_floors
from sim.plan.needs import OF_PLAN, needs_of, needs_table
from sim.plan.needs import misread as misread_needs
from sim.plan.targets import PlanTarget, plan_targets
from sim.plan.tests import TestRule, load_rules, misread, tests_table
from sim.plan.verdict_rules import load_verdict_rules
from sim.run import pipeline
from sim.run.counted import Entry, tables_given, with_counts
from sim.run.history import after_history, history_faults
from sim.run.possible import after_counts, counted_faults, horizon_faults, input_faults
from sim.schema import OPEN_LABELS, kept_labels
from sim.textfile import did_you_mean

BASE = "population.base"
_THRESHOLDS = ("adequate", "tight", "surplus_ratio", "surplus_probability")
_ADEQUACY = tuple(
    f"adequacy.{n}"
    for n in (
        *_THRESHOLDS,
        "influence",
        "fewest_draws",
        "after_target",
        "unstated_basis",
        "norm_gap",
        "same_within",
    )
)


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

    @property
    def years(self) -> tuple[int, ...]:
        """Model years, that of the base population first."""
        base = self.experiment.years.base
        return tuple(range(base if self.first is None else self.first, self.experiment.years.end + 1))

    @property
    def history(self) -> tuple[int, ...]:
        """Years after the base population that are history: the same in every scenario."""
        return tuple(y for y in self.years[1:] if y <= self.experiment.years.base)


def set_up(
    file: Path | str,
    *,
    settings: Sequence[tuple[str, Any]] = (),
    scenarios: Sequence[str] = (),
    changes: Mapping[str, Any] | None = None,
    experiment: Experiment | None = None,
    known: Sequence[str] = (),
    only: Collection[str] | None = None,
) -> Setup:
    """Read an experiment and everything it names.

    settings: `--set` pairs; they win over overrides, which win over parameter sets.
    scenarios: run only these, of the experiment or of the standard set.
    changes: fields of the experiment to replace (draws, ...).
    experiment: taken instead of what `file` holds (a saved run's own); `file` then says only
    where the working folder is.  known: tables of local counts, `FILE` or `CODE=FILE`, that stand
    before those that the experiment names.  only: of the tables named, counts of people, use or
    supply alone.
    Raises ConfigError or ParameterError with every fault.
    """
    file = Path(file)
    experiment = _stated(experiment or read_experiment(file, scenarios), changes, known, str(file))
    root = find_root(file.parent)
    chosen = _chosen_scenarios(experiment, scenarios, str(file), root)
    listed = list_regions(root)
    faults: list[str] = []
    regions = _regions(experiment, root, file, listed, faults)
    plan, rules, targets = _plan(experiment, root, file, faults)
    parts, left_out = _parts(experiment, root, file, listed, faults)
    kind = ConfigError if faults else ParameterError
    log: list[str] = []
    counted: list[Entry] = []
    read = partial(_of_places, experiment, root, file, chosen, listed, settings, faults, log, counted, only)
    parameters, of_parts = read(regions, part=False), read(parts, part=True)
    raise_all(kind, list(dict.fromkeys(faults)))
    told = (tuple(settings), tuple(dict.fromkeys(log)), parts, of_parts, left_out, tuple(counted))
    first = _first(next(iter(parameters.values()), None))
    base = (experiment, root, file, tuple(regions), chosen, parameters, targets, plan, rules)
    setup = Setup(*base, *told, first)
    _check(setup)
    return setup


def _of_places(
    experiment: Experiment,
    root: Path,
    file: Path,
    scenarios: Sequence[str],
    known: Mapping[str, Region],
    settings: Sequence[tuple[str, Any]],
    faults: list[str],
    log: list[str],
    counted: list[Entry],
    only: Collection[str] | None,
    places: Sequence[Region],
    *,
    part: bool,
) -> dict[tuple[str, str], Mapping[str, Parameter]]:
    """The parameters of places under each scenario; of those that cannot be read none, and `faults`."""
    found: dict[tuple[str, str], Mapping[str, Parameter]] = {}
    for place in places:
        base = _base(experiment, root, place, known, faults, [] if part else log)
        base = _counted(experiment, root, place, base, faults, [] if part else counted, only)
        for scenario in scenarios if base is not None else ():
            own = _overridden(experiment, scenario, base or {}, file, settings, faults, log, part)
            found[scenario, place.code] = own
    return found


def _stated(
    experiment: Experiment, changes: Mapping[str, Any] | None, known: Sequence[str], place: str
) -> Experiment:
    """An experiment with some fields replaced, and tables of counts beside those that it names."""
    changed = dict(changes or {})
    if known:
        changed["known"] = {**experiment.known, **tables_given(known, experiment.regions)}
    return revalidated(experiment.model_copy(update=changed), place) if changed else experiment


def _base(
    experiment: Experiment,
    root: Path,
    region: Region,
    known: Mapping[str, Region],
    faults: list[str],
    log: list[str],
) -> Mapping[str, Parameter] | None:
    """The parameters of a place as they are read; None, and `faults`, where they cannot be."""
    try:
        return read_place(root, region, experiment.parameters, log, known)
    except SimError as error:
        faults += str(error).splitlines()
        return None


def _parts(
    experiment: Experiment, root: Path, file: Path, known: Mapping[str, Region], faults: list[str]
) -> tuple[tuple[Region, ...], tuple[tuple[str, str, float], ...]]:
    """The parts that an experiment asks for, and those left out; where there are none goes to `faults`."""
    if experiment.parts is None or faults:
        return (), ()
    try:
        division = divide(root, experiment.regions[0], experiment.parts)
    except ConfigError as error:
        faults.append(f"{file}: {error}")
        return (), ()
    return tuple(find_region(root, code, known) for code in division.codes), division.left_out


def _of_whole(parameters: Mapping[str, Parameter], key: str, value: Any) -> bool:
    """Whether an override counts people or things: of a whole it says nothing of a part."""
    parameter = parameters.get(".".join(key.split(".")[:2]))
    if parameter is None or parameter.is_method or not unit(parameter.record.unit).counts:
        return False
    return not (isinstance(value, Mapping) and set(value) <= {"multiply", "add_per_1000"})


def _first(parameters: Mapping[str, Parameter] | None) -> int | None:
    """Year of the base population."""
    year = None if parameters is None else parameters[BASE].record.year
    return year if isinstance(year, int) else None


def _counted(
    experiment: Experiment,
    root: Path,
    region: Region,
    parameters: Mapping[str, Parameter] | None,
    faults: list[str],
    entries: list[Entry],
    only: Collection[str] | None,
) -> Mapping[str, Parameter] | None:
    """The parameters of a place that start from its local counts; what these changed goes to `entries`."""
    first = _first(parameters)
    if parameters is None or first is None:
        return parameters
    try:
        years = range(first, experiment.years.end + 1)
        found, mine = with_counts(root, region, parameters, experiment, years, only)
    except SimError as error:
        faults += str(error).splitlines()
        return None
    entries += mine
    return found


def _regions(
    experiment: Experiment, root: Path, file: Path, known: Mapping[str, Region], faults: list[str]
) -> list[Region]:
    """The places that an experiment names; those that are not known go to `faults`."""
    found = []
    for code in experiment.regions:
        try:
            found.append(find_region(root, code, known))
        except ConfigError as error:
            faults.append(f"{file}: {error}")
    return found


def _chosen_scenarios(
    experiment: Experiment, wanted: Sequence[str], place: str, root: Path
) -> tuple[str, ...]:
    unknown = [name for name in dict.fromkeys(wanted) if name not in experiment.scenarios]
    remedies = {name: scenario_remedy(name, list(experiment.scenarios), root) for name in unknown}
    told = [fault(f"{place}: scenarios", f"no scenario '{n}'", remedy) for n, remedy in remedies.items()]
    raise_all(ConfigError, told)
    return tuple(dict.fromkeys(wanted)) or tuple(experiment.scenarios)


def _plan(
    experiment: Experiment, root: Path, file: Path, faults: list[str]
) -> tuple[Plan | None, Mapping[tuple[str, str], TestRule], tuple[PlanTarget, ...]]:
    """The plan, its rules and its resource targets; what is wrong with the plan goes to `faults`."""
    if experiment.plan is None:
        return None, {}, ()
    folder = root / "parameters" / "plans"
    plans = [p.parent.name for p in folder.glob("*/plan.yaml")]
    if experiment.plan not in plans:
        remedy = did_you_mean(experiment.plan, plans)
        faults.append(fault(f"{file}: plan", f"no plan '{experiment.plan}'", remedy))
        return None, {}, ()
    try:
        plan = load_plan(root / "parameters", experiment.plan)
        rules = load_rules(root)
        load_verdict_rules(root / "parameters")
        load_floors(root / "parameters")
        targets = plan_targets(plan, rules)
    except SimError as error:
        faults += str(error).splitlines()
        return None, {}, ()
    if plan.region not in experiment.regions:
        wrong = f"'{experiment.plan}' is a plan of region {plan.region}"
        remedy = f"write regions: ['{plan.region}'], or leave plan out for a projection only"
        faults.append(fault(f"{file}: plan", wrong, remedy))
    faults += horizon_faults(experiment, plan, str(file))
    return plan, rules, targets


def _overridden(
    experiment: Experiment,
    scenario: str,
    base: Mapping[str, Parameter],
    file: Path,
    settings: Sequence[tuple[str, Any]],
    faults: list[str],
    log: list[str],
    part: bool,
) -> Mapping[str, Parameter]:
    """The parameters of a scenario: overrides in order, then `--set`.

    part: of a part of the region, for which counts of the whole do not hold.
    """
    current = dict(base)
    named = [
        (name, key, value)
        for name in experiment.scenarios[scenario]
        for key, value in experiment.overrides[name].items()
    ]
    faults += conflicts(base, named, f"{file}: scenarios.{scenario}")
    faults += conflicts(base, [("--set", key, value) for key, value in settings], "command line")
    steps = [(key, value, f"{file}: overrides.{name}") for name, key, value in named]
    steps += [(key, value, "--set") for key, value in settings]
    shared = frozenset.intersection(*map(frozenset, experiment.scenarios.values()))
    later = [name not in shared for name, _, _ in named] + [False] * len(settings)
    for i, (key, value, place) in enumerate(steps):
        if i == len(named):
            faults += counted_faults(current, base, f"{file}: scenarios.{scenario}")
        if part and _of_whole(base, key, value):
            log.append(f"[{scenario}] {key}: set for the whole alone; its parts are made to add up to it")
            continue
        try:
            changed = override(current, key, after_counts(current, key, value), place)
            if later[i]:
                changed = _from_base(experiment, current, changed, place, faults)
        except SimError as error:
            faults.append(str(error))
            continue
        for name, parameter in changed.items():
            if parameter is not current.get(name) and not part:
                log.append(f"[{scenario}] {parameter.changed}")
        current = changed
    if not settings:
        faults += counted_faults(current, base, f"{file}: scenarios.{scenario}")
    return current


def _from_base(
    experiment: Experiment,
    before: Mapping[str, Parameter],
    changed: Mapping[str, Parameter],
    place: str,
    faults: list[str],
) -> dict[str, Parameter]:
    """What an override of some scenarios changes, from the year after the experiment's base on."""
    last, first = experiment.years.base, _first(before)
    out = dict(changed)
    if first is None or last <= first:
        return out
    years = range(first, experiment.years.end + 1)
    for name, parameter in changed.items():
        if parameter is not before.get(name):
            faults += history_faults(before[name], parameter, last, place)
            out[name] = after_history(before[name], parameter, last, years)
    return out


def thresholds(parameters: Mapping[str, Parameter]) -> Thresholds:
    """Verdict thresholds among the parameters.

    Raises ParameterError where their order makes no sense.
    """
    return Thresholds(*(float(parameters[f"adequacy.{name}"].data) for name in _THRESHOLDS))


def _check(setup: Setup) -> None:
    """The stages' parameters are all there, and cover the years.

    Raises ParameterError.
    """
    pipeline.check_chain()
    found: dict[str, set[str]] = {}
    for (_, code), parameters in (*setup.parameters.items(), *setup.part_parameters.items()):
        try:
            _check_case(parameters, setup)
        except ParameterError as error:
            for line in str(error).splitlines():
                found.setdefault(line, set()).add(code)
    raise_all(ParameterError, [_of_region(setup, line, codes) for line, codes in found.items()])
    if setup.plan is not None:
        faults = [f for own in setup.parameters.values() for f in _misread(setup, setup.plan, own)]
        raise_all(ConfigError, list(dict.fromkeys(faults)))


def _of_region(setup: Setup, line: str, codes: set[str]) -> str:
    """A fault with the places that have it, unless all of them do."""
    places = (*setup.regions, *setup.parts)
    named = [f"{r.code} {r.name_en}" for r in places if r.code in codes]
    return line if len(named) == len(places) else f"{', '.join(named)}: {line}"


def _misread(setup: Setup, plan: Plan, parameters: Mapping[str, Parameter]) -> list[str]:
    """What the plan's tables name that these parameters do not have: diseases, shares."""
    labels: dict[str, tuple[str, ...]] = {}
    for parameter in parameters.values():
        for dim in set(OPEN_LABELS) & set(map(str, parameter.data.dims)):
            labels[dim] = tuple(str(label) for label in parameter.data[dim].values)
    known, root = kept_labels(labels), setup.root / "parameters"
    needs = needs_of(root, plan.id)
    faults = misread(setup.rules.values(), known, tests_table(setup.root))
    faults += misread_needs(needs, known, needs_table(root))
    for need in needs:
        if need.share and not need.share.startswith(OF_PLAN) and need.share not in parameters:
            place = f"{needs_table(root)}:{need.line}"
            remedy = did_you_mean(need.share, [*parameters])
            faults.append(fault(place, f"{need.id}: share '{need.share}' is no parameter", remedy))
    return faults


def _check_case(parameters: Mapping[str, Parameter], setup: Setup) -> None:
    place = str(setup.file)
    remedy = "name the set that holds it under `parameters`"
    raise_all(
        ParameterError,
        [
            fault(place, f"no parameter set gives '{name}'", remedy)
            for name in (*_ADEQUACY, *bases.PARAMETERS.values())
            if name not in parameters
        ],
    )
    pipeline.check_parameters(parameters, place)
    raise_all(ParameterError, role_faults(setup.root / "parameters", parameters.keys()))
    base, counted = setup.experiment.years.base, parameters[BASE].record.year
    if not isinstance(counted, int) or base < counted or counted != setup.first:
        wrong = f"base {base}, but the base population is of {counted}"
        raise ParameterError(fault(f"{place}: years", wrong, f"write base: {counted}, or a later year"))
    thresholds(parameters)
    raise_all(ParameterError, input_faults(parameters, setup.years))
    Sampler(parameters, setup.years, setup.experiment.draws.seed)
