"""The page as a whole, written whole or not at all."""

from __future__ import annotations

from pathlib import Path

from sim.config import find_root
from sim.errors import ConfigError, fault
from sim.evidence.calibration.parts.supply_growth import growths, residents
from sim.evidence.supply_reliability import forecasts
from sim.evidence.validation.any_place import any_place
from sim.evidence.validation.backtests import backtests
from sim.evidence.validation.bases import base_populations, life_tables
from sim.evidence.validation.bounds import bounds
from sim.evidence.validation.common import SETS
from sim.evidence.validation.errors import known_errors
from sim.evidence.validation.led import led_section
from sim.evidence.validation.left_out import LeftOut, draw, judge, section
from sim.evidence.validation.orders import orders
from sim.evidence.validation.outcomes import outcomes
from sim.evidence.validation.paths import births_to_come
from sim.evidence.validation.services import use
from sim.evidence.validation.shared import shared_section
from sim.evidence.validation.sums import sums, sums_section
from sim.evidence.validation.supply import by_other_methods, draw_supply, supply
from sim.evidence.validation.unknown import unknown_section
from sim.evidence.validation.wpp import wpp
from sim.places import list_regions, read_place, read_yearly
from sim.places.region import NATION
from sim.writing import whole


def validation_page(
    root: Path | None = None, pictures: Path | None = None, left_out: LeftOut | None = None
) -> str:
    """The page as Markdown; its charts are drawn into `pictures`, where that is given.

    left_out: places left out, where they are judged already.
    """
    root = root or find_root(Path.cwd())
    cases = root / "tests" / "cases"
    if not cases.is_dir():
        remedy = "run it in a checkout of the repository"
        raise ConfigError(fault(str(cases), "no known answers here", remedy))
    known = list_regions(root)
    regions = sorted(known.values(), key=lambda r: r.code)
    parameters = {r.code: read_place(root, r, SETS, regions=known) for r in regions}
    yearly = read_yearly(root)
    foretold, otherwise = forecasts(yearly), by_other_methods(yearly)
    people = left_out or judge(root)
    if pictures is not None:
        draw_supply(foretold, pictures)
        draw(people, pictures)
    parts = [
        "# Validation\n\nMade by `healthplan validation-page`: every figure is measured when the "
        "page is made. Errors are relative unless a unit is given; bias is model over observed.\n",
        wpp(cases),
        life_tables(cases),
        base_populations(root, regions, parameters),
        bounds(cases, parameters[NATION]),
        orders(root, parameters),
        births_to_come(parameters, {r.code: r.name_en for r in regions}),
        backtests(root, regions, parameters),
        section(people, known),
        unknown_section(root),
        led_section(root),
        sums_section(sums(root)),
        shared_section(root),
        any_place(root, regions, parameters),
        outcomes(root, parameters, cases),
        use(root, regions, parameters),
        supply(foretold, otherwise, growths(yearly, people=residents(root))),
        known_errors(),
    ]
    return "\n".join(parts)


def write_page(out: Path) -> Path:
    """Write the page whole or not at all."""
    text = validation_page(pictures=out.parent / "img")
    out.parent.mkdir(parents=True, exist_ok=True)
    with whole(out) as part:
        part.write_text(text, encoding="utf-8")
    return out
