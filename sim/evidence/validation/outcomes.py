"""Outcomes of regions: whether a region's own pace foretells it, and cancer of the nation by sex."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import xarray as xr

from sim.evidence.calibration.parts import life_expectancy, premature_pace, young_mortality
from sim.evidence.setups import Parameters
from sim.evidence.validation.markdown import table
from sim.places.region import NATION
from sim.schema import SEXES
from sim.textfile import read_csv

_CANCER = "cancer"
_COUNTED = "cancer_by_sex.csv"


def outcomes(root: Path, parameters: Parameters, cases: Path) -> str:
    """The section of the page.

    parameters: by region.  cases: folder of published known answers.
    """
    return "\n".join(
        [
            "## Outcomes of regions\n\nWhat foretells a province: the nation's change, its own of the years "
            "before, or the closing of its difference from the nation; each province left out of what is "
            "estimated in turn.\n",
            _expectancy(root),
            _premature(root),
            _young(root),
            _cancer(parameters, cases),
        ]
    )


def _expectancy(root: Path) -> str:
    found = life_expectancy.closing(life_expectancy.differences(root))
    rows = [
        (way.way, f"{way.rmse:.2f}", "" if way.slope is None else f"{way.slope:+.3f}") for way in found.ways
    ]
    text = (
        f"Life expectancy, 2000 to 2020, years ({found.n} provinces; slope of the change on the last of what "
        "foretells it):\n\n"
    )
    own, near = found.ways[1], found.ways[2]
    note = (
        f"A province's own pace says nothing of the next ({own.rmse:.2f} against {found.ways[0].rmse:.2f}): "
        f"none is given to a region. Its difference closes by {100 * found.speed:.1f} % a year "
        f"(`mortality.e0_closing`), which misses by {near.rmse:.2f} years after twenty "
        "(`mortality.e0_own_error`).\n"
    )
    return text + table(("foretold by", "RMSE", "slope"), rows) + "\n" + note


def _premature(root: Path) -> str:
    first, second = premature_pace.paces(premature_pace.premature(root))
    slopes = [float(np.polyfit(np.delete(first, i), np.delete(second, i), 1)[0]) for i in range(second.size)]
    means = [
        float(np.delete(second, i).mean() - s * np.delete(first, i).mean()) for i, s in enumerate(slopes)
    ]
    shrunk = [m + s * f for m, s, f in zip(means, slopes, first, strict=True)]
    ways = {
        "the nation's pace": second,
        "its own pace of 2000-2010, whole": second - first,
        "its own pace, shrunk": second - np.array(shrunk),
    }
    rows = [(way, f"{100 * float(np.sqrt(np.mean(e**2))):.2f}") for way, e in ways.items()]
    text = (
        f"Deaths at 30-69 (30q70, all causes), pace of 2010-2020 beside the nation's, per cent a year "
        f"({second.size} provinces):\n\n"
    )
    slope = float(np.polyfit(first, second, 1)[0])
    note = f"Slope of one decade on the other {slope:+.2f}: shrunk fully to the nation's pace.\n"
    return text + table(("foretold by", "RMSE"), rows) + "\n" + note


def _young(root: Path) -> str:
    rates = young_mortality.counted(root)
    rows = []
    for name, rate in rates.items():
        last = int(rate.year[-1])
        decade = float(np.log(rate[-1] / rate.sel(year=last - 10))) / 10
        rows.append(
            (
                name,
                f"{float(rate[0]):g} ({int(rate.year[0])})",
                f"{float(rate[-1]):g} ({last})",
                f"{100 * decade:+.1f}",
            )
        )
    text = (
        "Infants and under-fives per 1000, mothers per 100,000 live births, the nation; per cent a year over "
        "the last ten. No province's rates are held for two years, so that no pace of its own can be told "
        "from chance; the spread of `outcomes.young_pace` is that of the provinces' pace at 30-69:\n\n"
    )
    return text + table(("deaths", "first", "last", "change"), rows)


def _cancer(parameters: Parameters, cases: Path) -> str:
    rows = []
    by_sex = cancer_of_2020(parameters)
    for sex in SEXES:
        for what in ("cases", "deaths"):
            published = _published(cases, what, sex)
            between = float(np.exp(np.interp(2020, list(published), np.log(list(published.values())))))
            own = by_sex[what, sex]
            shown = (f"{v / 1e3:.0f}" for v in published.values())
            rows.append((sex, what, *shown, f"{own / 1e3:.0f}", f"{100 * (own / between - 1):+.1f} %"))
    text = (
        "Cancer of the nation by sex, thousand a year (National Cancer Center, 2016 and 2022; the model's of "
        "2020 beside what lies between them):\n\n"
    )
    return text + table(("sex", "", "2016", "2022", "model, 2020", "misfit"), rows)


def cancer_of_2020(parameters: Parameters) -> dict[tuple[str, str], float]:
    """New cases and deaths of cancer of the nation's base population, by what and sex."""
    own = parameters[NATION]
    people = own["population.base"].data
    part = {
        name: own[f"disease.{name}"].data.sel(cause=_CANCER)
        for name in ("prevalence", "incidence", "excess_mortality")
    }
    ill: xr.DataArray = people * part["prevalence"]
    by_what = {"cases": (people - ill) * part["incidence"], "deaths": ill * part["excess_mortality"]}
    return {(w, sex): float(n.sel(sex=sex).sum()) for w, n in by_what.items() for sex in SEXES}


def _published(cases: Path, what: str, sex: str) -> dict[int, float]:
    rows = read_csv(cases / _COUNTED, ("what", "sex", "year", "number", "source"))
    return {int(r["year"]): float(r["number"]) for r in rows if r["what"] == what and r["sex"] == sex}
