"""Charts with a row for each indicator of a saved table: their measures, names and figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from sim.catalogue.language import Lang
from sim.charts.letters import wrap
from sim.charts.style import pt
from sim.saved.rows import name_with_unit

ROW_INCHES = 0.25
LABEL_INCHES = {"zh": 2.3, "en": 2.6}
_NAME = 6.6
Line = Mapping[str, str]
"""A row of the table, by column."""


def name_rows(ax: Axes, lines: Sequence[Line], lang: Lang) -> None:
    """The indicators' names with their units beside the axis, the first at the top."""
    names = [name_with_unit(x[f"name_{lang}"], x["unit"], lang) for x in lines]
    texts = ["\n".join(wrap(name, pt(_NAME), LABEL_INCHES[lang] - 0.12)) for name in names]
    ax.set_yticks(np.arange(len(lines)), texts, size=pt(_NAME))
    ax.set_ylim(len(lines) - 0.4, -0.6)
