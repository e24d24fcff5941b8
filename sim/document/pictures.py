"""Charts of a run as pictures of a document: cut to what is drawn, in letters that can be read there.

Title, notes and source are the document's own text: its caption and the lines below it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image, ImageChops

from sim.catalogue.language import Lang, label
from sim.charts.draw import charts_of
from sim.charts.files import save
from sim.charts.style import NOTE, SOURCE, headed, larger, use
from sim.document.blocks import Picture
from sim.document.material import Material

_WHITE = (255, 255, 255)
_LARGER = 1.2  # than on a chart of its own, which is not made smaller
_EDGE = 12  # pixels left around what is drawn


@dataclass(frozen=True)
class Pictures:
    """Draws the charts of a run into a folder that the document is made from."""

    material: Material
    folder: Path

    def picture(self, name: str, key: str, caption: str, width: float = 1.0) -> list[Picture]:
        """The chart as a block; none where the run does not allow it."""
        material = self.material
        chart = charts_of(material.run.results).get(name)
        if chart is None:
            return []
        where: dict[str, Any] = {"scenario": material.scenario, "region": material.region}
        with use(material.lang) as lang:
            draw = partial(chart, material.run.results, material.run.adequacy, **where, lang=lang)
            with larger(_LARGER if width < 1 else 1.0):
                fig = draw()
            headed(fig, "", False)
            note = _below(fig, lang)
            path = save(fig, self.folder / f"{key}.png")
        _cut(path)
        return [Picture(key, caption, path, caption, width, note)]


def _below(fig: Figure, lang: Lang) -> str:
    """Notes and source, taken from the picture: there they would be too small to read."""
    found = []
    for text in fig.findobj(Text):
        assert isinstance(text, Text)
        if text.get_gid() in (NOTE, SOURCE):
            found.append((text.get_gid() == SOURCE, text.get_text().replace("\n", label("", " ", lang))))
            text.set_visible(False)
    return label("", " ", lang).join(text for _, text in sorted(found))


def _cut(path: Path) -> None:
    """Leave off the white above and below."""
    with Image.open(path) as opened:
        image = opened.convert("RGB")
    box = ImageChops.difference(image, Image.new("RGB", image.size, _WHITE)).getbbox()
    if box is None:
        return
    top, bottom = max(box[1] - _EDGE, 0), min(box[3] + _EDGE, image.height)
    image.crop((0, top, image.width, bottom)).save(path)
