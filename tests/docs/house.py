"""Figures of the house: `PYTHONPATH=tests python tests/docs/house.py` prints a line for each room of sim/."""

from __future__ import annotations

from paths import SIM


def rooms() -> dict[str, tuple[int, int]]:
    """Modules and lines of each room; `.` are the modules on the ground floor."""
    found: dict[str, tuple[int, int]] = {}
    for path in sorted(SIM.rglob("*.py")):
        parts = path.relative_to(SIM).parts
        room = parts[0] if len(parts) > 1 else "."
        modules, lines = found.get(room, (0, 0))
        found[room] = (modules + 1, lines + len(path.read_text(encoding="utf-8").splitlines()))
    return found


def shares() -> dict[str, float]:
    """Share of all lines, by room."""
    found = rooms()
    whole = sum(lines for _, lines in found.values())
    return {room: lines / whole for room, (_, lines) in found.items()}


if __name__ == "__main__":
    of_all = shares()
    for room, (modules, lines) in rooms().items():
        print(f"{room:12} {modules:4} modules {lines:6} lines {of_all[room]:6.1%}")
