"""The kinds of bed: what each is called, which need is its own, which is simulated as a pool.

The only place that lists them. The schema's labels, the kinds of the demand stage's bed-days, the
pools of the hospital model and the words of tables and charts follow; a new kind is a row here, its
days in `sim.demand.inpatient.typed_days` and its figures in the parameter files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Division = Literal["all", "level", "kind", "owner", "class"]


@dataclass(frozen=True)
class BedGroup:
    """One group of beds.

    id: as in results.nc.  zh, en: its word.  division: how all beds are divided when it is one
    part: by level of institution, by kind of patient, by owner, or by the class of institution that
    the planning guideline sets figures for (with `private` as the third); each division adds up to all.
    ward_zh, ward_en: the word where it stands among pools, "" for the same: a level's pool is its
    general wards.  pool: simulated under daily load.  peak: its beds are sized by the peak of an
    epidemic; the need of a normal year stands beside it as `<id>_normal`.  held: no trend of its
    stock is known, so that it stays as counted.
    """

    id: str
    zh: str
    en: str
    division: Division
    ward_zh: str = ""
    ward_en: str = ""
    pool: bool = False
    peak: bool = False
    held: bool = False

    def text(self, lang: str) -> str:
        """Its word in a language, "zh" or "en"."""
        return self.zh if lang == "zh" else self.en

    def pool_text(self, lang: str) -> str:
        """Its word among pools."""
        return (self.ward_zh if lang == "zh" else self.ward_en) or self.text(lang)

    @property
    def normal(self) -> str:
        """Under which group `beds_required` holds the need of a year without an epidemic."""
        return f"{self.id}_normal" if self.peak else self.id


ROWS: Final[tuple[BedGroup, ...]] = (
    BedGroup("total", "合计", "total", "all"),
    BedGroup("tertiary", "三级", "tertiary", "level", "三级综合", "tertiary general", pool=True),
    BedGroup("secondary", "二级", "secondary", "level", "二级综合", "secondary general", pool=True),
    BedGroup("primary", "基层", "primary care", "level", pool=True),
    BedGroup("general", "综合", "general", "kind"),
    BedGroup("obstetric", "产科", "obstetric", "kind", pool=True),
    BedGroup("paediatric", "儿科", "paediatric", "kind", pool=True),
    BedGroup("geriatric_rehabilitation", "老年与康复", "geriatric, rehabilitation", "kind", pool=True),
    BedGroup("psychiatric", "精神科", "psychiatric", "kind", pool=True),
    BedGroup("tcm", "中医", "TCM", "kind", pool=True),
    BedGroup("infectious", "传染病", "infectious", "kind", pool=True, peak=True, held=True),
    BedGroup("icu", "重症", "ICU", "kind", pool=True, peak=True),
    BedGroup("public", "公立", "public", "owner"),
    BedGroup("private", "民营", "private", "owner"),
    BedGroup("city_public", "市办及以上公立医院", "public hospitals of cities and above", "class"),
    BedGroup(
        "county_primary", "县办公立医院和基层机构", "public hospitals of counties and primary care", "class"
    ),
)
HELD: Final[tuple[str, ...]] = tuple(row.id for row in ROWS if row.held)
"""Of whose stock no trend is known."""
BED_GROUPS: Final[dict[str, BedGroup]] = {row.id: row for row in ROWS}
LEVELS: Final[tuple[str, ...]] = tuple(row.id for row in ROWS if row.division == "level")
OWNERS: Final[tuple[str, ...]] = tuple(row.id for row in ROWS if row.division == "owner")
GENERAL: Final = "general"
KINDS: Final[tuple[str, ...]] = tuple(row.id for row in ROWS if row.division == "kind")
TYPES: Final[tuple[str, ...]] = tuple(kind for kind in KINDS if kind != GENERAL)
POOLS: Final[tuple[str, ...]] = tuple(row.id for row in ROWS if row.pool)


def pool_text(pool: str, lang: str) -> str:
    """A pool's word; a name that is none (ambulances) with spaces."""
    row = BED_GROUPS.get(pool)
    return pool.replace("_", " ") if row is None else row.pool_text(lang)
