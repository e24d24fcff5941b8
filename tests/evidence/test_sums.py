"""Parts projected each for itself add up to their whole within what the page says, and no wider."""

from __future__ import annotations

import pytest
from paths import ROOT

from sim.evidence.validation import sums as parts
from sim.evidence.validation.sums import LAST, sums, sums_section
from sim.places.region import NATION

MOST = {  # of the whole, either way: whole -> figure -> share, in the last year
    "China": {"total": 0.003, "0-14": 0.009, "60+": 0.01, "65+": 0.014, "births": 0.015, "deaths": 0.012},
    "China, on no count since 2020": {
        "total": 0.004,  # what the provinces published is in their sum, not in this nation
        "0-14": 0.006,
        "60+": 0.007,
        "65+": 0.007,
        "births": 0.015,
        "deaths": 0.025,
    },
    "Henan": {"total": 0.01, "0-14": 0.01, "60+": 0.008, "65+": 0.008, "births": 0.03, "deaths": 0.015},
    "Guangdong": {"total": 0.004, "0-14": 0.01, "60+": 0.006, "65+": 0.009, "births": 0.012, "deaths": 0.025},
    "Anyang": {"total": 0.003, "0-14": 0.008, "60+": 0.003, "65+": 0.003, "births": 0.04, "deaths": 0.03},
}


@pytest.fixture(scope="module")
def counties() -> list[parts.Sum]:
    return sums(ROOT, (("410500", "counties"),))


@pytest.mark.slow
def test_counties_add_up_to_their_city(counties: list[parts.Sum]):
    """In the base year to the census but for two months; later within what the page says."""
    (city,) = counties
    assert city.parts == 10
    for group in parts.GROUPS:
        assert abs(float(city.apart[group].sel(year=2020))) < 0.002, group
    within(city)


@pytest.mark.slow
def test_the_section_has_a_row_for_each_year_and_figure(counties: list[parts.Sum]):
    text = sums_section(counties, (2021, LAST))
    rows = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("| Anyang")]
    assert len(rows) == 2
    (city,) = counties
    told = [f"{100 * float(city.apart[n].sel(year=LAST)):+.1f} %" for n in (*parts.GROUPS, *parts.FLOWS)]
    assert [cell.strip() for cell in rows[-1][3:]] == told


@pytest.mark.slow
def test_provinces_and_prefectures_add_up_within_what_the_page_says():
    found = sums(ROOT, parts.WHOLES[:3])
    assert {s.name for s in found} == set(MOST) - {"Anyang"}
    for one in found:
        within(one)
    counted, alone = (s for s in found if s.code == NATION)
    # what parts the provinces from the counted nation are its counts at old ages, not their own rules
    for group in ("60+", "65+"):
        beside = [float(one.apart[group].sel(year=LAST)) for one in (counted, alone)]
        assert beside[0] < 0 < beside[1] < -beside[0], group


def within(found: parts.Sum) -> None:
    for name, most in MOST[found.name].items():
        assert abs(float(found.apart[name].sel(year=LAST))) < most, (found.name, name)
