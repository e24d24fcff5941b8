"""Stored blocks of parts put together: parts.nc as results.nc is, parts_alone.nc beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import xarray as xr

from sim.run import blockfile
from sim.run.held import Held
from sim.run.parts import ALONE, PartsBlock
from sim.run.setup import Setup
from sim.run.tasks import stored
from sim.store import DRAW_CHUNK, ResultsWriter, Slice

PARTS, PARTS_ALONE = "parts.nc", "parts_alone.nc"
METHOD = (
    "top-down by component, draw by draw: deaths by one factor on the death rates of each sex and age, "
    "births by one of each age of mother, missing migrants in proportion to people, needs in proportion; "
    "Keilman (1985) doi:10.1068/a171473, Athanasopoulos et al. (2009) doi:10.1016/j.ijforecast.2008.07.004"
)


def assemble_parts(setup: Setup, todo: Sequence[PartsBlock], work: Path, folder: Path) -> None:
    """parts.nc and parts_alone.nc of a run with parts, with dims as results.nc, region the part.

    Draws are regrouped to the file's own chunks first: the same bytes at any block size.
    Raises OSError where the disk does not take it.
    """
    if not todo:
        return
    labels = [p.labels for p in setup.parts]
    n = setup.experiment.draws.n
    try:
        for name, alone in ((PARTS, False), (PARTS_ALONE, True)):
            small = setup.experiment.results.digits is not None
            with closing(
                ResultsWriter(folder / name, setup.scenarios, labels, setup.years, n, small=small)
            ) as writer:
                for s, scenario in enumerate(setup.scenarios):
                    held = Held()
                    own = [block for block in todo if block.scenario == scenario]
                    for block in own:
                        held.add(_chosen(blockfile.read(stored(work, block)), alone))
                        while held.size >= DRAW_CHUNK:
                            _write(writer, s, held.first, held.take(DRAW_CHUNK))
                    if held.size:
                        _write(writer, s, held.first, held.take(held.size))
    except RuntimeError as error:  # how the netCDF library says that the disk is full
        raise OSError(f"{PARTS}: {error}; is the disk full?") from error


def _chosen(series: Mapping[str, xr.DataArray], alone: bool) -> dict[str, xr.DataArray]:
    return {
        name.removeprefix(ALONE): array for name, array in series.items() if name.startswith(ALONE) == alone
    }


def _write(writer: ResultsWriter, scenario: int, first: int, series: Mapping[str, xr.DataArray]) -> None:
    parts = next(iter(series.values())).sizes["part"]
    for i in range(parts):
        writer.write(Slice(scenario, i, first, {name: a.isel(part=i) for name, a in series.items()}))


def describe_parts(setup: Setup) -> dict[str, Any]:
    """What run.json says of the parts: which they are, how they were made to add up, who is left out."""
    left_out = [
        {"code": code, "name_zh": name, "people_2020": people} for code, name, people in setup.left_out
    ]
    return {
        "of": setup.regions[0].code,
        "word": setup.experiment.parts,
        "parts": [p.labels for p in setup.parts],
        "method": METHOD,
        "left_out": left_out,
    }
