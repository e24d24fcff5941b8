"""The one language of tables, sweeps and verdicts: what it reads, and what it refuses by name."""

from __future__ import annotations

import numpy as np
import pytest

from sim.expression import (
    Derived,
    Difference,
    NotReadableError,
    Quotient,
    Series,
    Stated,
    evaluate,
    leaves,
    parse,
    unit,
    written,
)
from sim.schema import kept_labels

KNOWN = kept_labels({"cause": ("diabetes", "stroke"), "ncd": ("cancer",)})


@pytest.mark.parametrize(
    ("text", "group", "tree"),
    [
        ("tfr", "", Series("tfr")),
        ("tfr", "total", Series("tfr")),
        ("births", "", Series("births", ("total",))),
        ("births", "male", Series("births", ("male",))),
        ("births.female", "male", Series("births", ("female",))),
        ("visits.*", "", Series("visits", ("*",))),
        ("visits", "*", Series("visits", ("*",))),
        ("visits.primary+secondary", "", Series("visits", ("primary", "secondary"))),
        ("population_group.65+", "", Series("population_group", ("65+",))),
        ("population_group.0-2+65+", "", Series("population_group", ("0-2", "65+"))),
        ("population_group.65++0-2", "", Series("population_group", ("65+", "0-2"))),
        ("births_by_order.3++1", "", Series("births_by_order", ("3+", "1"))),
        ("population_basis.county x3", "", Series("population_basis", ("county x3",))),
        ("cases.stroke", "", Series("cases", ("stroke",))),
        ("natural_increase", "", Derived("natural_increase")),
        (
            "births.male / births.female",
            "",
            Quotient(Series("births", ("male",)), Series("births", ("female",))),
        ),
        ("births - deaths", "", Difference(Series("births", ("total",)), Series("deaths"))),
        (
            "beds_ratio.icu",
            "",
            Quotient(Series("beds_available", ("icu",)), Series("beds_required", ("icu",))),
        ),
        (
            "newborn_beds_gap",
            "",
            Difference(Series("newborn_beds_available"), Series("newborn_beds_required")),
        ),
    ],
)
def test_texts_and_their_trees(text: str, group: str, tree: object):
    found = parse(text, KNOWN, group)
    assert found == tree
    assert parse(written(found), KNOWN) == found


@pytest.mark.parametrize(
    ("text", "group", "wrong", "remedy"),
    [
        ("births.nonsense", "", "births has no group 'nonsense'", "known: female, male, total"),
        ("births.mael", "", "births has no group 'mael'", "did you mean 'male'?"),
        ("births", "nonsense", "births has no group 'nonsense'", "known: female, male, total"),
        ("tfr.male", "", "tfr has no groups, so no 'male'", "write tfr"),
        ("tfr", "male", "tfr has no groups, so no 'male'", "write tfr"),
        (
            "natural_increase.male",
            "",
            "natural_increase has no groups, so no 'male'",
            "write natural_increase",
        ),
        ("birth.male", "", "no series 'birth'", "did you mean 'births'?"),
        ("visits.primary/visit.*", "", "no series 'visit'", "did you mean 'visits'?"),
        ("bed_ratio", "", "no series 'bed_ratio'", "did you mean 'beds_ratio'?"),
        (
            "visits",
            "",
            "visits has no group 'total'",
            "write visits.tertiary; it has tertiary, secondary, primary",
        ),
        (
            "visits.primary+village",
            "",
            "visits has no group 'village'",
            "known: primary, secondary, tertiary",
        ),
        ("visits.primary+primary", "", "visits: primary stands twice in the sum", "name each group once"),
        (
            "births.total+male",
            "",
            "births.total+male counts people twice: total holds all",
            "write births.total",
        ),
        ("births.*", "", "births.* counts people twice: total holds all", "write births.total"),
        ("e0.female+male", "", "e0 is a mean: its groups do not add up", "name one of both, female, male"),
        (
            "births - beds_required",
            "",
            "'births - beds_required' takes bed from person",
            "two series of one unit",
        ),
        ("plan.beds_total", "", "no series 'plan'", None),
        ("births + deaths", "", "'births + deaths' is no series", None),
        ("births/", "", "'' is no series", None),
        ("", "", "'' is no series", None),
        ("cases.strok", "", "cases has no group 'strok'", "did you mean 'stroke'?"),
    ],
)
def test_what_is_unknown_is_refused_by_name(text: str, group: str, wrong: str, remedy: str | None):
    with pytest.raises(NotReadableError) as caught:
        parse(text, KNOWN, group)
    assert [w for w, _ in caught.value.faults] == [wrong]
    if remedy is not None:
        assert caught.value.faults[0][1] == remedy


def test_every_fault_of_a_text_is_named():
    with pytest.raises(NotReadableError) as caught:
        parse("birth/visits.village", KNOWN)
    assert [w for w, _ in caught.value.faults] == ["no series 'birth'", "visits has no group 'village'"]


def test_groups_that_the_parameters_name_are_taken_as_they_come_until_these_are_known():
    assert parse("cases.anything", kept_labels()) == Series("cases", ("anything",))
    with pytest.raises(NotReadableError, match="cases has no total"):
        parse("cases", kept_labels())


def test_a_plans_own_figure_stands_where_it_may():
    tree = parse("beds_required.total/plan.family_doctor_teams", KNOWN, of_plan=True)
    assert tree == Quotient(Series("beds_required", ("total",)), Stated("family_doctor_teams"))
    assert unit(tree) == "bed"


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("births.male/births.female", "1"),
        ("visits.*/population_group.total", "visit/person"),
        ("births - deaths", "person"),
        ("beds_ratio.icu", "1"),
        ("beds_gap", "bed"),
        ("natural_increase", "1/year"),
        ("tfr", "child per woman"),
        ("visits.*/births/deaths", "visit/person/person"),
    ],
)
def test_units_are_the_schemas(text: str, want: str):
    assert unit(parse(text, KNOWN)) == want


def test_values_by_hand():
    numbers = {"births": 12.0, "deaths": 8.0, "tfr": 2.0, "daly": 0.0}

    def read(leaf: object) -> np.ndarray:
        return np.array([numbers[leaf.name], 2 * numbers[leaf.name]])  # type: ignore[attr-defined]

    def value(text: str) -> list[float]:
        return evaluate(parse(text, KNOWN), read).tolist()  # type: ignore[union-attr]

    assert value("births/deaths") == [1.5, 1.5]
    assert value("births - deaths") == [4.0, 8.0]
    assert value("births/deaths/tfr") == [0.75, 0.375]
    assert np.isnan(value("births/daly")).all()
    assert evaluate(parse("births/deaths", KNOWN), lambda leaf: None) is None
    assert [leaf.name for leaf in leaves(parse("births/deaths - tfr/tfr", KNOWN))] == [  # type: ignore[union-attr]
        "births",
        "deaths",
        "tfr",
        "tfr",
    ]
