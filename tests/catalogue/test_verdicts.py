"""The verdicts are spelled in one place, all different, and everything that says one reads them."""

import re
from typing import get_args

import pytest
from matplotlib.markers import MarkerStyle
from paths import SIM
from rich.style import Style

from sim.adequacy import Thresholds, judge
from sim.adequacy.verdict import Verdict
from sim.catalogue.verdicts import (
    BAD,
    JUDGED,
    ROWS,
    VERDICTS,
    as_bad_as,
    is_judged,
    severity,
    verdict_mark,
    verdict_text,
)


def test_the_table_has_the_verdicts_of_the_type_and_no_other():
    assert set(VERDICTS) == set(get_args(Verdict))


@pytest.mark.parametrize("field", ["id", "zh", "en", "mark", "marker", "fill"])
def test_no_two_verdicts_look_or_read_alike(field):
    values = [getattr(row, field) for row in ROWS]
    assert len(set(values)) == len(values)


def test_fills_are_light_enough_for_black_figures():
    def grey(colour):
        r, g, b = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        return 0.299 * r + 0.587 * g + 0.114 * b

    assert all(grey(row.fill) > 0.55 for row in ROWS)


def test_markers_and_terminal_colours_are_known_to_what_draws_them():
    for row in ROWS:
        MarkerStyle(row.marker)
        Style.parse(row.terminal)


def test_the_worst_comes_first_and_what_judges_nothing_comes_last():
    assert [severity(v) for v in JUDGED] == sorted({severity(v) for v in JUDGED})
    assert all(severity(v) < severity(other) for v in JUDGED for other in VERDICTS if other not in JUDGED)
    assert severity("no word") == severity("not_tested")


def test_worse_chances_never_give_a_better_verdict():
    at = Thresholds(adequate=0.9, tight=0.5, surplus_ratio=1.2, surplus_probability=0.9)
    found = [severity(judge(p / 100, 0.0, at)) for p in range(101)]
    assert found == sorted(found)
    assert all(is_judged(judge(p / 100, q / 100, at)) for p in range(101) for q in range(101))


def test_as_bad_as_holds_itself_and_what_is_worse():
    assert as_bad_as("short") == {"short"}
    assert as_bad_as("tight") == {"short", "tight"}
    assert BAD == ("short", "tight")


def test_a_text_that_is_no_verdict_stays_as_it_is():
    assert verdict_text("left_out", "zh") == "left out"
    assert verdict_mark("left_out") == ""
    assert not is_judged("left_out")


def test_no_other_module_spells_a_verdicts_word_or_mark():
    """One Chinese word for a verdict: a second table is how `adequate` had two."""
    word = re.compile("|".join([f'"{row.zh}"' for row in ROWS] + [f'"{row.mark}"' for row in ROWS[:5]]))
    told = {"tables.py", "asked.py"}  # 够用 as the head of a column, the outcome `enough`
    found = [
        f"{path.relative_to(SIM)}: {line.strip()}"
        for path in SIM.rglob("*.py")
        if path.name not in ("verdicts.py", *told)
        for line in path.read_text(encoding="utf-8").splitlines()
        if word.search(line)
    ]
    assert found == []
    assert not any("充足" in p.read_text(encoding="utf-8") for p in (SIM / "run").rglob("*.py"))
