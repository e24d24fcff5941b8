"""`healthplan region new`: what of a census table was understood, and the folder made of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.commands.options import RegionOptions
from sim.commands.refusals import spoken
from sim.config import find_root
from sim.places.census_checks import ratios_of
from sim.places.census_split import infants_missed, parts_said
from sim.places.census_words import shown
from sim.places.new_region import Asked, Understood, new_region
from sim.places.region import Region
from sim.report.known_text import known_text
from sim.run.counted import add_counts
from sim.schema import SEXES

_SPAN = (2020, 2035)  # of the projection that says what counts change
_SEXES = {"female": ("女", "female"), "male": ("男", "male"), "both": ("合计", "both sexes")}


def new_command(table: Path, options: RegionOptions) -> str:
    """Make a region folder of a census table; returns what to say."""
    asked = Asked(
        table,
        options["name"],
        options["name_en"] or options["name"],
        options["parent"],
        options["code"],
        options["encoding"],
        options["sheet"],
        options["unit"],
        options["thousands"],
        options["urban"],
    )
    root = find_root(Path.cwd())
    known, entries = options["known"], []

    def counted(region: Region) -> None:
        if known is not None:
            entries.extend(add_counts(root, region, known, options["encoding"], _SPAN))

    found = new_region(root, asked, counted)
    said = list(_said(found, asked, options["lang"] == "zh"))
    said[3:3] = _split_said(root, found, options["lang"] == "zh")  # beside the unit, above the people
    if known is not None:
        said.append(known_text([e.record for e in entries], "zh" if options["lang"] == "zh" else "en"))
    return "\n".join(said)


def _split_said(root: Path, found: Understood, zh: bool) -> list[str]:
    """Which groups were split, by whose shares, and how far such a split misses; nothing where none was."""
    if not found.layout.split:
        return []
    named, starts = f"{found.parent.code} {found.parent.name_zh}", found.census.starts
    parts = [(shown(span), parts_said(span, starts)) for span in found.layout.split]
    young = found.layout.split[0][0] == 0
    missed = f"{infants_missed(root, found.region.level):.0%}" if young else ""
    if zh:
        groups = "，".join(f"{group} 拆为 {'、'.join(inside)}" for group, inside in parts)
        off = f"；各地0岁人数由此相差约 {missed}，生育率的区间已放宽" if young else ""
        by = f"按 {named} 2020年普查的分性别比例"
        return [f"拆分（估计）：{groups}，{by}，合计不变{off}；有分列的数请用分列的数"]
    groups = "; ".join(f"{group} into {', '.join(inside)}" for group, inside in parts)
    off = f"; age 0 of places is missed by about {missed} so, fertility is as much less sure" if young else ""
    by = f"by the shares of {named} by sex in 2020"
    return [f"split (estimated): {groups}; {by}, sums kept{off}; where these ages are counted, give them"]


def _said(found: Understood, asked: Asked, zh: bool) -> Sequence[str]:
    layout, region, parent = found.layout, found.region, found.parent
    first = {count.sex: count for count in reversed(layout.counts)}
    lang = "zh" if zh else "en"
    cells = {sex: spoken(count.cell.place, lang) for sex, count in first.items()}
    sexes = ", ".join(f"{_SEXES[s][not zh]} {cells[s]}" for s in _SEXES if s in cells)
    spans = {count.ages for count in layout.counts}
    people = dict(zip(SEXES, found.census.counts.sum(axis=1), strict=True))
    unread = ", ".join(f"'{cell.text}' ({spoken(cell.place, lang)})" for cell in layout.unread)
    female, male = people["female"], people["male"]
    widest = shown(max(spans))
    hidden = ", ".join(spoken(part, lang) for part in layout.hidden)
    own, around = (ratios_of(census.counts) for census in (found.census, found.around))
    named = f"{parent.code} {parent.name_zh}"
    if zh:
        lines = [
            f"年龄：{spoken(layout.ages, lang)}，{len(spans)} 个标签，末组 {widest}",
            f"性别（首格）：{sexes}",
            f"单位：{asked.unit}；千位分隔符：{'已去除' if asked.thousands else '无'}",
            f"人口：女 {female:,.0f}，男 {male:,.0f}，合计 {female + male:,.0f}；各项合计均已核对",
            f"男女之比（女=100）：15岁以下 {own[0]:.0f}，75岁及以上 {own[1]:.0f}；"
            f"{named} 为 {around[0]:.0f} 和 {around[1]:.0f}",
            f"未读取：{unread}" if unread else "",
            f"工作表中隐藏或被筛去、但已读取：{hidden}" if hidden else "",
            f"其余（死亡、生育、迁移、床位与人员）来自 {named}；逐项见 run.json",
            "城镇人口取自上级比例；可用 --urban 给出" if asked.urban is None else "",
            f"已写入 {found.folder}（代码 {region.code}）",
            f"下一步：healthplan plan new NAME --region {region.code}",
        ]
    else:
        lines = [
            f"ages: {layout.ages}, {len(spans)} labels, the last {widest}",
            f"sexes (first cell): {sexes}",
            f"unit: {asked.unit}; separators of thousands: {'taken out' if asked.thousands else 'none'}",
            f"people: female {female:,.0f}, male {male:,.0f}, both {female + male:,.0f}; all sums checked",
            f"men for 100 women: under 15 {own[0]:.0f}, 75 and over {own[1]:.0f}; "
            f"in {named} {around[0]:.0f} and {around[1]:.0f}",
            f"not read: {unread}" if unread else "",
            f"hidden or filtered out in the sheet, and read: {hidden}" if hidden else "",
            f"the rest (deaths, births, migration, beds, staff) comes from {named}; run.json says each",
            "urban residents: by the share above; --urban states them" if asked.urban is None else "",
            f"written: {found.folder} (code {region.code})",
            f"next: healthplan plan new NAME --region {region.code}",
        ]
    return [line for line in lines if line]
