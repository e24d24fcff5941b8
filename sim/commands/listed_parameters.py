"""Tables of `healthplan list parameters`: those of the nation, or those of a place."""

from __future__ import annotations

from pathlib import Path

from sim.commands.listed_words import worded_table
from sim.params import Parameter, read_sets
from sim.params.units import unit
from sim.places import level_of, list_places, list_regions, one_place, read_place


def parameters(root: Path, lang: str) -> str:
    """Parameters of the nation and of standards: value, unit, grade, range."""
    found = read_sets(root / "parameters", ["national", "standards"])
    rows = []
    for name, p in sorted(found.items()):
        r = p.record
        value = "" if r.table or r.values or r.path else str(r.value)
        spread = r.range.distribution if r.range else ""
        called = r.name.zh if lang == "zh" else r.name.en
        rows.append((name, value or _size(p, lang), r.unit, r.quality, r.basis, spread, called))
    return worded_table(("parameter", "value", "unit", "grade", "basis", "range", "name"), rows, lang)


def of_place(root: Path, text: str, lang: str) -> str:
    """Parameters of a place: value, whose figure it is, source, how it was made."""
    code = text if text in list_regions(root) else one_place(list_places(root), text).code
    rows = []
    for name, p in sorted(read_place(root, code, ["national", "standards"]).items()):
        one = not p.is_method and p.data.size == 1
        value = f"{p.data.item() / unit(p.record.unit).factor:.6g}" if one else ""
        shown = str(p.data.item()) if p.is_method else value or _size(p, lang)
        note = p.made.model_dump()[lang] if p.made else ""
        rows.append((name, shown, p.record.unit, level_of(p), p.record.source, p.record.quality, note))
    return worded_table(("parameter", "value", "unit", "level", "source", "grade", "made"), rows, lang)


def _size(parameter: Parameter, lang: str) -> str:
    """Of a path or a table how many values it holds: no value itself."""
    size = "x".join(map(str, parameter.data.shape))
    return f"（{size}个值）" if lang == "zh" else f"({size} values)"
