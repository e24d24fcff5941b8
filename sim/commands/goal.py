"""What `healthplan goal` says: what a life-expectancy target takes, by age and cause."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.commands.plain_table import table
from sim.drivers.life_expectancy import NAMES, goal_rows
from sim.run.setup import set_up


def goal_command(experiment: Path, lang: str) -> int:
    """Print what the plan's target takes; return the exit code."""
    setup = set_up(experiment)
    rows = [r for r in goal_rows(setup) if r["scenario"] == setup.scenarios[0]]
    if not rows:
        print(
            "规划没有同时写明目标值和基期值的预期寿命指标（life_expectancy 的 target 和 baseline 两行）"
            if lang == "zh"
            else "the plan states no life expectancy with both a target and a baseline "
            "(rows target and baseline of life_expectancy)"
        )
        return 0
    head = ("part", "group", "gain_years", "share", "deaths_averted")
    zh = {"total": "合计", "age": "年龄", "cause": "死因"}
    shown = ("部分", "组", "增寿（岁）", "占比", "年减少死亡") if lang == "zh" else head
    for goal in dict.fromkeys((r["year"], r["e0_baseline"], r["goal"], r["e0_expected"]) for r in rows):
        year, was, aim, expected = goal
        text = (
            f"预期寿命 {was} → {aim}（{year}年）；预计 {expected}"
            if lang == "zh"
            else f"life expectancy {was} -> {aim} by {year}; expected {expected}"
        )
        print(text)
        mine = [r for r in rows if (r["year"], r["goal"]) == (year, aim)]
        print(table(shown, [_printed(r, lang, zh) for r in mine]))
    return 0


def _printed(row: Mapping[str, Any], lang: str, zh: Mapping[str, str]) -> tuple[str, ...]:
    cause, _, ages = str(row["group"]).partition(" ")
    names = NAMES.get(cause)
    group = str(row["group"]) if names is None else f"{names[lang == 'en']} {ages}"
    if lang == "zh":
        group = group.replace("all causes", "全部死因").replace("total", "合计")
    part = zh[row["part"]] if lang == "zh" else row["part"]
    return part, group, row["gain_years"], row["share"], row["deaths_averted"]
