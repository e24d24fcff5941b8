"""How a figure of a place without a folder was made: the sentences in both languages, and what joins them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.params.record import Title
from sim.schema import RESOURCES

_SENTENCES: Mapping[str, tuple[str, str]] = {
    "taken": ("照原值采用", "taken as it stands"),
    "area": ("本地两次普查数（{census}）", "its own counts ({census})"),
    "net": (
        "按普查存活法，2010—2020年每年净迁移{level:+.0f}人",
        "net {level:+.0f} a year in 2010-2020 by census survival",
    ),
    "led": (
        "按本地2020年以来公布的出生数和总人口",
        "by its own births and totals published since 2020",
    ),
    "moves_with": (
        "2020年以后随{code}已公布的数变动",
        "since 2020 it moves as what was counted of {code}",
    ),
    "fewer": (
        "同样的迁移率用于现有人口，约{year}年为其{share:.2f}倍",
        "the same rates on the people there are {share:.2f} of it about {year}",
    ),
    "no_2010": (
        "2010年无同一范围的普查数：各队列按{code}推算",
        "no count of 2010 on its area: cohorts as those of {code}",
    ),
    "differ": (
        "{zh}各地相差每年{sd:.1f}‰",
        "places of level {en} differ by {sd:.1f} per 1000 a year",
    ),
    "children": (
        "2020年普查：本地0岁儿童与分年龄妇女之比，除以全国之比",
        "its own children of age 0 and women by age, over the nation's, census 2020",
    ),
    "floor": (
        "全国的{floor:g}乘以本地总和生育率之比（至多为1）",
        "the nation's {floor:g} times its TFR ratio, at most 1",
    ),
    "srb": (
        "本地2020年0岁人口（性别比{own:.3f}，权重{weight:.2f}）向{code}（{above:.3f}）收缩；其后随全国",
        "its own age 0 of 2020 ({own:.3f}, weight {weight:.2f}) shrunk to {code} ({above:.3f}); then the"
        " nation's",
    ),
    "urban": ("本地2020年城镇人口（占{share:.4f}）", "its own urban residents of 2020 ({share:.4f})"),
    "districts": (
        "2020年普查：市辖区（含各类开发区）人口占{share:.4f}",
        "residents of its city districts and zones, census 2020 ({share:.4f})",
    ),
    "urban_of": (
        "取{code}2020年城镇化率（{share:.4f}），本地未公布",
        "urban share of {code} in 2020 ({share:.4f}), its own not stated",
    ),
    "rural": ("其后乡村人口比重随全国下降", "the rural share then falls as the nation's"),
    "split": (
        "普查表中{group}岁为一组：按{code}在2020年普查中的分性别比例拆分（估计）",
        "{group} is one group in its census table: split by the shares of {code} by sex in 2020 (estimated)",
    ),
    "split_missed": (
        "各地0岁人数由此相差{sd:.3f}（对数的标准差）",
        "age 0 of places is missed by {sd:.3f} so (sd of its log)",
    ),
    "ever_born": ("2020年普查：本地15—64岁妇女", "its own women of 15-64, census 2020"),
    "e0": (
        "2020年公布值：本地{own:g}岁，全国{nation:g}岁",
        "published for 2020: {own:g}, the nation {nation:g}",
    ),
    "e0_moved": (
        "本省与全国相差{whole:+.2f}岁，按本地2010年死亡率和城镇化率移动{moved:+.2f}岁"
        "（规则得自{places}个公布值，误差{sd:.2f}岁）",
        "province {whole:+.2f}, moved {moved:+.2f} by its deaths of 2010 and urban share (rule from {places}"
        " published figures, misses by {sd:.2f})",
    ),
    "e0_within": (
        "{code}与全国相差{whole:+.2f}岁，按本地与其2010年死亡率和城镇化率之差移动{moved:+.2f}岁"
        "（规则得自{places}个公布值，误差{sd:.2f}岁）",
        "{code} {whole:+.2f}, moved {moved:+.2f} by deaths of 2010 and urban share beside it (rule from"
        " {places} published figures, misses by {sd:.2f})",
    ),
    "deaths": (
        "全国死亡率，按{code}普查分年龄、性别死亡人数调整",
        "the nation's, by the census deaths of {code} by age and sex",
    ),
    "census": ("2020年普查，{code}", "census 2020, {code}"),
    "beds": (
        "县（市）统计年鉴所载本地床位{beds:.0f}张，年鉴未注明年份",
        "{beds:.0f} beds of its own in the county yearbook, year not printed",
    ),
    "stock": (
        "{code}：{year}年末{zh}按常住人口平均",
        "{en} of {code} at the end of {year} per resident",
    ),
    "no_stock": ("{code}无可靠数字", "no trusted figure of {code}"),
    "young_differ": (
        "各地与全国相差{sd:.2f}（对数的标准差）",
        "places differ from the nation by {sd:.2f} (sd of its log)",
    ),
    "beds_differ": (
        "各地与本省相差{sd:.2f}（床位对数的标准差）",
        "places differ from their province by {sd:.2f} (sd of log beds)",
    ),
    "as_beds_differ": (
        "各地与本省之差视同床位，为{sd:.2f}（床位对数的标准差）",
        "taken to differ as beds do from their province by {sd:.2f} (sd of log beds)",
    ),
}
_CENSUS = {
    "same area": "范围相同",
    "same code and name": "代码和名称相同",
    "same code": "代码相同",
    "area not checked": "范围未核对",
    "area differs": "范围不同",
}
"""How a count of 2010 compares with the area of 2020, as places.csv says it."""
_ZH = {"prefecture": "地级", "county": "县级", "province": "省级", "country": "全国"}


def said(name: str, **held: object) -> Title:
    """A sentence with what it holds.

    name: one of _SENTENCES.  held: its fields.
    """
    zh, en = _SENTENCES[name]
    return Title(zh=zh.format(**held), en=en.format(**held))


def joined(*parts: Title | None) -> Title | None:
    """Sentences one after the other; None where there is none."""
    kept = [part for part in parts if part is not None]
    if not kept:
        return None
    return Title(zh="；".join(part.zh for part in kept), en="; ".join(part.en for part in kept))


def counted(census: str) -> Title:
    """That the place's own counts are taken; census: how its count of 2010 compares with its area."""
    zh, en = _SENTENCES["area"]
    return Title(zh=zh.format(census=_CENSUS[census]), en=en.format(census=census))


def differing(level: str, per_1000: float) -> Title:
    """By how much places of a level differ, per 1000 a year."""
    return said("differ", zh=_ZH[level], en=level, sd=per_1000)


def span(years: Sequence[int]) -> str:
    """The first and the last of some years, as a record states them."""
    first, last = int(years[0]), int(years[-1])
    return f"{first}" if first == last else f"{first}-{last}"


def stock_of(indicator: str, code: str, year: str) -> Title:
    """A province's stock per resident; indicator: a resource's name; year: or a span of them."""
    return said("stock", zh=RESOURCES[indicator].long_name_zh, en=indicator, code=code, year=year)
