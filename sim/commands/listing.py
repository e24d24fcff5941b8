"""`healthplan list`: what there is; each table loads what it reads, and no more."""

from __future__ import annotations

from pathlib import Path

from sim.commands.listed_words import worded_table
from sim.config.root import find_root
from sim.config.standard import load_standard
from sim.errors import ConfigError, SimError, fault

_SHOWN = 17  # regions of an experiment that a table names


def listing(
    start: Path,
    what: str,
    plan: str | None = None,
    inside: str | None = None,
    like: str | None = None,
    lang: str = "zh",
) -> str:
    """A table of regions, plans, indicators, parameters, scenarios or experiments.

    plan: only this one's plans or indicators; raises ConfigError with any other table.  inside, like:
    regions that the censuses count, inside a place or with a name like this; inside with parameters:
    those of a place, each with the level whose figure it is.  lang: that of names.
    """
    root = find_root(start)
    if (like and what != "regions") or (inside and what not in ("regions", "parameters")):
        option = "--in" if inside else "--like"
        raise ConfigError(fault(option, f"does not go with '{what}'", "leave it out, or list regions"))
    if what == "parameters" and inside:
        from sim.commands.listed_parameters import of_place

        return of_place(root, inside, lang)
    if plan is not None and what not in ("plans", "indicators"):
        remedy = "leave it out, or list plans or indicators"
        raise ConfigError(fault("--plan", f"does not go with '{what}'", remedy))
    if what == "scenarios":
        return _scenarios(root, lang)
    if what == "experiments":
        return _experiments(root, lang)
    if what == "regions":
        from sim.commands import listed_places

        found = inside or like
        return listed_places.places(root, inside, like, lang) if found else listed_places.regions(root, lang)
    if what == "parameters":
        from sim.commands import listed_parameters

        return listed_parameters.parameters(root, lang)
    from sim.commands import listed_plans

    return (listed_plans.plans if what == "plans" else listed_plans.indicators)(root, plan, lang)


def _scenarios(root: Path, lang: str) -> str:
    """The standard set: what each record sets, or what a mixture is made of."""
    rows = [
        (name, one.family, ", ".join(one.of or one.set), one.quality, one.title.zh, one.title.en)
        for name, one in load_standard(root).items()
    ]
    return worded_table(("scenario", "family", "sets", "grade", "name_zh", "name_en"), rows, lang)


def _experiments(root: Path, lang: str) -> str:
    from sim.config.read import read_experiment

    rows = []
    for path in sorted((root / "experiments").glob("*.yaml")):
        try:
            e = read_experiment(path)
        except SimError as error:
            wrong = "有误：" if lang == "zh" else "wrong:"
            rows.append((path.name, wrong, str(error).splitlines()[0], "", ""))
            continue
        scenarios = ",".join(e.scenarios)
        rows.append(
            (
                f"experiments/{path.name}",
                ",".join(e.regions[:_SHOWN]) + (f" ... {len(e.regions)}" if len(e.regions) > _SHOWN else ""),
                e.plan or "",
                f"{e.years.base}-{e.years.end}",
                scenarios,
            )
        )
    return worded_table(("file", "regions", "plan", "years", "scenarios"), rows, lang)
