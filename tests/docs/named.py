"""How many modules of the program name each row of a catalogue.

PYTHONPATH=.:tests python tests/docs/named.py
"""

from __future__ import annotations

import re

from paths import SIM

from sim.catalogue import bases, bed_groups, cadres, programmes, verdicts


def files_naming(name: str) -> list[str]:
    """Modules of the program in which a name stands as a word of its own between quotes."""
    word = re.compile(rf'"{re.escape(name)}"')
    files = sorted(SIM.rglob("*.py"))
    return [str(p.relative_to(SIM)) for p in files if word.search(p.read_text(encoding="utf-8"))]


if __name__ == "__main__":
    for title, ids in (
        ("cadres", cadres.IDS),
        ("kinds of bed", bed_groups.KINDS),
        ("programmes", programmes.IDS),
        ("population bases", list(bases.BASES)),
        ("verdicts", list(verdicts.VERDICTS)),
    ):
        print(title)
        for name in ids:
            found = files_naming(name)
            print(f"  {name:26} {len(found)}  {' '.join(found)}")
