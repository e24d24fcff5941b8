"""A small experiment on the real parameters: few draws, few years, quick to run."""

from __future__ import annotations

from pathlib import Path

import yaml
from paths import ROOT

from sim.run import runner
from sim.run.setup import Setup, set_up

FILES = ("results.nc", "adequacy.csv", "timeseries.csv")


def experiment(folder: Path, n: int = 20, end: int = 2023, **changes: object) -> Path:
    """An experiment file in a working folder on the repository's parameters."""
    working = folder / "work"
    if "plan" in changes:
        end = max(end, 2025)  # its target year
    if not working.exists():
        (working / "experiments").mkdir(parents=True)
        (working / "parameters").symlink_to(ROOT / "parameters", target_is_directory=True)
    content = {
        "schema": 1,
        "name": "small",
        "regions": ["410500"],
        "years": {"base": 2020, "end": end},
        "test_years": [],
        "draws": {"n": n, "seed": 7},
        **changes,
    }
    path = working / "experiments" / "small.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def setup(folder: Path, n: int = 20, **changes: object) -> Setup:
    return set_up(experiment(folder, n, **changes))  # type: ignore[arg-type]


def drawn(old: Setup, n: int) -> Setup:
    return runner.with_draws(old, n)


def only_series(setup: Setup, folder: Path, workers: int = 1, **_: object) -> None:
    """Stands for run_folder.write_tables where verdicts are not what is tested."""
    import xarray as xr

    from sim.run.bands import TIMESERIES_COLUMNS, bands
    from sim.writing import write_rows

    with xr.open_dataset(folder / "results.nc", engine="netcdf4") as results:
        rows = ({c: band.row[c] for c in TIMESERIES_COLUMNS} for band in bands(results))
        write_rows(folder / "timeseries.csv", TIMESERIES_COLUMNS, rows)
    (folder / "adequacy.csv").write_text("", encoding="utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in FILES}


def leftovers(out: Path) -> list[str]:
    return sorted(str(p.relative_to(out)) for p in out.rglob("*") if ".part" in p.name)
