"""Schema of experiments/*.yaml: frozen, every field explained, unknown keys refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field, field_validator, model_validator

from sim.config.names import EXPERIMENT_NAME, is_region_code, name_fault, same_names, title_fault
from sim.config.title import Title
from sim.digits import FEWEST, MOST
from sim.schema import kept_labels
from sim.strict import STRICT, Version, as_tuple, as_tuples
from sim.textfile import did_you_mean


class _Frozen(BaseModel):
    model_config = STRICT


class Years(_Frozen):
    """The span of a projection."""

    base: int = Field(ge=2000, le=2100)
    """Year whose 31 December is the start: the census base, or a later year; the years between are
    history, the same in all scenarios."""
    end: int = Field(ge=2000, le=2100)
    """Last year projected."""

    @model_validator(mode="after")
    def _forward(self) -> Years:
        if self.end <= self.base:
            raise ValueError(f"end {self.end} is not after base {self.base} | write a later end")
        return self


class Draws(_Frozen):
    """How uncertainty is sampled."""

    n: int = Field(default=200, ge=0, le=1_000_000)
    """Number of draws besides the central one (draw 0)."""
    seed: int = Field(default=1, ge=0, lt=2**63)
    """Seed of every stream."""


class SweepSettings(_Frozen):
    """Defaults of `healthplan sweep` for this experiment."""

    method: Literal["grid", "oat", "lhs", "morris", "sobol"] = "oat"
    """How the parameter space is walked."""
    n: int = Field(default=256, ge=1, le=1_048_576)
    """Base sample size (Sobol: a power of two) or points of a grid."""
    over: tuple[str, ...] = ()
    """Parameters by dotted name; empty means every one with a range."""
    of: tuple[str, ...] = ()
    """Outputs, such as beds_ratio or beds_required.total@2035."""
    groups: dict[str, tuple[str, ...]] = {}
    """Parameters that move together under one name."""

    _tuple = field_validator("over", "of", mode="before")(as_tuple)

    _tuples = field_validator("groups", mode="before")(as_tuples)


STRESS_YEARS = (2025, 2035)
GONE = {
    "hospital": {
        "warm_up_days": "never had an effect: the warm-up is found in each system's own course (MSER-5)",
        "run_days": "never had an effect: a whole year is observed, for its seasons",
    },
}
"""Block -> key -> why the key is no longer one; the key was read up to version 0.1."""


class HospitalSettings(_Frozen):
    """Defaults of `healthplan stress` for this experiment."""

    years: tuple[int, ...] = STRESS_YEARS
    """Years whose beds are put under daily load; those of the default as far as the projection goes."""
    replications: int = Field(default=20, ge=2, le=10_000)
    """Most replications of a pool."""
    surge: str | None = None
    """Named epidemic wave, none if empty."""

    _tuple = field_validator("years", mode="before")(as_tuple)


class Results(_Frozen):
    """What a run stores of its draws; for large runs and many places."""

    series: tuple[str, ...] = ()
    """Series to store, and the only ones computed for; all if empty.  Without a plan only."""
    digits: int | None = Field(default=None, ge=FEWEST, le=MOST)
    """Significant digits that results.nc keeps, off by half a unit of the last; single precision if empty."""

    years: tuple[int, ...] = ()
    """Years of timeseries.csv, for many places; all if empty.  results.nc has all."""

    _tuple = field_validator("series", "years", mode="before")(as_tuple)


class Experiment(_Frozen):
    """One experiment: a region's census projected and a plan tested against it."""

    schema_: Version = Field(alias="schema")
    """Version of this schema."""
    name: str = Field(pattern=EXPERIMENT_NAME)
    """Folder below outputs/."""
    title: Title | None = None
    """Shown on charts."""
    regions: tuple[str, ...] = Field(min_length=1)
    """Six-digit administrative codes, as text."""
    parts: Literal["provinces", "prefectures", "counties"] | None = None
    """What the region is divided into: its parts run beside it, adding up to it."""
    plan: str | None = None
    """Plan to test; a folder of parameters/plans. Empty: projection only."""
    years: Years
    """Base and last year."""
    test_years: tuple[int, ...] = (2025, 2035)
    """Years to test besides the plan's own target year; the target is carried forward."""
    known: dict[str, str] = {}
    """Code of a region -> table of its local counts, from the working folder; they stand before those
    of its own folder."""
    parameters: tuple[str, ...] = ("national", "standards")
    """Parameter sets, later ones win; the region's own set follows by itself."""
    scenarios: dict[str, tuple[str, ...]] = {"reference": ()}
    """Scenario name -> names of overrides, applied in order."""
    titles: dict[str, Title] = {}
    """Scenario name -> its name on charts and tables in both languages; the name itself if empty."""
    overrides: dict[str, dict[str, Any]] = {}
    """Name -> {dotted parameter: value, path or {multiply|add: ...}}."""
    draws: Draws = Draws()
    """Number of draws and seed."""
    sweep: SweepSettings = SweepSettings()
    """Defaults of a sensitivity sweep."""
    hospital: HospitalSettings = HospitalSettings()
    """Defaults of the hospital model."""
    results: Results = Results()
    """What is stored."""

    _tuple = field_validator("regions", "parameters", "test_years", mode="before")(as_tuple)

    @field_validator("regions")
    @classmethod
    def _codes(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [f"'{code:.40}'" for code in value if not is_region_code(code)]
        if wrong:
            raise ValueError(f"{', '.join(wrong[:9])} | write the six-digit code as text, such as '410500'")
        return value

    _tuples = field_validator("scenarios", mode="before")(as_tuples)

    @model_validator(mode="after")
    def _known_overrides(self) -> Experiment:
        faults = [*_names(self), *_unknown_overrides(self), *_titles(self)]
        faults += [*_conflicts(self), *_years(self), *_parts(self), *_counted(self), *_series(self)]
        if faults:
            raise ValueError("\n".join(faults))
        return self


def _names(experiment: Experiment) -> Iterator[str]:
    """Names that cannot be names of files, and those that one file would have."""
    if not experiment.scenarios:
        yield "scenarios: none | name at least one, such as reference: []"
    for key, names in (("scenarios", experiment.scenarios), ("overrides", experiment.overrides)):
        for name in names:
            if wrong := name_fault(name):
                yield f"{key}: {wrong}"
        for one, two in same_names(names):
            yield f"{key}: {one!r} and {two!r} differ by case or form only | rename one of them"
    if wrong := name_fault(experiment.name):
        yield f"name: {wrong}"
    for name in experiment.parameters:
        if not name or name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/"):
            yield f"parameters: {name!r} leaves the folder | name a folder below parameters/"
        if other := _of_others(name, experiment.regions):
            wrong = f"parameters: {name!r} would stand for {', '.join(other[:9])} too"
            yield f"{wrong} | leave it out: the sets of a place and of its province follow by themselves"
    for key, codes in (("regions", experiment.regions), ("parameters", experiment.parameters)):
        for code in sorted(c for c, times in Counter(codes).items() if times > 1):
            yield f"{key}: '{code}' stands twice | keep one of them"


def _of_others(name: str, regions: Sequence[str]) -> list[str]:
    """The regions of a run to which a set of one place or one province does not belong."""
    kind, _, folder = name.replace("\\", "/").partition("/")
    digits = {"regions": 6, "provinces": 2}.get(kind, 0)
    return [code for code in regions if digits and code[:digits] != folder[:digits]]


def _unknown_overrides(experiment: Experiment) -> Iterator[str]:
    for scenario, names in experiment.scenarios.items():
        for name in names:
            if name not in experiment.overrides:
                wrong = f"scenarios.{scenario}: no override '{name}'"
                yield f"{wrong} | {did_you_mean(name, list(experiment.overrides))}"


def _titles(experiment: Experiment) -> Iterator[str]:
    """Names for charts of scenarios that there are none of; two scenarios of one name."""
    known = list(experiment.scenarios)
    named = {f"titles.{name}": title for name, title in experiment.titles.items()}
    for key, shown in ({"title": experiment.title} | named).items():
        for lang in ("zh", "en") if shown is not None else ():
            if wrong := title_fault(getattr(shown, lang)):
                yield f"{key}.{lang}: {wrong}"
    for name in experiment.titles:
        if name not in known:
            yield f"titles: no scenario '{name}' | {did_you_mean(name, known)}"
    for lang in ("zh", "en"):
        seen: dict[str, str] = {}
        for name, title in experiment.titles.items():
            text = getattr(title, lang).strip()
            if text and text in seen:
                yield f"titles.{name}.{lang}: {text!r} is that of {seen[text]!r} too | name them apart"
            seen[text] = name


def _series(experiment: Experiment) -> Iterator[str]:
    """Series that no run has; series where a plan's verdicts read all of them."""
    known, named = kept_labels(), experiment.results.series
    for name in named:
        if name not in known:
            yield f"results.series: no series '{name}' | {did_you_mean(name, list(known))}"
    for name in sorted(n for n, times in Counter(named).items() if times > 1):
        yield f"results.series: '{name}' stands twice | keep one of them"
    if named and experiment.parts is not None:
        yield f"results.series: beside parts: {experiment.parts} | a run with parts stores all that adds up"
    if named and experiment.plan is not None:
        wrong = f"results.series: beside plan '{experiment.plan}', whose verdicts read every series"
        yield f"{wrong} | leave one of the two out"


def _years(experiment: Experiment) -> Iterator[str]:
    """Years outside the projection, and years that stand twice."""
    first, last = experiment.years.base, experiment.years.end
    stated = [("test_years", experiment.test_years, "test_years" in experiment.model_fields_set)]
    stated.append(("results.years", experiment.results.years, True))
    if experiment.hospital.years != STRESS_YEARS:  # a run's record states those of the default too
        stated.append(("hospital.years", experiment.hospital.years, True))
    for key, years, given in stated:
        outside = next((y for y in years if not first <= y <= last), None)
        if outside is not None:
            wrong = f"{key}: {outside}{'' if given else ' (the default)'} is outside {first}..{last}"
            yield f"{wrong} | write {key.rpartition('.')[2]}: [{last}]"
        for year in sorted({y for y in years if years.count(y) > 1}):
            yield f"{key}: {year} stands twice | keep one of them"


def _parts(experiment: Experiment) -> Iterator[str]:
    """Parts beside several regions: they add up to one."""
    if experiment.parts is not None and len(experiment.regions) > 1:
        wrong = f"parts: {experiment.parts} of {len(experiment.regions)} regions"
        yield f"{wrong} | parts add up to one whole: name one region, the others in files of their own"


def _counted(experiment: Experiment) -> Iterator[str]:
    """Local counts of places that are not run."""
    for code in experiment.known:
        if code not in experiment.regions:
            yield f"known: no region '{code}' here | {did_you_mean(code, list(experiment.regions))}"


def _conflicts(experiment: Experiment) -> Iterator[str]:
    """Two overrides of one scenario that set the same parameter."""
    for scenario, names in experiment.scenarios.items():
        setter: dict[str, str] = {}
        for name in names:
            for key in experiment.overrides.get(name, {}):
                if key in setter:
                    both = f"'{setter[key]}' and '{name}'"
                    wrong = f"scenarios.{scenario}: {both} both set {key}"
                    yield f"{wrong} | leave it to one of them"
                setter[key] = name
