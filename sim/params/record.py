"""One parameter: value(s) with unit, years, source, basis, quality and range."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Annotated, Any, Literal

import xarray as xr
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sim.labelled import LabelledArray, labelled
from sim.params.catalogue import Limits, Role
from sim.params.units import UNITS

Quality = Literal["A", "B", "C", "D"]
Number = Annotated[float, Field(strict=True)]  # neither yes and no nor a text that looks like one
Whole = Annotated[int, Field(strict=True)]
Year = Annotated[int, Field(strict=True, ge=1900, le=2150)]  # no date's number, no two years run together
EVENLY = "evenly"
"""How a table is split that goes by no other: each age of a group takes the same part."""
_PERIOD = r"^(all|(19|20|21)[0-9]{2}-(19|20|21)[0-9]{2})$"


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Title(_Frozen):
    """A name in both languages."""

    en: str
    zh: str


class Correlation(_Frozen):
    """Parameters of one group share a common factor."""

    group: str
    """Name of the group."""
    rho: Number = Field(gt=-1, lt=1)
    """Correlation with the group's factor is sign(rho) sqrt(|rho|)."""


class Estimated(_Frozen):
    """How `healthplan calibrate` came to a figure; it makes it again from the shipped data."""

    part: str
    """The part of the calibration."""
    n: Whole = Field(ge=1)
    """Observations behind it."""
    method: str
    """In a few words."""


class Range(_Frozen):
    """How uncertain a parameter is."""

    distribution: Literal[
        "normal",
        "lognormal",
        "uniform",
        "triangular",
        "pert",
        "beta",
        "empirical",
        "discrete",
        "ar1",
    ]
    """Shape. low and high are ends for uniform, triangular and pert, else quantiles."""
    low: Number | None = None
    """Lower end, or the quantile (1 - level) / 2."""
    high: Number | None = None
    """Upper end, or the quantile (1 + level) / 2."""
    level: Number = Field(default=0.95, gt=0, lt=1)
    """Probability between low and high where they are quantiles."""
    scale: Literal["relative", "absolute", "value"] = "relative"
    """relative: a factor on all cells; absolute: added to all cells; value: the value itself."""
    moves: Literal["shift", "relative", "odds"] | None = None
    """How a range of scale value follows a centre that an override moves: by the same amount, in
    proportion, or by the odds of a share; empty: by its unit (see follow.py)."""
    values: tuple[Number, ...] | None = None
    """The values that empirical or discrete choose from, on the given scale."""
    weights: tuple[Number, ...] | None = None
    """Weights of the discrete values."""
    rho: Number | None = Field(default=None, gt=-1, lt=1)
    """Autocorrelation from year to year (ar1)."""
    sd: Number | dict[Year, Number] | None = None
    """Standard deviation of an ar1 deviation, one number or by year."""
    correlate: Correlation | None = None
    """Group of parameters that move together."""

    @model_validator(mode="after")
    def _complete(self) -> Range:
        name = self.distribution
        if name in ("empirical", "discrete"):
            if not self.values:
                raise ValueError(f"{name} has no 'values' | list them: values: [...]")
            if name == "discrete" and len(self.weights or ()) != len(self.values):
                raise ValueError("discrete | give as many 'weights' as 'values'")
            if self.weights and (min(self.weights) < 0 or sum(self.weights) <= 0):
                raise ValueError(f"weights {list(self.weights)} | none negative, not all zero")
        elif name == "ar1":
            if self.rho is None or self.sd is None:
                raise ValueError("ar1 without 'rho' or 'sd' | give both")
            sds = list(self.sd.values()) if isinstance(self.sd, dict) else [self.sd]
            if not sds or min(sds) < 0 or max(sds) <= 0 or not all(map(isfinite, sds)):
                shown = self.sd if isinstance(self.sd, dict) else f"{self.sd:g}"
                raise ValueError(f"sd {shown} | want more than 0 (0 in some of the years at most)")
            if self.scale == "value":
                raise ValueError("ar1 with scale value | write relative or absolute")
            if self.scale == "relative" and max(sds) > 1:
                raise ValueError(f"sd {max(sds):g} relative | want 1 or less: 0.02 for two per cent")
        else:
            if self.low is None or self.high is None:
                raise ValueError(f"{name} without 'low' or 'high' | give both")
            if self.low > self.high:
                raise ValueError(f"low {self.low:g} is above high {self.high:g} | swap them")
            if name == "lognormal" and self.low <= 0:
                raise ValueError(f"lognormal with low {self.low:g} | want more than 0")
            if name == "lognormal" and self.scale == "absolute":
                raise ValueError("lognormal with scale absolute | write relative or value")
            if name == "beta" and self.scale != "value":
                raise ValueError("beta describes a share itself | write scale: value")
        if self.moves is not None and self.scale != "value":
            raise ValueError(f"moves with scale {self.scale} | it belongs to scale: value")
        if self.scale != "value":
            self.check_mode(1.0 if self.scale == "relative" else 0.0)
        return self

    def check_mode(self, mode: float) -> None:
        """Raises ValueError if pert or triangular do not hold their own mode."""
        if self.distribution in ("pert", "triangular"):
            self.check_centre(mode)

    def check_centre(self, centre: float) -> None:
        """Raises ValueError if the range does not hold its own central value."""
        if self.distribution == "ar1":
            return
        low = min(self.values) if self.values is not None else self.low
        high = max(self.values) if self.values is not None else self.high
        assert low is not None
        assert high is not None
        if not low <= centre <= high:
            span = f"{low:g}..{high:g} ({self.scale})"
            raise ValueError(f"{span} does not hold the centre {centre:g} | widen it")


class Record(_Frozen):
    """A parameter as written in a file."""

    name: Title
    """What it is, in English and Chinese."""
    unit: str
    """Unit of the numbers in the file."""
    kind: Literal["value", "method"] = "value"
    """method: a named choice among `choices`, not a number."""
    choices: tuple[str, ...] | None = None
    """Names that a method may take."""
    dims: tuple[str, ...] = ()
    """Dimensions besides year."""
    value: Number | str | None = None
    """One number (or the name of a method)."""
    values: dict[Any, Any] | None = None
    """Numbers by coordinate, nested in the order of `dims`."""
    table: str | None = None
    """CSV or XLSX file beside this one: a column for each dim, and value."""
    path: dict[Year, Number] | None = None
    """One number by year."""
    split: str | None = None
    """How a table by age groups comes to single ages where its figures add up over ages: `evenly`, or
    the CSV or XLSX beside this one with the pattern by single age; empty: by the unit (age_patterns.csv)."""
    computed: str | None = None
    """Name of the derivation that makes it from the tables of the place, when these are read."""
    partial: bool = False
    """`values` gives some labels only; the others keep the value of the set below."""
    ages: tuple[Whole, Whole] | None = None
    """The table covers these ages only; the value is 0 outside."""
    between: Literal["linear", "step"] = "linear"
    """Between stated years."""
    beyond: Literal["error", "hold", "trend"] = "error"
    """Outside stated years."""
    at: Literal["base", "always", "known"] | None = None
    """When the model reads it, if not year by year.  base: in the base year only; it goes on from
    there by itself, so that a figure of a later year has no place here.  always: one value stands
    for all years.  A path by year is refused for both.  known: a stock that was counted, in the base
    year or, as a path, in several: the newest count is where its trend starts."""
    year: Year | Annotated[str, Field(pattern=_PERIOD)]
    """Year of observation; two with a dash between them, or `all`."""
    source: str
    """Key in the source list."""
    locator: str = ""
    """Table, row or page."""
    basis: Literal["measured", "derived", "plan", "standard", "assumed"]
    """Where the figure comes from."""
    quality: Quality
    """A observed table, B published summary, C assumed, D derived."""
    range: Range | None = None
    """Its uncertainty."""
    exact: str | None = None
    """Why a C or D figure has no range."""
    unlike: str | None = Field(default=None, min_length=1)
    """Why it is far from the figure of the level above, where it is (observation.above_most)."""
    note: Title | str = ""
    """Why this figure, and what contradicts it; {zh, en} where documents show it."""
    estimate: Estimated | None = None
    """How it was estimated, where `healthplan calibrate` makes it."""

    @property
    def noted(self) -> Title | None:
        """Its note, where it is in both languages."""
        return self.note if isinstance(self.note, Title) else None

    @field_validator("value", mode="before")
    @classmethod
    def _number_or_name(cls, value: Any) -> Any:
        if isinstance(value, bool) or (isinstance(value, float) and not isfinite(value)):
            raise ValueError(f"{value} is not a finite number | write one")
        return value

    @model_validator(mode="after")
    def _well_formed(self) -> Record:
        if len(set(self.dims)) < len(self.dims) or "draw" in self.dims:
            raise ValueError(f"dims {list(self.dims)} | name each once, draw never")
        if self.path is not None and not self.path:
            raise ValueError("path is empty | give {year: number}")
        if self.split is not None and (self.table is None or "age" not in self.dims):
            raise ValueError("split, but no table by age | leave it out")
        if self.between == "step" and self.beyond == "trend":
            raise ValueError("between: step with beyond: trend | a step has none: write hold")
        if self.ages is not None and not 0 <= self.ages[0] <= self.ages[1] <= 100:
            raise ValueError(f"ages {list(self.ages)} | want [first, last] within 0..100")
        if self.range is not None and self.range.scale == "value":
            if self.value is None:
                raise ValueError("a range with scale value, but no single number | write relative")
            if isinstance(self.value, float):
                self.range.check_mode(self.value)
        return self

    @model_validator(mode="after")
    def _one_form(self) -> Record:
        if self.unit not in UNITS:
            from sim.params.units import unit

            try:
                unit(self.unit)
            except KeyError as error:
                raise ValueError(f"unit '{self.unit}' unknown | {error.args[0]}") from None
        for name in (self.table, self.split):
            if name is not None and (set("\\:") & set(name) or name.startswith("/") or name.count("..") > 1):
                raise ValueError(f"{name!r} leaves the folder | name a file beside the record")
        forms = [k for k in ("value", "values", "table", "path", "computed") if getattr(self, k) is not None]
        if len(forms) != 1:
            given = ", ".join(forms) or "none"
            raise ValueError(f"found {given} | give one of value, values, table, path, computed")
        if self.partial and self.values is None:
            raise ValueError(f"partial with {forms[0]} | write `values` of the labels that differ")
        if self.kind == "method":
            if not self.choices or self.value not in self.choices:
                raise ValueError(f"method '{self.value}' unknown | one of {self.choices}")
            return self
        if isinstance(self.value, str):
            raise ValueError(f"value '{self.value}' is not a number | write one without quotes")
        if (self.values is not None) != bool(self.dims) and self.table is None and self.computed is None:
            raise ValueError("`values` and `dims` go together | give both or none")
        if (self.quality in "CD" or self.basis == "assumed") and not (self.range or self.exact):
            wrong = f"quality {self.quality}, basis {self.basis}, but no range"
            raise ValueError(f"{wrong} | give `range`, or `exact` with the reason")
        return self


@dataclass(frozen=True)
class Parameter:
    """A parameter read and converted: `data` is in model units, with dim year if it moves."""

    name: str
    record: Record
    data: xr.DataArray
    file: Path
    hash: str
    """Hash of the record and its table: what went into a run can be told apart."""
    changed: str = ""
    """How an override changed it, old -> new; empty as read."""
    limits: Limits | None = None
    """Between which values it makes sense."""
    role: Role | None = None
    """What it is to a counterfactual (roles.csv)."""
    stated: float | None = None
    """Centre of a range of scale value (model unit) where it is not the record's own number."""
    level: str = ""
    """Level whose figure it is where it was made for a place: place, province, nation."""
    made: Title | None = None
    """How it was made for a place, where it was."""

    def __post_init__(self) -> None:
        data = labelled(self.data)
        if isinstance(data, LabelledArray):
            data = data.frozen()  # what was read is kept by its hash: a run would not know of changed cells
        object.__setattr__(self, "data", data)

    @property
    def is_method(self) -> bool:
        """Whether this is a named choice."""
        return self.record.kind == "method"

    @property
    def is_computed(self) -> bool:
        """Whether its numbers are made from the tables of a place; without numbers until then."""
        return self.record.computed is not None

    @property
    def is_uncertain(self) -> bool:
        """Whether draws differ."""
        return self.record.range is not None and not self.is_method
