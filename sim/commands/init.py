"""`healthplan init`: a working folder with parameters and example experiments."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from pathlib import Path

from sim.catalogue.language import Lang, label
from sim.errors import ConfigError, fault
from sim.folders import usable
from sim.writing import PART, whole_folder

_PARTS = ("parameters", "experiments")


def data_folder() -> Path:
    """Where parameters and experiments lie: in the installed package, or in the checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_data"
    return installed if installed.is_dir() else package.parent


def make_folder(folder: Path, lang: Lang) -> str:
    """Copy parameters and experiments to `folder` and say what to do next.

    Raises ConfigError if one of them is there already: nothing is overwritten.
    """
    source = data_folder()
    usable(folder, "FOLDER")
    for above in (p.resolve() for p in (folder, *folder.absolute().parents)):
        if above.name in _PARTS and all((above.parent / part).is_dir() for part in _PARTS):
            wrong = f"lies inside {above}, which belongs to another working folder"
            raise ConfigError(fault(str(folder), wrong, "name a folder outside of it"))
    for part in _PARTS:
        if (folder / part).exists():
            remedy = "choose another folder, or remove it first"
            raise ConfigError(fault(str(folder / part), "exists already", remedy))
        if not (source / part).is_dir():
            raise ConfigError(fault(str(source / part), "is missing", "install healthplan again"))
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as placed:  # both are whole before either is in place
        for part in _PARTS:
            made = placed.enter_context(whole_folder(folder / part))
            own = shutil.ignore_patterns("__pycache__", f"*{PART}")
            shutil.copytree(source / part, made, ignore=own, dirs_exist_ok=True)
    (folder / "outputs").mkdir(exist_ok=True)
    there = label("已放入参数和示例实验。下一步：", "parameters and experiments are there. Next:", lang)
    return f"{folder}: {there}\n  cd {folder} && healthplan run experiments/anyang_14fyp.yaml"
