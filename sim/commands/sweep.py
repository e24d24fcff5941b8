"""What `healthplan sweep` does around a sweep: progress, the closing table, the path."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sim.catalogue.words import unit
from sim.commands.options import out_folder
from sim.commands.refusals import spoken
from sim.commands.run import Lines, _executor
from sim.config import parse_set
from sim.run.cluster import check_address
from sim.run.pool import unsaid
from sim.run.setup import set_up
from sim.sweeps import sweep as sweeps
from sim.sweeps.folder import NOTES, RANKED_BY
from sim.sweeps.resolved import Sweep

_SHOWN = 6  # factors of each output in the closing table
_OUTPUTS = 12
MEASURE_NAMES = {
    "total": {"en": "total effect index", "zh": "总效应指数"},
    "mu_star": {"en": "mu*, mean size of effect", "zh": "μ*，平均影响"},
    "prcc": {"en": "partial rank correlation", "zh": "偏秩相关系数"},
    "swing": {"en": "swing", "zh": "变动幅度"},
    "main_range": {"en": "range of the means", "zh": "均值的极差"},
}


def sweep_command(
    *,
    experiment: Path,
    method: str | None,
    over: Sequence[str],
    of: Sequence[str],
    n: int | None,
    groups: Sequence[str],
    seed: int | None,
    workers: int | None,
    out: Path | None,
    settings: Sequence[str],
    scenarios: Sequence[str],
    scheduler: str | None,
    no_charts: bool,
    dry_run: bool,
    lang: str,
    quiet: bool,
) -> int:
    """Sweep, print which factors move each output and the path; return the exit code.

    Of several scenarios the first alone is swept unless some are named.
    """
    pairs = [parse_set(text) for text in settings]
    setup = set_up(experiment, settings=pairs, scenarios=scenarios)
    if not scenarios and len(setup.scenarios) > 1:
        others = setup.scenarios[1:]
        setup = sweeps.first_scenario(setup)
        print(_only(setup.scenarios[0], others, lang), file=sys.stderr)
    plan = sweeps.plan_sweep(setup, method=method, over=over, of=of, n=n, groups=groups, seed=seed)
    for note in plan.notes:
        print(spoken(f"note: {note}", lang), file=sys.stderr)
    count = workers or os.cpu_count() or 1
    folder = out_folder(out, setup.root)
    if scheduler is not None:
        check_address(scheduler)
    if dry_run:
        print(_planned(plan, count, lang))
        return 0
    told = None if quiet else Lines(sys.stderr, lang)
    with _executor(scheduler) as executor:
        path = sweeps.sweep(
            plan,
            folder,
            workers=count,
            executor=executor,
            progress=told,
            charts=not no_charts,
            lang=lang,
            phase=unsaid if told is None else told.phase,
        )
    if not quiet:
        for line in table(path, lang):
            print(line)
    print(path)
    return 0


def _only(first: str, others: Sequence[str], lang: str) -> str:
    shown = ", ".join(others)
    if lang == "zh":
        return f"说明：仅对情景 {first} 作敏感性分析；其他情景（{shown}）用 --scenario 指定"
    return f"note: sweeps scenario {first} alone; name others ({shown}) with --scenario"


def _planned(plan: Sweep, workers: int, lang: str) -> str:
    """How many runs, and how long they take, from one block computed now."""
    runs = len(plan.design.points) * len(plan.setup.parameters)
    seconds = sweeps.seconds_of(plan, workers)
    method, n = plan.design.method, plan.design.n
    factors, outputs = len(plan.design.factors), len(plan.outputs)
    if lang == "zh":
        time = f"约{seconds:.0f}秒" if seconds < 120 else f"约{seconds / 60:.0f}分钟"
        return (
            f"{method}，n = {n}：模型运行{runs:,}次，{factors}个因素，{outputs}项输出；"
            f"{workers}个进程{time}（不含图表）"
        )
    time = f"about {seconds:.0f} s" if seconds < 120 else f"about {seconds / 60:.0f} min"
    return (
        f"{method}, n = {n}: {runs:,} model runs, {factors} factors, {outputs} outputs; "
        f"{time} of computing on {workers} workers (charts not counted)"
    )


def table(folder: Path, lang: str = "zh") -> Iterator[str]:
    """The strongest factors of each output, as lines of text."""
    meta = json.loads((folder / "sweep.json").read_text(encoding="utf-8"))
    measure = RANKED_BY[meta["method"]]
    with (folder / "sensitivity.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["measure"] == measure]
    found: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for r in rows:
        found.setdefault((r["scenario"], r["region"], r["output"], r["year"]), []).append(r)
    for (scenario, region, output, year), own in list(found.items())[:_OUTPUTS]:
        name = meta["output_names"][output][lang]
        yield f"{scenario}/{region}  {name} [{output}@{year}]   ({MEASURE_NAMES[measure][lang]})"
        if own[0][NOTES[lang]]:
            yield f"    {own[0][NOTES[lang]]}"
            continue
        moving = [r for r in own if float(r["value"] or 0) != 0]
        for r in moving[:_SHOWN]:
            band = f"  [{float(r['low']):.3g}, {float(r['high']):.3g}]" if r["low"] else ""
            called = meta["names"].get(r["factor"], {}).get(lang, "")
            shown = (
                f"{called} ({r['factor']}, {r['quality']})" if called else f"{r['factor']} ({r['quality']})"
            )
            yield f"    {float(r['value']):>10.4g}{band:<22} {shown}{_ends(r, lang)}"
        if len(moving) < len(own):
            still = len(own) - len(moving)
            words = f"{still} factors do" if still > 1 else "1 factor does"
            yield f"    {still}个因素不影响该结果" if lang == "zh" else f"    {words} not move it"
    if len(found) > _OUTPUTS:
        more = len(found) - _OUTPUTS
        yield (
            f"……另有{more}项输出见 sensitivity.csv"
            if lang == "zh"
            else f"... and {more} more outputs in sensitivity.csv"
        )


def _ends(row: Mapping[str, str], lang: str) -> str:
    """The lowest and highest value of a factor, and what the output is there."""
    if not row["output_low"]:
        return ""
    shown = [float(row[end]) for end in ("output_low", "output_high")]
    at = f"{row['value_low']} .. {row['value_high']} {units_in(row['value_unit'], lang)}".rstrip()
    return f": {at} -> {shown[0]:.4g} .. {shown[1]:.4g}"


def units_in(text: str, lang: str) -> str:
    """A factor's unit in the language: its file's, a multiple of the central value, or what is added."""
    if lang != "zh":
        return text
    base, years, _ = text.partition(", mean of the years")
    name, added, _ = base.partition(" added")
    word = "×中心值" if name == "x central" else unit(name, "zh")
    return word + ("（增减）" if added else "") + ("（各年均值）" if years else "")
