"""Migration: Rogers-Castro age schedules, and the level.

A region has an inflow and an outflow, each with its own age-sex profile of one sign.  A net level
beyond inflow minus outflow is reached by adding to one of the two: a net profile of mixed sign is
never scaled up (it would invent migrants of the other sign).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.arguments import count_faults, rate_faults, refuse, value_faults
from sim.arrays import Floats
from sim.errors import ParameterError, fault

_WORKING = ("a1", "alpha1", "a2", "alpha2", "mu2", "lambda2")  # childhood and labour force
_RETIRING = ("a3", "alpha3", "mu3", "lambda3")
_LAST_YEARS = ("a4", "lambda4")
FAMILIES: dict[int, tuple[str, ...]] = {
    7: (*_WORKING, "c"),
    9: (*_WORKING, *_LAST_YEARS, "c"),
    11: (*_WORKING, *_RETIRING, "c"),
    13: (*_WORKING, *_RETIRING, *_LAST_YEARS, "c"),
}
STANDARD = {
    "a1": 0.02,
    "alpha1": 0.1,
    "a2": 0.06,
    "alpha2": 0.1,
    "mu2": 20.0,
    "lambda2": 0.4,
    "c": 0.003,
}
"""Fundamental parameters of Rogers & Castro (1981), Model Migration Schedules, IIASA RR-81-30."""


def rogers_castro(age: Floats, parameters: Mapping[str, float]) -> Floats:
    """Model migration schedule M(x) of 7, 9, 11 or 13 parameters.

    M(x) = a1 exp(-alpha1 x) + a2 exp(-alpha2 (x - mu2) - exp(-lambda2 (x - mu2)))
         + a3 exp(-alpha3 (x - mu3) - exp(-lambda3 (x - mu3))) + a4 exp(lambda4 x) + c.
    Childhood, labour, retirement, post-retirement, constant: 7 parameters have the first two and
    c, 9 add the post-retirement slope, 11 the retirement hump, 13 both.
    age: years.  Returns migrants per person-year (or per unit, as a1, a2, a3, a4, c are given).
    Rogers & Castro (1981), IIASA RR-81-30.
    Raises ParameterError if the names are not one of the four families.
    """
    refuse(value_faults("rogers_castro", np.array(list(parameters.values()), float)))
    family = next((k for k, names in FAMILIES.items() if set(names) == set(parameters)), None)
    if family is None:
        wrong = f"parameters {sorted(parameters)}"
        remedy = "; ".join(f"{k}: {', '.join(names)}" for k, names in FAMILIES.items())
        raise ParameterError(fault("rogers_castro", wrong, remedy))
    p = parameters
    x = np.asarray(age, float)
    rate = p["a1"] * np.exp(-p["alpha1"] * x) + _hump(x, p, "2") + p["c"]
    if family >= 11:
        rate = rate + _hump(x, p, "3")
    if family in (9, 13):
        rate = rate + p["a4"] * np.exp(p["lambda4"] * x)
    return np.asarray(rate)


def _hump(x: Floats, p: Mapping[str, float], k: str) -> Floats:
    away = x - p[f"mu{k}"]
    exponent = -p[f"alpha{k}"] * away - np.exp(np.minimum(-p[f"lambda{k}"] * away, 700.0))
    return np.asarray(p[f"a{k}"] * np.exp(exponent))


def profile(rates: Floats, population: Floats) -> Floats:
    """Shares of migrants by sex and age: schedule x population, adding up to 1.

    rates: per person-year, (sex, age), >= 0.  population: persons, same shape.
    Raises ParameterError for shapes that differ, values below 0 or not finite, or nobody at all.
    """
    if rates.shape != population.shape:
        wrong = f"shapes {rates.shape} and {population.shape}"
        raise ParameterError(fault("profile", wrong, "one rate for each group"))
    refuse(count_faults("population", population, ("sex", "age")[-population.ndim :]))
    flow = rates * population
    if not ((flow >= 0).all() and flow.sum() > 0):
        raise ParameterError(fault("profile", "rates below 0 or all 0", "one sign, some > 0"))
    return np.asarray(flow / flow.sum())


def net_migrants(
    level: Floats, inflow: Floats, outflow: Floats, profile_in: Floats, profile_out: Floats
) -> Floats:
    """Net migrants by sex and age for a stated net level.

    level: persons per year, net (year, draw).  inflow, outflow: persons per year of the observed
    period, >= 0, same shape.  profile_in, profile_out: shares (year or 1, sex, age, draw or 1),
    each adding up to 1 over sex and age.
    Returns persons per year (year, sex, age, draw); summed over sex and age they are `level`.
    A level between 0 and inflow - outflow shrinks both flows; what goes beyond is added with one
    profile, the inflow's when positive, the outflow's when negative: never both.
    Raises ParameterError for flows below 0 or figures that are not finite.
    """
    axes = ("year", "draw")
    refuse(value_faults("level", level, axes=axes))
    refuse(count_faults("inflow", inflow, axes), count_faults("outflow", outflow, axes))
    net = inflow - outflow
    share = np.divide(level, net, out=np.zeros_like(level, dtype=float), where=net != 0)
    share = np.clip(np.where(net != 0, share, 1.0), 0.0, 1.0)
    extra = level - share * net
    incoming = share * inflow + np.maximum(extra, 0.0)
    outgoing = share * outflow - np.minimum(extra, 0.0)
    return np.asarray(incoming[:, None, None] * profile_in - outgoing[:, None, None] * profile_out)


def regressed_migrants(
    level: Floats,
    decade: Floats,
    retained: Floats,
    change: Floats,
    people: Floats,
    apart: Floats | None = None,
) -> Floats:
    """Net migrants of whom each age keeps what its own past foretells, the rest spread as changes are.

    level: persons per year, net (year, draw).  decade: net migrants per year at the observed
    decade's rates (year, sex, age, draw).  retained: share of these that goes on, by age (age,).
    change: relative rates at which a change of the total falls on ages, >= 0, (sex, age).  people:
    who lives there at the year's start (year, sex, age, draw).  apart: those who come or go at their
    age for reasons of their own, persons per year of the same shape; the total stays `level`.
    Returns persons per year (year, sex, age, draw); summed over sex and age they are `level`.
    Regression to the mean by age: a cohort's rate is the mean of its prediction from the decade
    before, and its deviations move all ages together (the leading component of the errors).
    Azose & Raftery (2015), Demography 52(5), doi:10.1007/s13524-015-0415-0 (totals); Sevcikova,
    Raymer & Raftery (2024), arXiv:2411.09878 (young people who leave and older ones who come
    back do not move in proportion).
    Raises ParameterError for shares outside 0..1, rates below 0 or figures that are not finite.
    """
    refuse(value_faults("level", level, axes=("year", "draw")), value_faults("decade", decade))
    refuse(value_faults("retained", retained, 0.0, 1.0, remedy="a share"), rate_faults("change", change))
    out = decade * retained[:, None]
    if apart is not None:
        out = out + apart
    spread = people * change[:, :, None]
    total = spread.sum(axis=(1, 2))
    if not (total > 0).all():
        remedy = "rates above 0 where people live"
        raise ParameterError(fault("change", "nobody lives at the ages that change", remedy))
    missing = level - out.sum(axis=(1, 2))
    spread *= (missing / total)[:, None, None]
    out += spread
    return np.asarray(out)
