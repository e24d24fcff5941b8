"""People by five years of age and sex, a row for each group, of the run's central line."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import xarray as xr

from sim import saved
from sim.catalogue.language import Lang, label
from sim.catalogue.words import GROUPS, word
from sim.schema import AGES, SEXES

FIVE = 5
PEOPLE = "population_central"
ALL = "both"


def five_year_rows(run: xr.Dataset, lang: Lang) -> tuple[list[str], Iterator[list[str]]]:
    """Columns and rows: scenario, region, sex, ages, then the years; each year's groups add up to all."""
    years = [str(year) for year in saved.years(run)]
    columns = ["scenario", "region", "sex", "age", *years]
    return columns, _rows(run, lang)


def _rows(run: xr.Dataset, lang: Lang) -> Iterator[list[str]]:
    people = run[PEOPLE].transpose("scenario", "region", "sex", "age", "year")
    starts = np.arange(0, len(AGES), FIVE)
    values = np.add.reduceat(np.asarray(people.values, float), starts, axis=3)
    names = [str(sex) for sex in people["sex"].values]
    for i, scenario in enumerate(saved.scenarios(run)):
        for j, region in enumerate(saved.regions(run)):
            own = values[i, j]
            for sex in (ALL, *SEXES):
                groups = own.sum(axis=0) if sex == ALL else own[names.index(sex)]
                head = [scenario, region, word(GROUPS, sex, lang)]
                for start, line in zip(starts, groups, strict=True):
                    yield [*head, age_text(int(start), lang), *(f"{v:.0f}" for v in line)]
                yield [*head, label("合计", "all", lang), *(f"{v:.0f}" for v in groups.sum(axis=0))]


def age_text(start: int, lang: Lang) -> str:
    """Five years of age from `start` on, the last open."""
    if start == AGES[-1]:
        return label(f"{start}岁及以上", f"{start}+", lang)
    return f"{start}–{start + FIVE - 1}" + label("岁", "", lang)
