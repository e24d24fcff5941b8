"""Catalogues of cadres, programmes, bases and groups: every row is known wherever it must be."""

from pathlib import Path

import pytest
from docs.named import files_naming

import sim.demand
import sim.supply
from sim.catalogue import bases, bed_groups, cadres, groups, programmes
from sim.catalogue.words import GROUPS
from sim.schema import LABELS, RESOURCES

TABLES = {
    "cadres": cadres.ROWS,
    "programmes": programmes.ROWS,
    "bases": bases.ROWS,
    "beds": bed_groups.ROWS,
    **groups.ROWS,
}


@pytest.mark.parametrize("table", TABLES)
def test_ids_are_unique_and_named_in_both_languages(table):
    rows = TABLES[table]
    assert len({row.id for row in rows}) == len(rows)
    for row in rows:
        assert row.zh, row.id
        assert not row.zh.isascii() or row.zh == "ICU", row.id
        assert row.en.isascii(), row.id


@pytest.mark.parametrize("cadre", cadres.ROWS, ids=lambda c: c.id)
def test_a_cadre_has_its_need_its_stock_and_its_words(cadre):
    resource = RESOURCES[cadre.id]
    assert (resource.long_name, resource.long_name_zh) == (cadre.en, cadre.zh)
    assert f"{cadre.id}_required" in sim.demand.WRITES
    assert f"{cadre.id}_available" in sim.supply.WRITES
    assert (f"norm.{cadre.id}" in sim.demand.PARAMETERS) == (cadre in cadres.WITH_NORM)
    grows = f"supply.{cadre.id}_growth" in sim.supply.PARAMETERS
    assert grows == (cadre.trend != "follows")
    assert cadre.half_life in sim.supply.PARAMETERS
    assert cadre.structure in cadres.CADRES


def test_the_schema_follows_the_catalogues():
    assert LABELS["cadre"] == cadres.IDS
    assert LABELS["programme"] == programmes.IDS
    assert LABELS["basis"] == tuple(row.id for row in bases.OF_RESIDENTS)
    for resource in RESOURCES.values():
        if resource.group_dim in groups.ROWS:
            assert resource.groups == groups.ids(resource.group_dim)


def test_every_group_has_words():
    for name in (*cadres.IDS, *programmes.IDS, *bed_groups.BED_GROUPS):
        assert GROUPS[name][0] != name
    for dim in groups.ROWS:
        assert all(name in GROUPS for name in groups.ids(dim))


@pytest.mark.parametrize("cadre", cadres.ROWS, ids=lambda c: c.id)
def test_a_cadre_is_named_where_an_equation_is_its_own_and_nowhere_else(cadre):
    """The catalogue, the equations of demand and supply, and what a plan's rules call the doctors.

    A calibration (evidence) may be of one cadre's counts.
    """
    rooms = {Path(name).parts[0] for name in files_naming(cadre.id)} - {"evidence"}
    assert rooms <= {"catalogue", "demand", "supply", "adequacy", "plan", "charts"}
    if cadre.need == "norm":
        assert set(files_naming(cadre.id)) <= {"catalogue/cadres.py", "supply/coverage.py"}
