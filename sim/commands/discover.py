"""What `healthplan discover` says: the corners in which an indicator fails, in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sim.commands.sweep import units_in
from sim.run.setup import Setup
from sim.sweeps.discover import COLUMNS, Found, discover, rows
from sim.writing import write_rows


def text(setup: Setup, found: Found, lang: str = "en") -> Iterator[str]:
    """The boxes in words, each against the share of all draws that fail."""
    q, zh = found.question, lang == "zh"
    n, fails, base = len(q.fails), int(q.fails.sum()), float(q.fails.mean())
    failed = "不够用" if q.of_need else "不达标"
    if zh:
        yield f"{q.year}年，{q.indicator}在{n}次抽样中有{fails}次{failed}（{base:.0%}）"
    else:
        how = "is not enough" if q.of_need else "is not reached"
        yield f"{q.indicator} {how} in {fails} of {n} draws ({base:.0%}) in {q.year}"
    if not found.boxes:
        yield (
            "没有参数界限能把这些抽样区分开；增加抽样次数或可区分"
            if zh
            else "no bounds on the parameters tell these draws apart; more draws may"
        )
    for b, box in enumerate(found.boxes, 1):
        if zh:
            yield (
                f"区域{b}：区域内{box.density:.0%}的抽样{failed}，全部抽样为{base:.0%}（{box.lift:.2g}倍）；"
                f"含全部{failed}抽样的{box.coverage:.0%}、全部抽样的{box.mass:.0%}，条件："
            )
        else:
            yield (
                f"box {b}: fails in {box.density:.0%} of the draws inside, {box.lift:.2g} times the "
                f"{base:.0%} of all draws; holds {box.coverage:.0%} of all failing draws and "
                f"{box.mass:.0%} of all draws, where"
            )
        for i in box.bounded:
            yield f"    {_bound(setup, found, i, *box.bounds[i], zh=zh)}"


def _bound(setup: Setup, found: Found, i: int, low: float, high: float, *, zh: bool) -> str:
    """A parameter and the bounds on it."""
    inputs, q = found.inputs, found.question
    name, centre = inputs.names[i], inputs.central[i]
    record = setup.parameters[q.scenario, q.region][name].record
    units = units_in(inputs.units[i], "zh" if zh else "en")
    ends = [f"{end:.4g}{'' if zh or not units else ' '}{units}" for end in (low, high)]
    if np.isfinite(low) and np.isfinite(high):
        bound = f"在{low:.4g}与{ends[1]}之间" if zh else f"between {low:.4g} and {ends[1]}"
    elif np.isfinite(low):
        bound = f"高于{ends[0]}" if zh else f"above {ends[0]}"
    else:
        bound = f"低于{ends[1]}" if zh else f"below {ends[1]}"
    if zh:
        return f"{record.name.zh}{bound}（中心值 {centre:.4g}；{name}，{record.quality}）"
    return f"{record.name.en} {bound} (central {centre:.4g}; {name}, {record.quality})"


def discover_command(
    path: Path,
    indicator: str,
    year: int | None,
    scenario: str | None,
    region: str | None,
    boxes: int,
    lang: str,
) -> int:
    """Print the boxes, write their CSV into the run folder; return the exit code."""
    setup, found, _ = discover(path, indicator, year=year, scenario=scenario, region=region, most=boxes)
    for line in text(setup, found, lang):
        print(line)
    q = found.question
    target = path / f"discover_{q.indicator}_{q.year}_{q.scenario}_{q.region}.csv"
    write_rows(target, COLUMNS, rows(setup, found))
    print(target)
    return 0
