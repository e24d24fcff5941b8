"""The words on charts and tables, in both languages: units, groups, scenarios."""

from __future__ import annotations

from collections.abc import Mapping

from sim.catalogue import bed_groups, cadres, groups, programmes
from sim.catalogue.language import Lang, label

Pair = tuple[str, str]  # Chinese, English
Titles = Mapping[str, Mapping[str, str]]  # scenario -> {zh: name, en: name}

SCENARIOS: dict[str, Pair] = {
    "reference": ("基准", "Reference"),
    "low_fertility": ("低生育", "Low fertility"),
    "high_fertility": ("高生育", "High fertility"),
    "three_child": ("三孩政策", "Three-child policy"),
    "three_child_high": ("三孩政策（强）", "Three-child policy, strong"),
    "no_policy": ("无生育政策", "No fertility policy"),
}

FIGURE_LEVELS: dict[str, Pair] = {
    "place": ("本地", "the place itself"),
    "prefecture": ("所在地市", "its prefecture"),
    "province": ("所在省", "its province"),
    "nation": ("全国", "the nation"),
}
"""Level that a figure of a place comes from."""

UNITS: dict[str, Pair] = {
    "person": ("人", "persons"),
    "persons": ("人", "persons"),
    "birth": ("人", "births"),
    "live birth": ("人", "live births"),
    "bed": ("张", "beds"),
    "beds": ("张", "beds"),
    "slot": ("个", "slots"),
    "slots": ("个", "slots"),
    "post": ("人", "posts"),
    "vehicle": ("辆", "vehicles"),
    "hour": ("小时", "hours"),
    "hour/year": ("小时/年", "hours a year"),
    "visit": ("人次", "visits"),
    "visits": ("人次", "visits"),
    "admission": ("人次", "admissions"),
    "admissions": ("人次", "admissions"),
    "bed-day": ("床日", "bed-days"),
    "case": ("人", "cases"),
    "year": ("岁", "years"),
    "years": ("岁", "years"),
    "count": ("个", ""),
    "1": ("", ""),
    "%": ("%", "%"),
    "per 1000": ("/千人", "per 1000"),
    "per 10000": ("/万人", "per 10,000"),
    "per 100000": ("/10万人", "per 100,000"),
    "per 1000 live births": ("‰", "per 1000 births"),
    "per 100000 live births": ("/10万", "per 100,000 births"),
    "persons per ambulance": ("人/辆", "persons per vehicle"),
    "nurses per doctor": ("护士/医师", "nurses per doctor"),
    "visits per year": ("人次/年", "visits a year"),
    "persons per year": ("人/年", "persons a year"),
    "percentage points": ("个百分点", "points"),
    "births per woman": ("个/妇女", "births per woman"),
    "minutes": ("分钟", "min"),
    "days": ("天", "days"),
    "visits per resident": ("次/人", "visits per resident"),
    "child per woman": ("个/妇女", "children per woman"),
    "day": ("天", "days"),
    "minute": ("分钟", "min"),
    "institution": ("个", "institutions"),
    "1/year": ("/年", "a year"),
    "year of life": ("人年", "years of life"),
    "per person": ("/人", "per person"),
    "km": ("公里", "km"),
    "percent": ("%", "%"),
    "ratio": ("", ""),
    "per year": ("/年", "a year"),
    "per bed": ("/床", "per bed"),
    "per birth": ("/例分娩", "per birth"),
    "per person-year": ("/人年", "per person-year"),
    "per 100 person-years": ("/百人年", "per 100 person-years"),
    "per 1000 person-years": ("/千人年", "per 1000 person-years"),
    "person/year": ("人/年", "persons a year"),
    "birth/year": ("人/年", "births a year"),
    "day/year": ("天/年", "days a year"),
    "hour/day": ("小时/天", "hours a day"),
    "person per post": ("人/岗", "persons per post"),
    "person per unit": ("人/个", "persons per unit"),
    "yuan": ("元", "yuan"),
    "% of population": ("%（占人口）", "% of population"),
    "% per year": ("%/年", "% a year"),
    "percentage points per year": ("个百分点/年", "points a year"),
    "males per 100 females": ("（女=100）", "males per 100 females"),
    "persons per CHC": ("人/中心", "persons per centre"),
    "women": ("名妇女", "women"),
    "children": ("名儿童", "children"),
    "newborns": ("名新生儿", "newborns"),
    "patients": ("名患者", "patients"),
    "posts": ("个编制", "posts"),
    "teams": ("个团队", "teams"),
    "tests": ("例", "tests"),
    "years of age": ("岁", "years of age"),
    "CNY per person": ("元/人", "CNY per person"),
    "CNY per person per year": ("元/人年", "CNY per person a year"),
    "CNY 10k": ("万元", "CNY 10,000"),
    "CNY 100m": ("亿元", "CNY 100 million"),
    "per county": ("/县", "per county"),
    "per city": ("/市", "per city"),
    "per district": ("/区", "per district"),
    "per township": ("/乡镇", "per township"),
    "per street": ("/街道", "per street"),
    "per township or street": ("/乡镇街道", "per township or street"),
    "per administrative village": ("/行政村", "per administrative village"),
    "per village or community": ("/村（社区）", "per village or community"),
    "per urban community": ("/城市社区", "per urban community"),
    "per secondary+ hospital": ("/所二级以上医院", "per secondary+ hospital"),
    "per primary care institution": ("/所基层机构", "per primary care institution"),
    "per employer": ("/单位", "per employer"),
}

GROUPS: dict[str, Pair] = {
    **{bed.id: (bed.zh, bed.en) for bed in bed_groups.ROWS},
    **{bed.normal: (bed.zh, bed.en) for bed in bed_groups.ROWS if bed.peak},
    **{row.id: (row.zh, row.en) for rows in reversed(groups.ROWS.values()) for row in rows},
    **{row.id: (row.zh, row.en) for row in programmes.ROWS},
    **{row.id: (row.zh, row.en) for row in cadres.ROWS},
    "female": ("女", "female"),
    "male": ("男", "male"),
    "both": ("合计", "both sexes"),
}

# Parts of the health system that a plan's row is confined to; the name carries them at its end.
SCOPES: dict[str, Pair] = {
    "primary care": ("基层", "primary care"),
    "TCM": ("中医", "TCM"),
    "public hospitals": ("公立医院", "public hospitals"),
    "private": ("民营", "private"),
    "under-3": ("3岁以下", "under 3"),
    "elderly": ("老年人", "elderly"),
    "hospitals": ("医院", "hospitals"),
    "MCH": ("妇幼", "MCH"),
    "rural": ("农村", "rural"),
    "urban": ("市区", "urban"),
    "counties": ("县域", "counties"),
    "infectious": ("传染病", "infectious"),
    "ICU": ("重症", "ICU"),
    "nursing": ("护理", "nursing"),
    "rehabilitation": ("康复", "rehabilitation"),
    "tertiary hospitals": ("三级医院", "tertiary hospitals"),
    "secondary hospitals": ("二级医院", "secondary hospitals"),
    "county hospitals": ("县级医院", "county hospitals"),
    "county general hospitals": ("县级综合医院", "county general hospitals"),
    "county level": ("县级", "county level"),
    "city level": ("市级", "city level"),
    "general hospitals": ("综合医院", "general hospitals"),
    "tertiary general hospitals": ("三级综合医院", "tertiary general hospitals"),
    "specialist hospitals": ("专科医院", "specialist hospitals"),
    "urban secondary hospitals": ("城市二级医院", "urban secondary hospitals"),
    "hospitals and CDCs": ("医院和疾控机构", "hospitals and CDCs"),
    "township health centres": ("乡镇卫生院", "township health centres"),
    "urban communities": ("城市社区", "urban communities"),
    "urban residents and employees": ("城镇居民和职工", "urban residents and employees"),
    "hospice": ("安宁疗护", "hospice"),
    "women": ("妇女", "women"),
    "men": ("男性", "men"),
    "rural women": ("农村妇女", "rural women"),
}

# what a cost is of
OPTIONS: dict[str, Pair] = {
    "trend": ("趋势", "trend"),
    "plan": ("规划", "plan"),
    "revised": ("修订目标", "revised targets"),
    "proposal": ("建议目标", "proposed targets"),
}

DRIVERS: dict[str, Pair] = {
    "size": ("人口规模", "population size"),
    "population_size": ("人口规模", "population size"),
    "age_structure": ("年龄结构", "age structure"),
    "structure": ("年龄结构", "age and sex"),
    "rates": ("使用率", "rates of use"),
    "policy": ("政策", "policy"),
    "scenario": ("情景", "scenario"),
}


DERIVED = {
    "natural_increase": ("自然增长率", "natural increase"),
    "population_increase": ("人口增量", "increase of the population"),
}
"""What is worked out of series of the data model and is none of them."""


def word(table: dict[str, Pair], key: str, lang: Lang) -> str:
    """The word for `key`, or the key itself with spaces where the table lacks it."""
    zh, en = table.get(key, (key.replace("_", " "), key.replace("_", " ")))
    return label(zh, en, lang)


def short_unit(name: str, lang: Lang, scale_word: str = "") -> str:
    """A unit for the title of small axes: 万人, million (of what, the title says)."""
    return unit(name, lang, scale_word) if lang == "zh" or not scale_word else scale_word


def unit(name: str, lang: Lang, scale_word: str = "") -> str:
    """A unit as an axis label: 万人, million persons."""
    text = word(UNITS, name, lang)
    return f"{scale_word}{text}" if lang == "zh" else f"{scale_word} {text}".strip()


PACES = {
    "ahead": ("超前", "ahead"),
    "on_path": ("合拍", "on path"),
    "behind": ("滞后", "behind"),
    "": ("", ""),
}
"""Where an indicator stands against its plan's path."""
COUNTED_PARTS = {
    "people": ("人口", "people"),
    "use": ("利用", "use"),
    "supply": ("供给", "supply"),
    "": ("", ""),
}
"""What a local count tells of."""
