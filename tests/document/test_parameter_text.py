"""Values of parameters with their units, as reports print them."""

from __future__ import annotations

import re

import pytest
from paths import ROOT

from sim.catalogue.language import Lang
from sim.document.parameter_text import SPANS, parameter_unit, value_text
from sim.params import read_sets

AGES = re.compile("岁|龄|寿命")


@pytest.mark.parametrize(
    ("name", "text"), [("死亡率变化减半年数", "8.00年"), ("地区与参考预期寿命之差", "8.00岁")]
)
def test_spans_of_years_are_not_ages(name: str, text: str):
    line = {"value": "8", "unit": "year", "name_zh": name}
    assert value_text(line, "zh") == text
    assert parameter_unit(line, "en") == "years"


def test_the_name_of_every_parameter_in_years_says_span_or_age():
    found = read_sets(ROOT / "parameters", ["national", "standards"])
    names = {p.record.name.zh for p in found.values() if p.record.unit == "year"}
    assert len(names) > 10
    unclear = {n for n in names if bool(SPANS.search(n)) == bool(AGES.search(n))}
    assert unclear == set()


@pytest.mark.parametrize(
    ("unit", "name"), [("year", "inpatient.last_count"), ("1", "supply.beds_density_year")]
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_calendar_year_has_no_thousands(unit: str, name: str, lang: Lang):
    line = {"value": "2025", "unit": unit, "name_zh": "所属年份", "parameter": name}
    assert value_text(line, lang).rstrip("年") == "2025"
