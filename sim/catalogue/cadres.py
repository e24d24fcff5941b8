"""The cadres of staff: what each is called, how its need is found, whom its stock serves.

The only place that lists them. Schema, stages, labels of the parameters and the words of tables and
charts follow. A cadre that is planned by a norm per head is a row here and its figures; one whose
need is an equation of its own has that in `sim.demand` besides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Need = Literal["norm", "own"]
Served = Literal["residents", "rural", "60+"]
Trend = Literal["staff", "own", "paced", "follows"]


@dataclass(frozen=True)
class Cadre:
    """One cadre.

    id: as in results.nc and in the names of its parameters.  zh, en: its word.  need: "norm" is
    people x `norm.<id>` and nothing else; "own" is an equation of the demand stage.  normed: whether
    an equation of its own reads `norm.<id>` per resident too.  served: the people per whom
    `supply.<id>_base` states its stock, and a norm its need.  trend: how its stock moves: its growth
    fades by `supply.staff_half_life`, by a half-life of its own, it was estimated by region ("paced":
    `supply.<id>_growth`, `_pace`, `_swing`), or the stock follows what it serves (staff of slots) or
    the cadre that it is `part_of`.  like: the cadre whose ages, sexes and ways of
    leaving and entering stand for its own (`workforce.age_share` and the like); "" where it has its own.
    """

    id: str
    zh: str
    en: str
    need: Need = "own"
    normed: bool = False
    served: Served = "residents"
    trend: Trend = "staff"
    like: str = ""
    part_of: str = ""

    @property
    def half_life(self) -> str:
        """Name of the parameter that says how fast its trend fades."""
        return f"supply.{self.id if self.trend == 'own' else 'staff'}_half_life"

    @property
    def structure(self) -> str:
        """The cadre under which the parameters of age, sex, leaving and entering have it."""
        return self.like or self.id


ROWS: Final[tuple[Cadre, ...]] = (
    Cadre("doctors", "执业（助理）医师", "doctors", normed=True, trend="paced"),
    Cadre(
        "practising_doctors",
        "执业医师（不含助理，含于医师）",
        "practising doctors without assistants (part of doctors)",
        normed=True,
        trend="follows",
        like="doctors",
        part_of="doctors",
    ),
    Cadre("tcm_doctors", "中医类医师", "TCM doctors", normed=True),
    Cadre("nurses", "注册护士", "registered nurses", normed=True, trend="paced"),
    Cadre("gps", "全科医生", "general practitioners", normed=True, trend="paced"),
    Cadre("pharmacists", "药师（士）", "pharmacists", normed=True),
    Cadre("public_health_staff", "公共卫生人员", "public health staff", "norm"),
    Cadre("supervision_staff", "卫生监督人员", "health supervisors", "norm"),
    Cadre("midwives", "助产士", "midwives"),
    Cadre("care_workers", "养老护理员", "elderly-care workers", served="60+"),
    Cadre(
        "rural_doctors",
        "农村执业（助理）医师（含于医师）",
        "doctors for rural people below tertiary care (part of doctors)",
        served="rural",
    ),
    Cadre(
        "village_doctors",
        "乡村医生和卫生员",
        "village doctors without a doctor's licence",
        normed=True,
        served="rural",
        trend="own",
    ),
    Cadre("childcare_staff", "托育保育人员", "childcare workers", trend="follows"),
)
CADRES: Final[dict[str, Cadre]] = {row.id: row for row in ROWS}
IDS: Final[tuple[str, ...]] = tuple(CADRES)
STRUCTURES: Final[tuple[str, ...]] = tuple(row.id for row in ROWS if not row.like)
"""Labels of the parameters by cadre."""
BY_NORM: Final[tuple[Cadre, ...]] = tuple(row for row in ROWS if row.need == "norm")
WITH_NORM: Final[tuple[Cadre, ...]] = tuple(row for row in ROWS if row.need == "norm" or row.normed)
PACED: Final[tuple[Cadre, ...]] = tuple(row for row in ROWS if row.trend == "paced")
"""Cadres whose growth was estimated by region."""
STOCKS: Final[tuple[Cadre, ...]] = tuple(row for row in ROWS if row.trend != "follows")
"""Cadres with a stock of the base year and a growth of their own."""
