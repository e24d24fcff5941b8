"""`healthplan report`: one saved run in the format that is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sim.catalogue.language import LANGS
from sim.document.annex import annex
from sim.document.docx_file import write_docx
from sim.document.material import Material, open_material
from sim.document.page import write_page
from sim.document.pictures import Pictures
from sim.folders import scratch
from sim.report.workbook import write_workbook
from sim.textfile import pick


def _docx(m: Material, path: Path) -> Path:
    with scratch() as folder:
        return write_docx(annex(m, Pictures(m, folder)), path)


def _xlsx(m: Material, path: Path) -> Path:
    return write_workbook(m.run.folder, m.lang, path)


FORMATS: dict[str, Callable[[Material, Path], Path]] = {"docx": _docx, "html": write_page, "xlsx": _xlsx}


def write_report(
    folder: Path,
    to: str,
    lang: str = "zh",
    *,
    scenario: str | None = None,
    region: str | None = None,
) -> Path:
    """Write the report of a saved run into its folder; returns its path.

    Raises ConfigError for a folder that is no whole run of this version, and for an unknown format,
    language, scenario or region.
    """
    language = next(known for known in LANGS if known == pick("--lang", lang, list(LANGS)))
    make = FORMATS[pick("--to", to, list(FORMATS))]
    material = open_material(folder, language, scenario=scenario, region=region)
    return make(material, folder / f"report_{lang}.{to}")
