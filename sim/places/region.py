"""A region as its folder states it, and the parameter sets that it reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.config import is_region_code
from sim.errors import ConfigError, fault, raise_all
from sim.textfile import read_yaml

NATION = "000000"
KNOWN = ("", "observed")
_OWN = ("regions/", "provinces/")


@dataclass(frozen=True)
class Region:
    """A region as its folder states it."""

    code: str
    name_en: str
    name_zh: str
    folder: str
    level: str = ""
    province: str | None = None
    """Code of its province; its own for a province, None for the nation."""
    parent: str | None = None
    """Code of the place that gives what this one lacks; None where its folder holds all."""
    urban: float | None = None
    """Urban residents, persons, of a place with a parent that counted them."""
    known: str = ""
    """`observed`: the counts of its observed.csv lead its draws, as those of a known.csv do."""

    @property
    def labels(self) -> dict[str, str]:
        """Code and names."""
        return {"code": self.code, "name_en": self.name_en, "name_zh": self.name_zh}


def read_region(path: Path) -> Region:
    """The region of a region.yaml.

    Raises ConfigError if its code, a name or its province is missing or none.
    """
    content = read_yaml(path)
    try:
        code, name, level = content["code"], content["name"], content.get("level", "")
        province = content.get("province")
        region = Region(
            code,
            name["en"],
            name["zh"],
            f"regions/{path.parent.name}",
            str(level),
            province,
            content.get("parent"),
            content.get("urban"),
            content.get("known", ""),
        )
    except (KeyError, TypeError, AttributeError):
        wrong = "code, name.en or name.zh is missing"
        remedy = "write code: '410500' and name: {en: ..., zh: ...}"
        raise ConfigError(fault(str(path), wrong, remedy)) from None
    if not is_region_code(code):
        raise ConfigError(fault(f"{path}: code", f"{code!r}", "write six digits between quotes"))
    if province is not None and not is_region_code(province):
        remedy = "write six digits between quotes, or null for the nation"
        raise ConfigError(fault(f"{path}: province", f"{province!r}", remedy))
    if region.parent is not None and not is_region_code(region.parent):
        wrong = f"{region.parent!r}"
        raise ConfigError(fault(f"{path}: parent", wrong, "write six digits between quotes, or leave it out"))
    if region.urban is not None and not isinstance(region.urban, int | float):
        raise ConfigError(fault(f"{path}: urban", f"{region.urban!r}", "write persons, or leave it out"))
    if region.known not in KNOWN:
        raise ConfigError(fault(f"{path}: known", f"{region.known!r}", "write observed, or leave it out"))
    return region


def list_regions(root: Path) -> dict[str, Region]:
    """Regions with a parameter folder, by code.

    Raises ConfigError where a folder's region.yaml is wrong.
    """
    found: dict[str, Region] = {}
    faults = []
    for path in sorted((root / "parameters" / "regions").glob("*/region.yaml")):
        try:
            region = read_region(path)
        except ConfigError as error:
            faults.append(str(error))
            continue
        if region.code in found:
            wrong = f"code {region.code} is {found[region.code].folder} too"
            faults.append(fault(str(path), wrong, "give each region its own code"))
        found[region.code] = region
    raise_all(ConfigError, faults)
    return found


def region_sets(parameters: Path, sets: Sequence[str], region: Region) -> list[str]:
    """Parameter sets of a region in order: those named, its province's, its own.

    parameters: the folder `parameters`.  sets: as an experiment names them; those of regions and
    provinces are left out, a region finds its own.
    """
    shared = [s for s in sets if not s.startswith(_OWN)]
    return [*shared, *province_set(parameters, region), region.folder]


def province_set(parameters: Path, region: Region) -> list[str]:
    """The set of a region's province, none for the nation or a province without a folder."""
    if region.province is None:
        return []
    return [f"provinces/{p.name}" for p in sorted((parameters / "provinces").glob(f"{region.province}_*"))]
