"""The health programmes: what each is called, and what limits how many people it covers.

The only place that lists them. The schema's labels, what supply makes of them and the words of
tables and charts follow; a new programme is a row here, the people that full coverage means in
`sim.demand.programmes.managed` and its figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Limit = Literal["hours", "gap", "donors", "tcm_doctors", "slots"]


@dataclass(frozen=True)
class Programme:
    """One programme.

    id: as in results.nc.  zh, en: its word.  limit: what covers people: "hours" of primary-care
    staff, shared by all such programmes; "gap": present coverage, whose gap closes; what "donors"
    give; what "tcm_doctors" in primary care can see; "slots" of childcare.  client: under which name
    `workforce.management_hours` has the hours of one client; "" for none of its own.
    """

    id: str
    zh: str
    en: str
    limit: Limit = "gap"
    client: str = ""


ROWS: Final[tuple[Programme, ...]] = (
    Programme("elderly_65", "65岁以上老人", "people 65+", "hours", "elderly"),
    Programme("hypertension", "高血压", "hypertension", "hours", "hypertension"),
    Programme("diabetes", "糖尿病", "diabetes", "hours", "diabetes"),
    Programme("severe_mental", "严重精神障碍", "severe mental disorder", "hours", "severe_mental"),
    Programme("severe_mental_visits", "严重精神障碍随访", "severe mental disorder: visits", "hours"),
    Programme("severe_mental_medication", "严重精神障碍服药", "severe mental disorder: medication", "hours"),
    Programme("pregnant_women", "孕产妇", "pregnant women", "hours", "pregnant"),
    Programme("antenatal_care", "产前检查", "antenatal care"),
    Programme("postnatal_visits", "产后访视", "postnatal visits"),
    Programme("prepregnancy_checks", "孕前检查", "checks before pregnancy"),
    Programme("children_u3", "3岁以下儿童", "children under 3", "hours"),
    Programme("children_0_6", "0-6岁儿童", "children 0-6", "hours", "child"),
    Programme("vaccination", "预防接种", "vaccination"),
    Programme("newborn_screening", "新生儿筛查", "newborn screening"),
    Programme("prenatal_screening", "产前筛查", "prenatal screening"),
    Programme("deliveries", "分娩", "deliveries"),
    Programme("family_doctor_key_groups", "家庭医生签约重点人群", "key groups of family doctors", "hours"),
    Programme("migrants", "流动人口", "migrants", "hours"),
    Programme("tcm_primary_visits", "基层中医诊疗", "TCM visits in primary care", "tcm_doctors"),
    Programme("blood_donors", "无偿献血", "blood donors", "donors"),
    Programme("childcare", "3岁以下儿童入托", "children under 3 in childcare", "slots"),
)
PROGRAMMES: Final[dict[str, Programme]] = {row.id: row for row in ROWS}
IDS: Final[tuple[str, ...]] = tuple(PROGRAMMES)
WITH_CLIENT: Final[tuple[Programme, ...]] = tuple(row for row in ROWS if row.client)
"""Programmes whose clients have hours of their own."""
