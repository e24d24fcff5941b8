"""The section on places that were left out: errors, coverage, ranked probability scores, pictures."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from pathlib import Path

import numpy as np

from sim.charts.calibration import Cover, draw_coverage, draw_pit
from sim.evidence import left_out
from sim.evidence.left_out import Judged, Quality, quality
from sim.evidence.validation.markdown import table

DRAWS = 60
_BANDS = {"population_total": (0.72, 0.88)}
_BAND = (0.70, 0.90)
_SEEN = ("population_65+", "births", "deaths")  # judged with the error of what is published
_MOST = 0.85  # of the last value's root mean square error
_COLUMNS = (
    "figure",
    "years on",
    "n",
    "RMSE",
    "over last value's",
    "over trend's",
    "bias",
    "in band",
    "with error",
)
_SCORES = ("CRPS", "last value", "trend")


@dataclass(frozen=True)
class LeftOut:
    """Provinces from 2020, prefectures from 2010."""

    provinces: Sequence[Judged]
    prefectures: Sequence[Judged]


def judge(root: Path) -> LeftOut:
    """Every place left out once; some minutes."""
    return LeftOut(left_out.provinces(root, DRAWS), list(left_out.prefectures(root, DRAWS)))


def section(found: LeftOut, folders: Collection[str] = ()) -> str:
    """Tables, and the pictures that `draw` makes.  folders: codes of places that have one."""
    both = {
        "Provinces, from the census of 2020": found.provinces,
        "Prefectures, from the census of 2010 to that of 2020": found.prefectures,
    }
    text = (
        "## Places left out\n\nEach place is foretold with what was estimated without its province: what "
        "lasts of a decade's migration (`migration.lasting`) for provinces; for prefectures, whose earlier "
        "migration is not held, net migration by residents over those registered and by what the other "
        "provinces of the economic region have of their own (`observation.unknown_by_region`). The nation's "
        "births, life expectancy and survivors past 45 are taken as they came, nothing of the place is. How "
        "old people part from the net migration of their place (`migration.old_error`) is estimated without "
        "its province too. *In band*: share inside the 80 % band; *with error*: inside that of what would be "
        "published, with its level and error (`observation.level`, of deaths by year "
        "`observation.deaths_level`, `observation.error`). CRPS: ranked probability score over the "
        "figure, of a single forecast its absolute error (Gneiting and Raftery 2007, JASA 102(477)).\n\n"
        f"{_made(found, folders)}\n"
    )
    for title, judged in both.items():
        text += f"\n### {title}\n\n" + table((*_COLUMNS, *_SCORES), _rows(judged))
    for figure, what in (("population_total", "Totals"), ("population_65+", "People of 65 and over")):
        text += f"\n{what} of the prefectures by what they are:\n\n" + table(
            ("prefectures", "n", "RMSE", "over last value's", "bias", "in band"),
            _groups(found.prefectures, figure),
        )
    text += (
        "\nWhat was asked of them, and what the data allow: beside each figure the standard error that so "
        "many places leave, of a share binomial, of a ratio of RMSE the jackknife over provinces.\n\n"
    )
    text += table(("figure", "measure", "asked", "found", ""), _bars(both))
    text += _worst_part(found.prefectures)
    return text + (
        "\n![Coverage by years ahead](img/validation_coverage.png)\n\n"
        "![Where the figures fell in their distributions](img/validation_pit.png)\n"
    )


def _made(found: LeftOut, folders: Collection[str]) -> str:
    """How many of the places have no folder: whose bands these are."""
    said = []
    for name, judged in (("provinces", found.provinces), ("prefectures", found.prefectures)):
        codes = {j.code for j in judged}
        said.append(f"{len(codes - set(folders))} of the {len(codes)} {name}")
    return (
        f"{' and '.join(said)} have no folder: they are made of the censuses by the general rule, so that "
        "these are the bands of made places; births and deaths of them are judged as provinces alone: no "
        "yearly series of prefectures is shipped, and the censuses' own tables of births and deaths stop at "
        "the provinces. A year of both by prefecture, as provincial yearbooks print them, would do."
    )


def draw(found: LeftOut, folder: Path) -> list[Path]:
    """The two pictures of the section, into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    covers, pits = [], {}
    for name, judged in (("provinces", found.provinces), ("prefectures", found.prefectures)):
        for (figure, lead), scores in _cells(judged).items():
            q = quality(scores)
            covers.append(Cover(name, figure, lead, q.covered, q.covered_seen, q.n))
            pits[f"{figure}, {name}, {lead}"] = q.pit
    return [
        draw_coverage(covers, folder / "validation_coverage.png"),
        draw_pit(pits, folder / "validation_pit.png"),
    ]


def _cells(judged: Sequence[Judged]) -> dict[tuple[str, int], list[left_out.Score]]:
    found: dict[tuple[str, int], list[left_out.Score]] = {}
    for j in sorted(judged, key=lambda j: (left_out.INDICATORS.index(j.score.indicator), j.lead)):
        found.setdefault((j.score.indicator, j.lead), []).append(j.score)
    return found


def _rows(judged: Sequence[Judged]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for (figure, lead), scores in _cells(judged).items():
        q = quality(scores)
        errors = (f"{100 * q.rmse:.1f} %", _over(q.rmse, q.last_rmse), _over(q.rmse, q.trend_rmse))
        held = (f"{100 * q.bias:+.1f} %", f"{q.covered:.2f}", f"{q.covered_seen:.2f}")
        ranked = (_percent(v) for v in (q.crps, q.last_crps, q.trend_crps))
        rows.append((figure, str(lead), str(q.n), *errors, *held, *ranked))
    return rows


def _over(own: float, naive: float) -> str:
    return f"{own / naive:.2f}" if isfinite(naive) else ""


def _percent(value: float) -> str:
    return f"{100 * value:.2f} %" if isfinite(value) else ""


def _groups(judged: Sequence[Judged], figure: str) -> list[tuple[str, ...]]:
    totals = [j for j in judged if j.score.indicator == figure]
    rows: list[tuple[str, ...]] = []
    for grouping in dict.fromkeys(g for j in totals for g in j.groups):
        for value in sorted({j.groups[grouping] for j in totals}):
            q = quality([j.score for j in totals if j.groups[grouping] == value])
            row = (f"{grouping}: {value}", str(q.n), f"{100 * q.rmse:.1f} %", _over(q.rmse, q.last_rmse))
            rows.append((*row, f"{100 * q.bias:+.1f} %", f"{q.covered:.2f}"))
    return rows


def _bars(both: dict[str, Sequence[Judged]]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for title, judged in both.items():
        place = title.partition(",")[0].lower()
        for (figure, lead), scores in _cells(judged).items():
            q = quality(scores)
            name = f"{figure}, {place}, {lead} on"
            if figure == "population_total":
                ratio = q.rmse / q.last_rmse
                error = _error_of_ratio([j for j in judged if (j.score.indicator, j.lead) == (figure, lead)])
                told = f"{ratio:.3f}" + (f" ± {error:.3f}" if error is not None else "")
                rows.append((name, "RMSE over the last value's", f"<= {_MOST}", told, _met(ratio <= _MOST)))
            low, high = _BANDS.get(figure, _BAND)
            share = _judged_share(q, figure, place)
            told = f"{share:.2f} ± {sqrt(share * (1 - share) / q.n):.2f}"
            rows.append((name, "80 % band holds", f"{low:.2f}-{high:.2f}", told, _met(low <= share <= high)))
    return rows


def _worst_part(judged: Sequence[Judged]) -> str:
    """What the part of the country that was foretold worst does to the RMSE of totals."""
    totals = [j for j in judged if j.score.indicator == "population_total" and "part" in j.groups]
    parts = sorted({j.groups["part"] for j in totals})
    if len(parts) < 2:
        return ""
    bias = {p: quality([j.score for j in totals if j.groups["part"] == p]).bias for p in parts}
    worst = max(parts, key=lambda p: abs(bias[p]))
    mine, rest = ([j for j in totals if (j.groups["part"] == worst) is own] for own in (True, False))
    without = quality([j.score for j in rest])
    return (
        f"\nTotals of the {len(mine)} places of the {worst} were foretold {100 * bias[worst]:+.1f} % off, "
        "more than those of any other part. Without them the RMSE is "
        f"{without.rmse / without.last_rmse:.3f} of the last value's, the bias {100 * without.bias:+.1f} %.\n"
    )


def _error_of_ratio(judged: Sequence[Judged]) -> float | None:
    """Standard error of an RMSE over the last value's: jackknife, a province left out at a time.

    None where all places lie in one province.
    """
    provinces = sorted({j.code[:2] for j in judged})
    if len(provinces) < 2:
        return None
    left = [quality([j.score for j in judged if j.code[:2] != code]) for code in provinces]
    ratios = np.array([q.rmse / q.last_rmse for q in left])
    return float(np.sqrt((len(ratios) - 1) * np.mean((ratios - ratios.mean()) ** 2)))


def _judged_share(q: Quality, figure: str, place: str) -> float:
    """Surveys are judged with their error, totals and counts of a census without."""
    return q.covered_seen if figure in _SEEN and place == "provinces" else q.covered


def _met(yes: bool) -> str:
    return "met" if yes else "not met"
