"""Estimating parts one after the other, each on the records that those before it gave.

The records are written into a copy of the parameters first: a part that reads another's finds the new
figure, and the working folder changes whole or not at all.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from sim.errors import ConfigError, ParameterError
from sim.evidence.calibration.part import Part
from sim.evidence.calibration.records import Change, changes, write
from sim.evidence.calibration.registry import parts, refuse_missing


def calibrated(root: Path, names: Sequence[str]) -> list[Change]:
    """What every record of these parts is and would be, in the order in which they are estimated.

    root: the working folder; nothing is written there.  Raises ConfigError for a table that is not
    there, ParameterError for a record that nothing says what it would be.
    """
    chosen = [part for name, part in parts().items() if name in names]
    refuse_missing(root, chosen)
    with tempfile.TemporaryDirectory(prefix="healthplan-calibrate-") as folder:
        copy = Path(folder)
        shutil.copytree(root / "parameters", copy / "parameters")
        try:
            return _in_turn(copy, chosen)
        except (ConfigError, ParameterError) as error:  # a user knows the working folder, not the copy
            raise type(error)(str(error).replace(folder, str(root))) from None


def _in_turn(copy: Path, chosen: Sequence[Part]) -> list[Change]:
    found: list[Change] = []
    for part in chosen:
        moved = changes(copy, part)
        write(copy, moved)
        found += moved
    return found
