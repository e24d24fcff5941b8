"""A region as its folder states it, and the parameter sets that it reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.config import is_region_code
from sim.config.names import title_fault
from sim.errors import ConfigError, fault, raise_all
from sim.strict import version_fault
from sim.textfile import did_you_mean, read_yaml

NATION = "000000"
KNOWN = ("", "observed")
LEVELS = ("country", "province", "prefecture", "direct_county", "county", "zone")
_STATED_LEVELS = (*LEVELS, "district")  # a folder may say so of a county
_KEYS = ("schema", "code", "name", "province", "level", "parent", "urban", "split", "known")
SPLIT_YOUNG, SPLIT_OLD = "0-4", ("75+", "80+")
"""Groups of a census table that may be split by the shares of the place above."""
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
    split: tuple[tuple[str, str], ...] = ()
    """Groups of its census that were split, each with the code of the place whose shares did it."""
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
    raise_all(ConfigError, _key_faults(content, path))
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
            tuple((content.get("split") or {}).items()),
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
    raise_all(ConfigError, _split_faults(path, region))
    if region.known not in KNOWN:
        raise ConfigError(fault(f"{path}: known", f"{region.known!r}", "write observed, or leave it out"))
    above = (("province", region.province), ("parent", region.parent))
    for key, other in above:  # the first two digits are the province's
        if other not in (None, NATION) and str(other)[:2] != code[:2]:
            remedy = f"want a code that begins with {code[:2]}, as {code}"
            raise ConfigError(fault(f"{path}: {key}", f"'{other}'", remedy))
    return region


def _split_faults(path: Path, region: Region) -> list[str]:
    """Groups that are never split, and shares of no place."""
    groups, faults = (SPLIT_YOUNG, *SPLIT_OLD), []
    for group, code in region.split:
        if group not in groups:
            faults.append(fault(f"{path}: split", f"{group!r}", did_you_mean(str(group), groups)))
        if not is_region_code(code):
            faults.append(fault(f"{path}: split.{group}", f"{code!r}", "write six digits between quotes"))
    return faults


def _key_faults(content: object, path: Path) -> list[str]:
    """Keys that nothing reads, names that are no text, a level that there is none of."""
    if not isinstance(content, dict):
        return [
            fault(
                str(path),
                "code, name.en or name.zh is missing",
                "write code: '410500' and name: {en: ..., zh: ...}",
            )
        ]
    faults = [
        fault(f"{path}: {key}", "unknown key", did_you_mean(str(key), _KEYS))
        for key in content
        if key not in _KEYS
    ]
    faults += version_fault(content.get("schema", 1), path)
    level = content.get("level")
    if level is not None and level not in _STATED_LEVELS:
        faults.append(fault(f"{path}: level", f"{level!r}", did_you_mean(str(level), _STATED_LEVELS)))
    split = content.get("split")
    if not isinstance(split, dict | None):
        faults.append(fault(f"{path}: split", f"{split!r}", "write 0-4: and the code, or leave it out"))
    name = content.get("name")
    for lang in ("en", "zh"):
        text = name.get(lang) if isinstance(name, dict) else None
        if text is not None and (not isinstance(text, str) or not text.strip()):
            faults.append(fault(f"{path}: name.{lang}", f"{text!r}", "write it as text, between quotes"))
        elif text is not None and (wrong := title_fault(text)):
            faults.append(fault(f"{path}: name.{lang}", wrong))
    return faults


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
        if not path.parent.name.startswith(region.code):
            wrong = f"code {region.code} in the folder {path.parent.name}"
            faults.append(fault(str(path), wrong, "the folder's name begins with the code: mend one of them"))
        if region.code in found:
            wrong = f"code {region.code} is {found[region.code].folder} too"
            faults.append(fault(str(path), wrong, "give each region its own code"))
        found[region.code] = region
    faults += _nameless(root)
    raise_all(ConfigError, faults)
    return found


def _nameless(root: Path) -> list[str]:
    """Folders of regions that say not whose they are: nothing of them would be read."""
    folders = (root / "parameters" / "regions").glob("*/")
    return [
        fault(str(folder), "has no region.yaml: nothing of it would be read", "add it, or move the folder")
        for folder in sorted(folders)
        if folder.is_dir() and not folder.name.startswith(".") and any(folder.glob("*.*"))
        if not (folder / "region.yaml").is_file()
    ]


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
