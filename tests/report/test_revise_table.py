"""The table of revised targets says what revise.csv says: what is enough, what is proposed, its bound."""

import re
from unicodedata import east_asian_width

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report import revise_text
from sim.report.revise_table import BOUNDS

ROW = {
    "plan": "p",
    "region": "1",
    "scenario": "reference",
    "scope": "all",
    "name_zh": "床位数",
    "name_en": "Beds of a name that goes on for longer than any terminal of sixty columns is wide",
    "unit": "beds",
    "year": "2025",
    "target": ">=5",
    "target_now": "5",
    "baseline": "",
    "p_now": "0.4",
    "revised_mcse": "0.1",
    "per_year": "7",
    "kind": "build",
}
MADE = st.lists(
    st.tuples(
        st.integers(100, 400),
        st.sampled_from(["", *BOUNDS]),
        st.booleans(),  # whether a figure is proposed
    ),
    min_size=1,
    max_size=6,
)


def table(made):
    """Rows of as many indicators: enough 80/90/95, and the revised one, 500 where a level bounds."""
    rows = []
    for n, (enough, bound, proposed) in enumerate(made):
        for k, p in enumerate(("0.8", "0.9", "0.95")):
            value = 500 if bound else enough + k
            some = str(value) if proposed or not bound else ""
            rows.append(
                {
                    **ROW,
                    "indicator_id": f"i{n}",
                    "p": p,
                    "enough": str(enough + k),
                    "revised": some,
                    "proposed": some,
                    "bound": bound,
                    "note": "",
                }
            )
    return rows


@pytest.mark.slow
@given(MADE, st.sampled_from(["zh", "en"]))
def test_each_line_has_what_is_enough_the_revised_target_and_its_bound(made, lang):
    text = revise_text(table(made), lang, width=118, draws=100)
    lines = [line for line in text.splitlines() if " 2025 " in f" {line} " and "≥5" in line]
    assert len(lines) == len(made)
    for line, (enough, bound, proposed) in zip(lines, made, strict=True):
        cells = line.split("40%")[1].split()
        assert cells[:3] == [str(enough + k) for k in range(3)]
        if bound and not proposed:
            assert cells[3] == "–"
            assert BOUNDS[bound][lang == "en"] not in cells
        else:
            assert cells[3] == ("500" if bound else str(enough + 1))
            assert cells[4:5] == ([BOUNDS[bound][lang == "en"]] if bound else ["7"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sixty_columns_are_enough(lang):
    made = [(123, "baseline", True), (234, "", True), (345, "present", True)]
    text = revise_text(table(made), lang, width=60, draws=100)
    body = re.split("够用：|enough: ", text)[0].splitlines()
    assert max(sum(2 if east_asian_width(c) in "WF" else 1 for c in line) for line in body) <= 60
    assert "…" not in text
    said = "".join(re.split(r"\s+", text))
    assert re.sub(r"\s", "", str(ROW[f"name_{lang}"])) in said
